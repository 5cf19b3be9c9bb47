#!/usr/bin/env bash
# Everything in one command on Debian 12 (or a relative): packages, build, models, database, first administrator, serve.
# A second run finds everything in place and starts in seconds.
set -euo pipefail
cd "$(dirname "$0")"
. tools/setup/common.sh

usage() {
    cat <<'TXT'
Usage: ./quick-start.sh [--check | --no-serve]

  --check      tell what is missing; change nothing
  --no-serve   do everything, but do not serve at the end
  --yes        ask nothing

Settings come from the environment or from .env (see backend/env.example): HOST, PORT, ADMIN_EMAIL, ADMIN_PASSWORD, DATA_DIR ...
TXT
}

MODE=serve
for arg in "$@"; do
    case $arg in
    --check) MODE=check ;;
    --no-serve) MODE=no-serve ;;
    --yes) : ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "There is no option \"$arg\"." "Use one of the above." ;;
    esac
done

VIVA=build/release/viva

line() { printf '  %-28s %s\n' "$1" "$2"; }

check() {
    local bad=0 missing
    say "What Viva needs on this machine"
    missing=$(missing_packages "${BUILD_PACKAGES[@]}" | tr '\n' ' ')
    if [ -n "$missing" ]; then line packages "missing: $missing"; bad=1; else line packages "all there"; fi
    if node_is_new_enough || node_is_new_enough "$VIVA_CACHE/node/bin/node"; then line "Node.js" "there"; else line "Node.js" "missing or too old: a copy will be kept in $VIVA_CACHE"; bad=1; fi
    if [ -f "$VIVA_CACHE/onnxruntime/lib/libonnxruntime.so" ]; then line "ONNX Runtime" "there"; else line "ONNX Runtime" "missing: will be fetched"; bad=1; fi
    if [ -x $VIVA ]; then line server "built"; else line server "not built yet"; bad=1; fi
    if [ -f frontend/dist/index.html ]; then line "web application" "built"; else line "web application" "not built yet"; bad=1; fi
    if [ -x $VIVA ]; then $VIVA check || bad=1; else line "models, database" "unknown until the server is built"; fi
    if [ $bad = 0 ]; then say "Nothing is missing."; else say "Something is missing. ./quick-start.sh puts it in place."; fi
    return $bad
}

if [ $MODE = check ]; then
    check
    exit
fi

[ "$(uname -s)" = Linux ] || fail "Viva's server runs on Linux." "On Windows use quick-start.bat (WSL); on macOS use a Linux virtual machine."
mkdir -p "$VIVA_CACHE"

say "1/6 Packages"
install_packages "${BUILD_PACKAGES[@]}"
say "2/6 Server"
ensure_node
build_server release viva
say "3/6 Speech models"
$VIVA models fetch || fail "The speech models are not complete." "Run ./quick-start.sh again: what was fetched is kept."
say "4/6 Database"
$VIVA migrate up || fail "The database could not be brought up to date." "The line above says why; DATABASE_URL and DATA_DIR say where it lies."
say "5/6 Web application"
build_frontend
say "6/6 First administrator and demonstration interview"
$VIVA seed || fail "The first data could not be written." "The line above says why."

[ $MODE = no-serve ] && { say "Ready. Serve with: $VIVA serve"; exit 0; }
exec $VIVA serve
