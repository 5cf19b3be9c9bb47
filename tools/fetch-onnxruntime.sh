#!/usr/bin/env bash
# Puts ONNX Runtime where the build and the server look for it:
#   $VIVA_CACHE/onnxruntime/lib/libonnxruntime.so           out of the pinned PyPI wheel
#   $VIVA_CACHE/onnxruntime/include/onnxruntime_c_api.h     the system's, or out of Debian 13's libonnxruntime-dev
# The Debian package is unpacked, never installed; apt uses lists and caches of its own, and checks signatures as always.
# Both files are verified by SHA-256. A second run does nothing. Needs: python3 with venv, apt-get, dpkg-deb.
set -euo pipefail

VERSION=1.32.0
HEADER_SHA256=7783e9664bdb0b1b36145b5c8587dd1bc9a399aa000edf2e3dd03003cafc6882
case "$(uname -m)" in
x86_64) PLATFORM=manylinux_2_28_x86_64
        WHEEL_SHA256=5a34fc4dfeb5a7b4a74c95dcba1e773d722abda720b474edf1b0c419dc6d163d ;;
aarch64) PLATFORM=manylinux_2_28_aarch64
        WHEEL_SHA256=2303372a85299b6757b0e11e1cbf13e410ddf7e10c37f4b37e99d1c90e7daf7c ;;
*) echo "fetch-onnxruntime: no pinned ONNX Runtime for $(uname -m); install libonnxruntime and set ORT_LIBRARY" >&2; exit 1 ;;
esac
CACHE="${VIVA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/viva}"
DEST="$CACHE/onnxruntime"
WHEEL="onnxruntime-$VERSION-cp311-cp311-$PLATFORM.whl"
STAMP="$DEST/.stamp"
WANT="$VERSION $WHEEL_SHA256 $HEADER_SHA256"

say() { printf 'onnxruntime: %s\n' "$*"; }
die() { printf 'fetch-onnxruntime: %s\n' "$*" >&2; exit 1; }
sha_is() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]; }

if [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$WANT" ] && [ -f "$DEST/lib/libonnxruntime.so" ] &&
    [ -f "$DEST/include/onnxruntime_c_api.h" ]; then
    say "$VERSION is in place ($DEST)"
    exit 0
fi
mkdir -p "$CACHE/downloads" "$DEST/lib" "$DEST/include"
WORK=$(mktemp -d "$CACHE/onnxruntime.XXXXXX")
trap 'rm -rf "$WORK"' EXIT

fetch_library() {
    local wheel="$CACHE/downloads/$WHEEL"
    if ! sha_is "$wheel" "$WHEEL_SHA256"; then
        say "downloading the library (27 MB) with pip"
        [ -x "$CACHE/venv/bin/pip" ] || python3 -m venv "$CACHE/venv" ||
            die "python3 -m venv failed: install python3-venv (apt-get install python3-venv) and run this again"
        "$CACHE/venv/bin/pip" --disable-pip-version-check -q download --no-deps --only-binary=:all: \
            --platform "$PLATFORM" --python-version 311 -d "$WORK" "onnxruntime==$VERSION" ||
            die "pip could not download onnxruntime $VERSION: check the network or pip's configuration and run this again"
        sha_is "$WORK/$WHEEL" "$WHEEL_SHA256" || die "the downloaded $WHEEL is not the pinned one (SHA-256 differs); nothing was kept"
        mv "$WORK/$WHEEL" "$wheel"
    fi
    python3 - "$wheel" "onnxruntime/capi/libonnxruntime.so.$VERSION" "$WORK/libonnxruntime.so" <<'PY'
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z, z.open(sys.argv[2]) as src, open(sys.argv[3], "wb") as dst:
    shutil.copyfileobj(src, dst)
PY
    mv "$WORK/libonnxruntime.so" "$DEST/lib/libonnxruntime.so"
}

# Where this machine's own Debian packages come from, so that mirrors and proxies are honoured and no host is named here.
debian_mirror() {
    apt-get indextargets --format '$(REPO_URI)|$(ORIGIN)' "Created-By: Packages" 2>/dev/null |
        grep -E '\|(Debian)?$' | cut -d'|' -f1 | grep -v security | grep '/debian/*$' | sort -u | head -n 1
}

download_trixie_package() {
    local uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg apt
    uri=$(debian_mirror)
    [ -n "$uri" ] || die "no Debian mirror in this machine's apt sources: copy onnxruntime_c_api.h of ONNX Runtime 1.21 to $DEST/include and run this again"
    [ -f "$keyring" ] || die "no $keyring: apt-get install debian-archive-keyring, then run this again"
    mkdir -p "$WORK/lists/partial" "$WORK/cache/archives/partial"
    printf 'deb [signed-by=%s] %s trixie main\n' "$keyring" "$uri" >"$WORK/sources.list"
    apt=(apt-get -q -o "Dir::Etc::SourceList=$WORK/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o Dir::Etc::PreferencesParts=/dev/null -o "Dir::State::Lists=$WORK/lists" -o "Dir::Cache=$WORK/cache"
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
        -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false -o "APT::Sandbox::User=$(id -un)")
    say "reading the package list of Debian 13 (signatures checked)"
    "${apt[@]}" update >"$WORK/apt.log" 2>&1 ||
        { tail -n 5 "$WORK/apt.log" >&2; die "apt could not read Debian 13's list: upgrade debian-archive-keyring if a key is missing, else check the network, and run this again"; }
    (cd "$WORK" && "${apt[@]}" download libonnxruntime-dev >>"$WORK/apt.log" 2>&1) ||
        { tail -n 5 "$WORK/apt.log" >&2; die "apt could not download libonnxruntime-dev: check the network and run this again"; }
}

fetch_header() {
    local header=onnxruntime_c_api.h found f
    for f in "$DEST/include/$header" /usr/include/onnxruntime/$header /usr/include/onnxruntime/core/session/$header; do
        sha_is "$f" "$HEADER_SHA256" && found="$f" && break
    done
    if [ -z "${found:-}" ]; then
        download_trixie_package
        dpkg-deb -x "$WORK"/libonnxruntime-dev_*.deb "$WORK/deb"
        found="$WORK/deb/usr/include/onnxruntime/$header"
        sha_is "$found" "$HEADER_SHA256" || die "the header in libonnxruntime-dev is not the pinned one (SHA-256 differs); nothing was kept"
    fi
    cp "$found" "$WORK/$header"
    mv "$WORK/$header" "$DEST/include/$header"
}

fetch_library
fetch_header
printf '%s\n' "$WANT" >"$WORK/stamp"
mv "$WORK/stamp" "$STAMP"
say "$VERSION is ready ($DEST)"
