-- One kind of request for wrk, chosen by BENCH_OP. Requests that fail are counted by wrk itself (non-2xx).
-- BENCH_TOKEN: access token. BENCH_ID: interview. BENCH_REFRESH: refresh tokens, one a line in that file.

local op = os.getenv("BENCH_OP")
local json = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. (os.getenv("BENCH_TOKEN") or "") }
local form = { ["Content-Type"] = "application/x-www-form-urlencoded" }
local fixed
local queue, first, last = {}, 1, 0

function init()
  if op == "login" then
    fixed = wrk.format("POST", "/api/v1/auth/login", form,
      "grant_type=password&username=bench%40example.org&password=correct+horse+battery")
  elseif op == "list" then
    fixed = wrk.format("GET", "/api/v1/interviews?page=1&page_size=20", json)
  elseif op == "read" then
    fixed = wrk.format("GET", "/api/v1/interviews/" .. os.getenv("BENCH_ID"), json)
  elseif op == "create" then
    fixed = wrk.format("POST", "/api/v1/interviews", json,
      '{"title":"Field engineer, first round","job_role":"Field engineer","job_description":"Keeps devices running.",' ..
      '"interview_type":"mixed","difficulty":"mid","focus_areas":["problem_solving","ownership"],"question_count":5}')
  else
    for line in io.lines(os.getenv("BENCH_REFRESH")) do
      last = last + 1
      queue[last] = line
    end
  end
end

-- A refresh token is good for one request: each reply's token is for a later one.
function request()
  if fixed then return fixed end
  local token = queue[first]
  queue[first] = nil
  first = first + 1
  return wrk.format("POST", "/api/v1/auth/refresh", json, '{"refresh_token":"' .. token .. '"}')
end

if op == "refresh" then
  function response(status, headers, body)
    last = last + 1
    queue[last] = string.match(body, '"refresh_token":"([^"]+)"')
  end
end
