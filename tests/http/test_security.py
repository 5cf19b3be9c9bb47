"""What an attacker tries over the wire: other origins, headers, hostile JSON, guessing, forged addresses; and what the log and
the process list must never show."""

import concurrent.futures
import json
import pathlib
import re
import socket
import threading
import uuid

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from conftest import PASSWORD, Api, person, wait_for

OURS = "https://app.example.org"
FOREIGN = ["https://app.example.org.evil.example", "https://evil.example", "http://app.example.org", "https://APP.example.org",
           "https://app.example.org:444", "https://xapp.example.org", "null", "https://app.example.org/", "*"]


@pytest.fixture
def page_dir(tmp_path):
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Viva</title>")
    return folder


def raw(server, data, limit=1 << 16):
    """Bytes as they are, and what comes back until the server closes."""
    host, port = server.base.split("//")[1].split(":")
    with socket.create_connection((host, int(port)), timeout=60) as s:
        s.sendall(data)
        got = b""
        while len(got) < limit and (part := s.recv(65536)):
            got += part
        return got


# ---- origins

def test_cors_knows_exact_origins_only(fresh):
    server = fresh(CORS_ORIGINS=f"{OURS}, https://two.example.org")
    client = server.client(None)
    ask = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization, if-match"}
    for origin in (OURS, "https://two.example.org"):
        reply = client.options("/api/v1/auth/me", headers={"Origin": origin, **ask})
        assert reply.status_code == 204
        assert reply.headers["access-control-allow-origin"] == origin
        assert "If-Match" in reply.headers["access-control-allow-headers"] and "Origin" in reply.headers["vary"]
        assert "access-control-allow-credentials" not in reply.headers
        failed = client.get("/api/v1/auth/me", headers={"Origin": origin})
        assert failed.status_code == 401 and failed.headers["access-control-allow-origin"] == origin  # readable for our page
    for origin in FOREIGN:
        for reply in (client.options("/api/v1/auth/me", headers={"Origin": origin, **ask}), client.get("/healthz", headers={"Origin": origin})):
            assert not [h for h in reply.headers if h.startswith("access-control-")], origin
            assert "Origin" in reply.headers["vary"]


def test_without_the_setting_there_is_no_cors(api):
    client = api.server.client(None)
    for origin in [OURS, *FOREIGN]:
        reply = client.options("/api/v1/auth/me", headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
        assert not [h for h in reply.headers if h.startswith("access-control-")]


def test_websockets_check_the_origin(fresh, contract):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    public = f"https://interviews.example.org:{port}"
    server = fresh(CORS_ORIGINS=OURS, PUBLIC_URL=public, PORT=port)
    api = Api(server, contract)
    client, session = api.candidate(api.interview())
    url = server.base.replace("http", "ws", 1) + f"/api/v1/public/sessions/{session}/live"

    def dial(origin):
        return connect(url, subprotocols=["viva.v1", f"token.{client.token}"], origin=origin, open_timeout=60, proxy=None)

    for origin in (None, OURS, server.base, public):
        with dial(origin) as ws:
            assert json.loads(ws.recv(timeout=60))["type"] == "session.created"
    for origin in [*FOREIGN, public.replace("https", "http"), public + "0", "https://interviews.example.org"]:
        with pytest.raises(InvalidStatus) as refused:
            dial(origin)
        assert refused.value.response.status_code == 403, origin


# ---- headers

@pytest.mark.parametrize("path,status", [("/", 200), ("/interviews/x", 200), ("/api/v1/auth/setup", 200), ("/api/v1/nothing", 404),
                                         ("/api/v1/auth/me", 401), ("/healthz", 200), ("/api/openapi.json", 200)])
def test_every_reply_carries_the_security_headers(fresh, page_dir, path, status):
    server = fresh(FRONTEND_DIR=page_dir)
    reply = server.client(None).get(path)
    assert reply.status_code == status
    assert reply.headers["x-content-type-options"] == "nosniff" and reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["referrer-policy"] == "same-origin" and reply.headers["cross-origin-resource-policy"] == "same-origin"
    policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";") if " " in part.strip())
    assert policy["frame-ancestors"] == "'none'"
    if path.startswith("/api") or path == "/healthz":
        assert policy["default-src"] == "'none'" and "sandbox" in reply.headers["content-security-policy"]
        assert reply.headers["cache-control"] == ("no-cache" if path == "/api/openapi.json" else "no-store")
        return
    assert policy["default-src"] == "'self'" and policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'" and policy["style-src"] == "'self'"
    assert not re.search(r"(?<!\S)(\*|https?:|wss?:)(?!\S)", reply.headers["content-security-policy"])
    assert reply.headers["permissions-policy"].startswith("camera=(self), microphone=(self)")
    assert reply.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("host", ["a; script-src *", "a\r\n X: y", "a b", "evil.example/", "a,b", "ä.example", ""])
def test_the_host_header_cannot_write_the_policy(fresh, page_dir, host):
    server = fresh(FRONTEND_DIR=page_dir)
    got = raw(server, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert got.startswith(b"HTTP/1.1 400") and b"script-src *" not in got


@pytest.mark.parametrize("path", ["/api/v1/%0d%0aSet-Cookie:%20x=1", "/api/v1/public/interviews/%0d%0aSet-Cookie:%20x=1",
                                  "/api/v1/interviews?sort=%0d%0aSet-Cookie:%20x=1", "/%0d%0aSet-Cookie:%20x=1", "/api/v1/x%00y"])
def test_line_breaks_in_an_address_write_no_header(fresh, page_dir, path):
    server = fresh(FRONTEND_DIR=page_dir)
    got = raw(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: abc def\"<>ghi\r\nConnection: close\r\n\r\n".encode())
    head = got.split(b"\r\n\r\n")[0].lower()
    assert b"\r\nset-cookie" not in head and b'abc def"' not in head
    for line in server.log.splitlines():
        assert "Set-Cookie" not in line and (not line.startswith("{") or json.loads(line))


def test_a_title_with_line_breaks_writes_no_header(api):
    made = api.recruiter.post("/api/v1/interviews", json={
        "title": "x\r\nSet-Cookie: y=1", "job_role": "x", "interview_type": "mixed", "difficulty": "mid", "focus_areas": ["ownership"],
        "question_count": 1})
    assert made.status_code == 422 and made.json()["error"]["field"] == "title"


# ---- hostile JSON

def hostile():
    body = {"email": "bomb@example.org", "full_name": "Bomb", "password": PASSWORD}
    text = json.dumps(body)
    yield "oversize", text[:-1] + ',"x":"' + "y" * 400_000 + '"}', {413}
    yield "deep arrays", '{"email":' + "[" * 100_000 + "]" * 100_000 + "}", {400, 422}
    yield "deep objects", '{"email":' * 20_000 + "1" + "}" * 20_000, {400, 422}
    yield "open brackets only", "[" * 100_000, {400, 422}
    yield "duplicate keys", text[:-1] + ',"email":"other@example.org"}', {400, 422}
    yield "endless exponent", text[:-1] + ',"role":1e999}', {400, 422}
    yield "NaN", text[:-1] + ',"role":NaN}', {400, 422}
    yield "huge number", text[:-1] + ',"role":' + "9" * 5000 + "}", {400, 422}
    yield "lone surrogate", text.replace("Bomb", "\\ud800"), {400, 422}
    yield "swapped surrogates", text.replace("Bomb", "\\udc00\\ud800"), {400, 422}
    yield "invalid UTF-8", text.encode().replace(b"Bomb", b"B\xffmb"), {400, 422}
    yield "overlong UTF-8", text.encode().replace(b"Bomb", b"B\xc0\xafmb"), {400, 422}
    yield "UTF-16 surrogate in UTF-8", text.encode().replace(b"Bomb", b"B\xed\xa0\x80mb"), {400, 422}
    yield "NUL", text.replace("Bomb", "B\\u0000mb"), {400, 422}
    yield "trailing", text + "x", {400, 422}
    yield "two values", text + text, {400, 422}
    yield "null", "null", {400, 422}
    yield "array", "[]", {400, 422}
    yield "string", '"x"', {400, 422}
    yield "nothing", "", {400, 422}
    yield "unknown member", text[:-1] + ',"is_admin":true}', {422}
    yield "__proto__", text[:-1] + ',"__proto__":{"role":"admin"}}', {422}
    yield "wrong type", text.replace('"Bomb"', '{"$ne":null}'), {422}


@pytest.mark.parametrize("name,body,expected", hostile(), ids=lambda v: v if isinstance(v, str) and len(v) < 40 else "")
def test_hostile_json_is_refused_plainly(api, name, body, expected):
    reply = api.admin.post("/api/v1/auth/register", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in expected, reply.text[:300]
    assert reply.json()["error"]["code"] and len(reply.content) < 4000
    assert api.anonymous.get("/healthz").status_code == 200
    assert api.anonymous.post("/api/v1/auth/login", data={"username": "bomb@example.org", "password": PASSWORD}).status_code == 401


# ---- rates and guessing

def guess(client, email, address=None, password="wrong wrong wrong"):
    headers = {"X-Forwarded-For": address} if address else {}
    return client.post("/api/v1/auth/login", data={"username": email, "password": password}, headers=headers)


def knock(client, address):
    """Of the log-ins' rate class, and no work: 401 or 429."""
    return client.post("/api/v1/auth/refresh", json={"refresh_token": "unknown"}, headers={"X-Forwarded-For": address}).status_code


def expect_limited(reply):
    assert reply.status_code == 429 and reply.json()["error"]["code"] == "rate_limited"
    assert int(reply.headers["retry-after"]) >= 1


def test_a_forged_address_counts_only_behind_a_trusted_proxy(fresh, contract):
    client = fresh(RATE_LIMIT_SCALE="1").client(contract)
    codes = [knock(client, f"198.51.100.{n}") for n in range(60)]
    assert 429 in codes  # one caller, whatever it writes
    server = fresh(RATE_LIMIT_SCALE="1", TRUST_PROXY="true")
    client = server.client(contract)
    codes = [knock(client, f"198.51.100.{n}") for n in range(60)]
    assert set(codes) == {401}
    codes = [knock(client, f"203.0.113.{n}, 192.0.2.1") for n in range(60)]
    assert 429 in codes  # the last entry is the proxy's, those before it the caller's word
    codes = [knock(client, f"192.0.2.7:{n + 1000}") for n in range(60)]
    assert 429 in codes  # a port is no other caller
    two = "POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.{}\r\nX-Forwarded-For: 192.0.2.9\r\n" \
          "Content-Type: application/json\r\nContent-Length: 21\r\nConnection: close\r\n\r\n{{\"refresh_token\":\"x\"}}"
    codes = [raw(server, two.format(n).encode())[9:12] for n in range(60)]
    assert set(codes) == {b"401", b"429"}  # a header of its own by the proxy, after the caller's


def test_an_account_has_one_budget_from_everywhere(fresh, contract):
    server = fresh(RATE_LIMIT_SCALE="1", TRUST_PROXY="true", ADMIN_EMAIL="boss@example.org", ADMIN_PASSWORD=PASSWORD)
    client = server.client(contract)
    token = guess(client, "boss@example.org", "192.0.2.1", PASSWORD).json()["data"]["access_token"]

    def speak(n):
        return client.post("/api/v1/ai/tts", json={"text": "Hello."}, headers={"Authorization": f"Bearer {token}", "X-Forwarded-For": f"198.51.100.{n}"})

    replies = [speak(n) for n in range(60)]
    limited = [r for r in replies if r.status_code == 429]
    assert 20 <= sum(r.status_code == 200 for r in replies) and limited
    expect_limited(limited[0])


def test_guessing_gets_slow_and_locks_nobody_out(fresh, contract):
    server = fresh(RATE_LIMIT_SCALE="1", TRUST_PROXY="true", ADMIN_EMAIL="boss@example.org", ADMIN_PASSWORD=PASSWORD)
    client = server.client(contract)
    assert guess(client, "boss@example.org", "192.0.2.1", PASSWORD).status_code == 200
    for email in ("boss@example.org", "nobody@example.org"):  # the same for an account and none
        replies = [guess(client, email, "203.0.113.5" if email[0] == "b" else "203.0.113.6") for _ in range(20)]
        assert [r.status_code for r in replies[:6]] == [401] * 6
        refused = [r for r in replies if r.status_code != 401]
        assert len(refused) >= 8
        for reply in refused:
            expect_limited(reply)
    server.stop()
    client = server.start().client(contract)  # what was counted is gone; where the owner logged in is not
    for n in range(60):  # strangers from everywhere
        last = guess(client, "boss@example.org", f"198.51.100.{n}")
    expect_limited(last)
    assert guess(client, "BOSS@example.org", "192.0.2.1", PASSWORD).status_code == 200  # the owner, at the usual place


def test_the_present_password_cannot_be_guessed_with_an_open_log_in(fresh, contract):
    server = fresh(RATE_LIMIT_SCALE="1", ADMIN_EMAIL="boss@example.org", ADMIN_PASSWORD=PASSWORD)
    found = guess(server.client(contract), "boss@example.org", password=PASSWORD).json()["data"]["access_token"]
    client = server.client(contract, found)
    change = {"current_password": "wrong wrong wrong", "new_password": "another good password"}
    replies = [client.post("/api/v1/auth/password", json=change) for _ in range(8)]
    replies += [client.patch("/api/v1/auth/me", json={"email": "mine@example.org", "current_password": "wrong wrong"}) for _ in range(4)]
    assert [r.status_code for r in replies[:5]] == [422] * 5
    limited = [r for r in replies if r.status_code == 429]
    assert limited
    expect_limited(limited[0])
    own = guess(server.client(contract), "boss@example.org", password=PASSWORD)
    assert own.status_code == 200
    owner = server.client(contract, own.json()["data"]["access_token"])
    assert owner.post("/api/v1/auth/password", json={**change, "current_password": PASSWORD}).status_code == 200
    assert client.get("/api/v1/auth/me").status_code == 401


# ---- keys

def test_keys_rotate_without_logging_anybody_out(fresh, contract):
    server = fresh(ADMIN_EMAIL="boss@example.org", ADMIN_PASSWORD=PASSWORD)

    def kid(token):
        import base64
        return json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]

    def again(*words):
        server.stop()
        printed = server.run("keys", *words).stdout
        server.start()
        return printed.split()

    before = guess(server.client(contract), "boss@example.org", password=PASSWORD).json()["data"]
    ids = again("rotate")
    assert ids[1::2] == ["signs", "verifies"] and ids[2] == kid(before["access_token"])
    assert server.client(contract, before["access_token"]).get("/api/v1/auth/me").status_code == 200
    after = guess(server.client(contract), "boss@example.org", password=PASSWORD).json()["data"]
    assert kid(after["access_token"]) == ids[0]
    again("retire")
    assert server.client(contract, before["access_token"]).get("/api/v1/auth/me").status_code == 401
    assert server.client(contract, after["access_token"]).get("/api/v1/auth/me").status_code == 200
    refreshed = server.client(contract).post("/api/v1/auth/refresh", json={"refresh_token": before["refresh_token"]})
    assert refreshed.status_code == 200  # a log-in does not hang on the key
    secret = (pathlib.Path(server.env["DATA_DIR"]) / "jwt.secret").read_text().strip()
    assert secret not in server.log


# ---- canaries

class Watch:
    """Reads the command lines of the server and of whatever it starts, again and again."""

    def __init__(self, pid):
        self.pid, self.seen, self.stop = pid, set(), threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def family(self):
        parents = {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text()
                parents[int(text.split()[0])] = int(text.rsplit(")", 1)[1].split()[1])
            except OSError:
                pass
        found = {self.pid}
        for _ in range(4):
            found |= {pid for pid, parent in parents.items() if parent in found}
        return found

    def run(self):
        while not self.stop.wait(0.01):
            for pid in self.family():
                try:
                    self.seen.add(pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    pass

    def end(self):
        self.stop.set()
        self.thread.join()
        return "\n".join(self.seen)


def test_no_canary_in_log_or_process_list(fresh, contract):
    """Everything personal or secret that can be sent, sent; right and wrong."""
    server = fresh(LOG_LEVEL="debug", RATE_LIMIT_SCALE="1000", ADMIN_PASSWORD="canary-admin-password", ADMIN_EMAIL="canary-admin@example.org")
    watch = Watch(server.process.pid)
    client = server.client(contract)
    secrets = ["canary-admin-password", "canary-admin@example.org"]

    def canary(kind):
        secrets.append(f"canary-{kind}-{uuid.uuid4().hex[:12]}")
        return secrets[-1]

    tokens = guess(client, "canary-admin@example.org", password="canary-admin-password").json()["data"]
    secrets += [tokens["access_token"], tokens["refresh_token"], tokens["access_token"].split(".")[2]]
    admin = server.client(contract, tokens["access_token"])
    mail = canary("mail") + "@example.org"
    made = admin.post("/api/v1/auth/register", json={**person(mail, canary("name"), canary("password")), "role": "recruiter"})
    assert made.status_code == 201
    assert guess(client, mail, password=canary("wrong")).status_code == 401
    client.post("/api/v1/auth/login", json={"username": canary("json-mail"), "password": canary("json-password")})
    client.post("/api/v1/auth/login", content=b'{"username": "%s", broken' % canary("broken").encode(), headers={"Content-Type": "application/json"})
    client.post("/api/v1/auth/register", json={"email": canary("not-an-address"), "password": canary("short"), "full_name": canary("full-name"), canary("member"): 1})
    client.post("/api/v1/auth/refresh", json={"refresh_token": canary("refresh")})
    client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {canary('token')}", "User-Agent": canary("agent"), "Cookie": canary("cookie"),
                                           "Referer": "https://x.example/" + canary("referer"), "X-Forwarded-For": canary("forwarded")})
    client.get("/api/v1/auth/me?token=" + canary("query"))
    client.get("/api/v1/" + canary("path"))
    client.get("/api/v1/public/interviews/" + canary("link"))
    assert client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 200
    api = Api.__new__(Api)
    api.server, api.contract, api.anonymous, api.recruiter = server, contract, client, admin
    one = api.interview(title=canary("title"), job_description=canary("description"))
    secrets.append(one["link"])
    candidate, session = api.candidate(one, canary("candidate") + "@example.org", canary("candidate-name"))
    secrets.append(candidate.token)
    with connect(server.base.replace("http", "ws", 1) + f"/api/v1/public/sessions/{session}/live", subprotocols=["viva.v1", f"token.{candidate.token}"],
                 open_timeout=60, proxy=None) as ws:
        ws.recv(timeout=60)
        ws.send(json.dumps({"type": "answer.text", "answer_id": str(uuid.uuid4()), "text": canary("live")}))
        ws.send(canary("not-json"))
        ws.recv(timeout=60)
    api.answer_all(candidate, session, [canary(f"answer-{n}") for n in range(3)])
    wait_for(lambda: admin.get(f"/api/v1/sessions/{session}").json()["data"], lambda d: d["report"] and d["report"]["status"] == "ready", "a report")
    admin.post("/api/v1/ai/tts", json={"text": canary("spoken")})
    admin.post("/api/v1/ai/transcribe", content=canary("no-sound").encode(), headers={"Content-Type": "audio/wav"})
    client.put(f"/api/v1/public/sessions/{session}/answers/x", content=canary("body").encode())
    raw(server, b"GET / HTTP/1.1\r\nHost: x\r\nBad Header %s: y\r\n\r\n" % canary("header").encode())
    lines = watch.end()
    server.stop()
    assert "serve" in lines and "request" in server.log
    for secret in secrets:
        assert secret not in server.log, f"{secret} is in the log"
        assert secret not in lines, f"{secret} is in a command line"
    for line in server.log.splitlines():
        assert not line.startswith("{") or json.loads(line)


def sample(schema, document, canary, depth=0):
    """Something that may pass the schema, with the canary wherever there is text."""
    if "$ref" in schema:
        return sample(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document, canary, depth + 1)
    kind = schema.get("type")
    kind = next((k for k in kind if k != "null"), None) if isinstance(kind, list) else kind
    if "enum" in schema or "const" in schema:
        return (schema.get("enum") or [schema["const"]])[0]
    if kind == "object" or "properties" in schema:
        return {name: sample(one, document, canary, depth + 1) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {}), document, canary, depth + 1)] if depth < 6 else []
    if kind in ("integer", "number"):
        return max(1, int(schema.get("minimum", 1)))
    if kind == "boolean":
        return True
    text = canary + "@example.org" if schema.get("format") == "email" else canary
    return text[: schema.get("maxLength", 1000)]


def test_no_route_logs_what_it_is_sent(fresh, contract):
    """Every route of the OpenAPI document, with a canary in each text of its body and its query, and as its token and path."""
    server = fresh(LOG_LEVEL="debug")
    api = Api(server, contract)
    one = api.interview()
    candidate, session = api.candidate(one)
    known = {"link": one["link"], "session_id": session, "id": one["id"], "question_id": one["questions"][0]["id"]}
    canaries = []

    def canary():
        canaries.append("canary" + uuid.uuid4().hex[:10])
        return canaries[-1]

    def ask(client, method, path, operation, params):
        filled = re.sub(r"{(\w+)}", lambda m: params.get(m[1], canary()), path)
        query = {p["name"]: canary() for p in operation.get("parameters", []) if p["in"] == "query"}
        media = next(iter(operation.get("requestBody", {}).get("content", {}).items()), None)
        body = {}
        if media and media[0] == "application/json":
            body["json"] = sample(media[1].get("schema", {}), contract.document, canary())
        elif media:
            body["content"] = canary().encode()
        for q in (query, {}):
            reply = client.request(method, filled, params=q, **body)
            assert reply.status_code < 500 or reply.status_code == 503, f"{method} {path}: {reply.status_code}"

    bad = server.client(None, "x.y." + canary())
    for path, methods in sorted(contract.document["paths"].items()):
        for method, operation in methods.items():
            if method not in ("get", "post", "put", "patch", "delete") or path.endswith("/live"):
                continue
            for client in (bad, server.client(None, candidate.token), api.admin):
                ask(client, method, path, operation, {})
                if method != "delete" and "logout" not in path and "withdraw" not in path:
                    ask(client, method, path, operation, known)
    server.stop()
    assert len(canaries) > 500
    for secret in [*canaries, candidate.token, one["link"]]:
        assert secret not in server.log, f"{secret}: " + next(line for line in server.log.splitlines() if secret in line)[:300]


def test_parallel_refreshes_of_one_token_give_one_log_in(api):
    """A hundred at once: one winner, and what was won is revoked by the others' replay."""
    token = api.anonymous.post("/api/v1/auth/login", data={"username": "reviewer@example.org", "password": PASSWORD}).json()["data"]["refresh_token"]

    def refresh(_):
        with httpx.Client(base_url=api.server.base, timeout=60) as client:
            return client.post("/api/v1/auth/refresh", json={"refresh_token": token}).status_code

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(refresh, range(100)))
    assert codes.count(200) == 1 and set(codes) <= {200, 401}
