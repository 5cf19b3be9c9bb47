#!/usr/bin/env bash
# Runs the test suites: tests/run.sh all | unit | http | schema | frontend | e2e | lint | fuzz. Installs what they need first.
# Each suite reports "passed failed" into a file; the last line adds them up, and the exit code is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/setup/common.sh
. tests/servers.sh

WHAT=${1:-all}
RESULTS=$(mktemp)
FAILURES=$(mktemp)
LOGS=build/test-logs
export VIVA_TEST_MODELS_DIR=${MODELS_DIR:-$VIVA_CACHE/models}
export VIVA_SHARED=${VIVA_SHARED:-$(cd .. && pwd)/shared}
SERVERS=$(mktemp -d)
trap 'stop_mariadb "$SERVERS/mariadb"; stop_redis "$SERVERS/redis"; rm -rf "$RESULTS" "$FAILURES" "$SERVERS"' EXIT
mkdir -p "$VIVA_CACHE" "$LOGS"

# report SUITE PASSED FAILED: with the seconds since the report before, its builds among them
BEFORE=$SECONDS
report() {
    printf '%s %s %s\n' "$1" "$2" "$3" >>"$RESULTS"
    printf -- '-- %-28s %s passed, %s failed (%d s)\n' "$1" "$2" "$3" $((SECONDS - BEFORE))
    BEFORE=$SECONDS
}

# failures SUITE: the names on its input are what failed in it; they stand together before the last line, where they are looked for
failures() { sed "s/^/FAILED $1: /" >>"$FAILURES"; }

# one NAME COMMAND...: a suite that is one check
one() {
    local name=$1
    shift
    if "$@" >"$LOGS/$name.log" 2>&1; then report "$name" 1 0; else
        tail -40 "$LOGS/$name.log"
        tail -1 "$LOGS/$name.log" | failures "$name"
        report "$name" 0 1
    fi
}

# Adds up what cmocka and our own replay programs print.
count_c() {
    local log=$1 passed failed
    passed=$(sed -n 's/.*\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    failed=$(sed -n 's/.*\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    printf '%s %s' "$passed" "$failed"
}

# TSan: what has threads. The tests with real engines are left out there: ONNX Runtime is not instrumented, and its own
# thread pool looks like races.
THREADED=(-R 'base|live|http|utils|providers|services_test_job|services_test_concurrency' -E 'providers_test_engines|live_test_(echo|nothing)')

# unit PRESET [CTEST ARGUMENT...]
unit() {
    local preset=$1 log=$LOGS/unit-$1.log passed failed
    build_server "$preset" unit_tests || { report "unit-$preset" 0 1; return; }
    (cd "build/$preset" && ctest -V --no-tests=error --timeout 300 "${@:2}") >"$log" 2>&1
    local rc=$?
    read -r passed failed <<<"$(count_c "$log")"
    if [ $rc != 0 ]; then
        grep -E 'FAILED|ERROR|\*\*\*|Error|runtime error|Failed|Timeout|SUMMARY' "$log" | head -40
        grep -E '\[  FAILED  \] [a-z]|\*\*\*(Failed|Timeout|Exception)' "$log" | failures "unit-$preset"
        [ "$failed" = 0 ] && failed=1
    fi
    report "unit-$preset" "$passed" "$failed"
}

# The servers that unit and HTTP tests meet; once for all suites.
need_servers() {
    start_mariadb "$SERVERS/mariadb" || fail "MariaDB could not be started." "The lines above say why."
    start_redis "$SERVERS/redis" || fail "Redis could not be started." "The lines above say why."
}

test_venv() {
    local venv=$VIVA_CACHE/test-venv want
    want=$(sha256sum <tests/http/requirements.txt)
    if [ "$(cat "$venv/.installed" 2>/dev/null)" != "$want" ]; then
        python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r tests/http/requirements.txt ||
            fail "The Python packages of the tests could not be installed." "Check the network to the Python registry."
        printf '%s' "$want" >"$venv/.installed"
    fi
    PYTHON=$venv/bin/python
}

# pytest_suite NAME ARGUMENT...: against the binary with AddressSanitizer and UBSan, where a fault of memory fails the run too.
pytest_suite() {
    local name=$1 log=$LOGS/$1.log
    shift
    VIVA_BINARY=$ROOT/build/asan/viva "$PYTHON" -m pytest -q -rf --no-header -p no:cacheprovider --junitxml="${log%.log}.xml" "$@" >"$log" 2>&1
    local rc=$? passed failed
    passed=$(sed -n 's/.*[^0-9]\?\b\([0-9][0-9]*\) passed.*/\1/p' "$log" | tail -1)
    failed=$(grep -oE '[0-9]+ (failed|error)' "$log" | awk '{n += $1} END {print n + 0}')
    [ $rc != 0 ] && { tail -60 "$log"; grep -E '^(FAILED|ERROR) ' "$log" | failures "$name"; [ "$failed" = 0 ] && failed=1; }
    report "$name" "${passed:-0}" "$failed"
}

# On MariaDB: what speaks to the database in the way; not what is about Redis, sound files, or the API's description.
http() {
    test_venv
    build_server asan viva || { report http 0 1; return; }
    pytest_suite http tests/http
    VIVA_TEST_DATABASE=mysql pytest_suite http-mysql tests/http --ignore=tests/http/test_redis.py --ignore=tests/http/test_ai.py \
        --ignore=tests/http/test_openapi.py --ignore=tests/http/test_database_faults.py
}

# Cases made from the API's own description, against the same binary; SCHEMA_CASES per operation and role.
schema() {
    test_venv
    build_server asan viva || { report schema 0 1; return; }
    local log=$LOGS/schema.log passed failed
    VIVA_BINARY=$ROOT/build/asan/viva timeout 900 "$PYTHON" tests/schema/run.py --cases "${SCHEMA_CASES:-20}" >"$log" 2>&1
    local rc=$?
    passed=$(sed -n 's/^\([0-9][0-9]*\) passed, [0-9]* failed.*/\1/p' "$log" | tail -1)
    failed=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' "$log" | tail -1)
    if [ $rc != 0 ] || [ -z "$passed" ]; then
        tail -80 "$log"
        [ "${failed:-0}" = 0 ] && failed=1
    else
        grep ' cases in ' "$log"
    fi
    report schema "${passed:-0}" "${failed:-0}"
}

frontend() {
    ensure_node
    npm_install frontend
    local log=$LOGS/vitest.json passed failed
    (cd frontend && npx vitest run --reporter=json --outputFile="../$log") >"$LOGS/vitest.log" 2>&1
    local rc=$?
    read -r passed failed <<<"$(python3 -c 'import json,sys; r = json.load(open(sys.argv[1])); print(r["numPassedTests"], r["numFailedTests"])' "$log" 2>/dev/null || echo "0 1")"
    if [ $rc != 0 ]; then
        tail -20 "$LOGS/vitest.log"
        python3 tests/vitest_failures.py "$log" | failures frontend
        [ "$failed" = 0 ] && failed=1
    fi
    report frontend "$passed" "$failed"
}

lint() {
    ensure_node
    npm_install frontend
    one layers python3 tools/check_layers.py
    one clang-format bash -c "find backend -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror"
    one eslint npm --prefix frontend run --silent lint
    one typecheck npm --prefix frontend run --silent typecheck
    one prettier npm --prefix frontend run --silent format:check
    one env-example bash -c 'build/release/viva config | diff - backend/env.example'
    one api-types bash -c 'build/release/viva openapi >build/openapi.json && cd frontend && npm run --silent gen:api -- --check ../build/openapi.json'
    one clang-build bash -c '. tools/setup/common.sh && build_server clang viva'
}

e2e() {
    ensure_node
    npm_install tests/e2e
    local log=$LOGS/e2e.log passed failed
    (cd tests/e2e && npm test --silent) >"$log" 2>&1
    local rc=$?
    passed=$(sed -n 's/^\([0-9][0-9]*\) passed, [0-9]* failed.*/\1/p' "$log" | tail -1)
    failed=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' "$log" | tail -1)
    if [ $rc != 0 ] || [ -z "$passed" ]; then
        tail -80 "$log"
        grep -A1 '^FAIL  ' "$log" | failures e2e
        [ "${failed:-0}" = 0 ] && failed=1
    fi
    report e2e "${passed:-0}" "${failed:-0}"
}

fuzz() {
    (cd "$ROOT" && cmake --preset fuzz >/dev/null && cmake --build build/fuzz -- --quiet) || { report fuzz 0 1; return; }
    local target
    for target in build/fuzz/backend/fuzz_*; do
        [ -x "$target" ] && [ -f "$target" ] || continue
        local name
        name=$(basename "$target")
        mkdir -p "build/fuzz/corpus/$name"
        one "$name" "$target" -max_total_time="${FUZZ_SECONDS:-60}" "build/fuzz/corpus/$name" "backend/tests/fuzz/corpus/${name#fuzz_}"
    done
}

need_server() {
    build_server release viva
    build/release/viva models fetch || fail "The speech models are not complete." "Run the tests again: what was fetched is kept."
    build_frontend
}

install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
case $WHAT in
all)
    need_server
    need_servers
    unit asan
    unit tsan "${THREADED[@]}"
    http
    schema
    frontend
    lint
    e2e
    ;;
unit)
    need_servers
    unit asan
    unit tsan "${THREADED[@]}"
    ;;
http) need_server && need_servers && http ;;
schema) need_server && schema ;;
frontend) frontend ;;
lint) need_server && lint ;;
e2e) need_server && e2e ;;
fuzz) fuzz ;;
*) fail "There is no suite \"$WHAT\"." "One of all, unit, http, schema, frontend, lint, e2e, fuzz." ;;
esac

read -r PASSED FAILED <<<"$(awk '{p += $2; f += $3} END {print p + 0, f + 0}' "$RESULTS")"
cat "$FAILURES"
printf '%s passed, %s failed\n' "$PASSED" "$FAILED"
[ "$FAILED" = 0 ] && [ "$PASSED" -gt 0 ]
