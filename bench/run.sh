#!/usr/bin/env bash
# Prints every table of bench/: bench/run.sh [speech | hearing | endpoint | live | interrupt | memory | browser | server | api | grading | report | weight]..., all of them without an argument.
# Installs what each needs first. BENCH_SPEECH: folder of sound files with transcripts.tsv. BENCH_SECONDS: of load per operation of the
# API. Asserts nothing about time; a part that cannot run says so, and the exit code is 1.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/setup/common.sh
. tests/servers.sh

SPEECH=${BENCH_SPEECH:-${VIVA_SHARED:-$(cd .. && pwd)/shared}/data/speech}
BINARY=build/release/viva
export MODELS_DIR=${MODELS_DIR:-$VIVA_CACHE/models}
ENGLISH='[!l]*.[fw][la][av]*' # the other languages are named lang-*
ALL=(speech hearing endpoint live interrupt memory browser server api grading report weight)
BROKEN=()
mkdir -p "$VIVA_CACHE"

# part NAME TITLE COMMAND...
part() {
    local name=$1
    printf '\n== %s: %s\n' "$name" "$2"
    "${@:3}" || BROKEN+=("$name")
}

need_speech() {
    [ -f "$SPEECH/transcripts.tsv" ] && return 0
    printf 'There is no speech in %s.\n  Name a folder with BENCH_SPEECH; SETUP.md says what is in it.\n' "$SPEECH" >&2
    return 1
}

# bench_venv NAME REQUIREMENTS: the Python packages of a benchmark, once, in the cache.
bench_venv() {
    local venv=$VIVA_CACHE/bench-$1-venv want
    want=$(sha256sum <"$2")
    if [ "$(cat "$venv/.installed" 2>/dev/null)" != "$want" ]; then
        python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r "$2" ||
            fail "The Python packages of the benchmark could not be installed." "Check the network to the Python registry."
        printf '%s' "$want" >"$venv/.installed"
    fi
    PYTHON=$venv/bin/python
}

live_venv() { bench_venv live bench/live/requirements.txt; }

speech() { need_speech && python3 bench/speech/bench.py --data "$SPEECH" --models-dir "$MODELS_DIR"; }

hearing() { need_speech && python3 bench/speech/hearing.py "$BINARY" --data "$SPEECH" --models-dir "$MODELS_DIR"; }
endpoint() {
    need_speech && python3 bench/endpoint/endpoint.py --binary "$BINARY" --speech "$SPEECH" &&
        live_venv && "$PYTHON" bench/endpoint/long.py --binary "$BINARY"
}

grading() {
    local data=${BENCH_GRADING:-${VIVA_SHARED:-$(cd .. && pwd)/shared}/data/grading}
    if [ ! -d "$data/training" ]; then
        printf 'There are no graded answers in %s.\n  Name a folder with BENCH_GRADING; bench/README.md says what is in it.\n' "$data" >&2
        return 1
    fi
    bench_venv grading bench/grading/requirements.txt &&
        "$PYTHON" bench/grading/bench.py --binary "$BINARY" --data "$data"
}

report() { live_venv && "$PYTHON" bench/report/report.py --binary "$BINARY"; }

live() {
    need_speech && live_venv &&
        "$PYTHON" bench/live/load.py --binary "$BINARY" --speech "$SPEECH" --match "$ENGLISH" ${BENCH_LIVE:-}
}

interrupt() {
    need_speech && live_venv &&
        "$PYTHON" bench/live/interrupt.py --binary "$BINARY" --speech "$SPEECH" &&
        "$PYTHON" bench/live/interrupt.py --binary "$BINARY" --speech "$SPEECH" --echo -20 --voices 2
}

memory() {
    need_speech && live_venv &&
        "$PYTHON" bench/live/load.py --binary "$BINARY" --speech "$SPEECH" --match "$ENGLISH" --memory 20
}

browser() {
    need_speech || return 1
    install_packages chromium
    build_frontend
    npm_install tests/e2e
    node bench/live/browser.mjs --binary "$BINARY" --speech "$SPEECH"
}

# field FILE NAME: a line of /proc, in MB
field() { awk -v name="$2:" '$1 == name { printf "%.0f MB", $2 / 1024 }' "$1"; }

# A server of our own in a folder that goes away: nobody has spoken to it yet, its models are loaded.
server() {
    local dir pid url rc=1
    dir=$(mktemp -d)
    : >"$dir/none.env"
    local settings=(DATA_DIR="$dir/data" DATABASE_URL= PORT=0 LOG_LEVEL=warn VIVA_CONFIG="$dir/none.env")
    if env "${settings[@]}" "$BINARY" migrate up >/dev/null; then
        env "${settings[@]}" "$BINARY" serve >"$dir/out" 2>&1 &
        pid=$!
        url=$(timeout 120 bash -c 'until grep -om1 "http://[^ ]*[0-9]" "$0"; do sleep 0.2; done' "$dir/out") &&
            timeout 120 python3 - "$url/readyz" <<'PY' &&
import sys, time, urllib.request
while True:
    try:
        print("  ready                  ", urllib.request.urlopen(sys.argv[1]).read().decode()[:14] + "...")
        break
    except OSError:
        time.sleep(0.5)
PY
            printf '  resident                %s\n  of it private           %s\n  most while starting     %s\n' \
                "$(field "/proc/$pid/status" VmRSS)" "$(field "/proc/$pid/smaps_rollup" Private_Dirty)" "$(field "/proc/$pid/status" VmHWM)" &&
            rc=0
        [ $rc = 0 ] || tail -5 "$dir/out"
        kill "$pid" && wait "$pid"
    fi
    rm -rf "$dir"
    return $rc
}

# On SQLite, on a MariaDB of our own, and what the load leaves behind with the real models.
api() {
    install_packages wrk mariadb-server
    bench_venv api bench/api/twin/requirements.txt
    local dir rc=0
    dir=$(mktemp -d)
    "$PYTHON" bench/api/api.py --binary "$BINARY" || rc=1
    if start_mariadb "$dir/mariadb"; then
        "$PYTHON" bench/api/api.py --binary "$BINARY" --database "$VIVA_TEST_MYSQL_URL" || rc=1
    else
        rc=1
    fi
    stop_mariadb "$dir/mariadb"
    "$PYTHON" bench/api/api.py --binary "$BINARY" --only viva --engines real --rounds 1 || rc=1
    rm -rf "$dir"
    return $rc
}

weight() {
    build_frontend
    node frontend/scripts/budget.mjs
}

WANTED=("$@")
[ $# = 0 ] && WANTED=("${ALL[@]}")
for name in "${WANTED[@]}"; do
    [[ " ${ALL[*]} " == *" $name "* ]] || fail "There is no part \"$name\"." "There are: ${ALL[*]}."
done

install_packages "${BUILD_PACKAGES[@]}"
build_server release viva
"$BINARY" models fetch || fail "The speech models are not complete." "Run this again: what was fetched is kept."

for name in "${WANTED[@]}"; do
    case $name in
    hearing) part hearing "hearing with noise, quiet, other languages and nothing at all; times of words" hearing ;;
    speech) part speech "recognition beside faster-whisper, and synthesis" speech ;;
    endpoint) part endpoint "when an answer ends: thinking pauses at known places" endpoint ;;
    live) part live "1 to 24 interviews at once: turns, processor, memory" live ;;
    interrupt) part interrupt "sounds of the candidate over the interviewer: back-channels, noises, interruptions" interrupt ;;
    memory) part memory "what each further interview holds" memory ;;
    browser) part browser "turns as a candidate has them, through Chromium" browser ;;
    server) part server "the server at rest, models loaded" server ;;
    api) part api "log-in, refresh, list, read, create beside a FastAPI twin" api ;;
    grading) part grading "scores beside people's grades, and what must not move them" grading ;;
    weight) part weight "what a candidate's page loads first (gzip)" weight ;;
    esac
done
[ ${#BROKEN[@]} = 0 ] || fail "Not everything could be measured: ${BROKEN[*]}." "The lines above say why."
