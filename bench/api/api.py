"""Viva beside a FastAPI twin: log-in, refresh, list, read, create, over keep-alive connections, on SQLite or MariaDB.

Both servers run all the time; the load goes to one, then to the other, operation by operation, so that whatever else the
machine does meets both. Processor time is the servers' own (utime + stime of all their processes); the load generator's (wrk)
is not in it, though it shares the cores. Memory is resident (Pss where there are several processes).

    python3 bench/api/api.py --binary build/release/viva --twin-python PYTHON [--database sqlite|mysql://...] [--seconds 6]
                             [--connections 64] [--rounds 2] [--engines real] [--only viva]"""

import argparse
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PASSWORD = "correct horse battery"
EMAIL = "bench@example.org"
OPERATIONS = ("login", "refresh", "list", "read", "create")
INTERVIEWS, QUESTIONS, TOKENS = 60, 5, 160
TICKS = os.sysconf("SC_CLK_TCK")


def call(base, method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(base + path, json.dumps(body).encode() if body is not None else None, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)["data"]


def log_in(base):
    form = f"grant_type=password&username={EMAIL.replace('@', '%40')}&password={PASSWORD.replace(' ', '+')}"
    with urllib.request.urlopen(base + "/api/v1/auth/login", form.encode(), timeout=60) as reply:
        return json.load(reply)["data"]


class Process:
    """A server, and what it and its children use."""

    def __init__(self, name, command, env, log, ready, cwd=None):
        self.name = name
        self.log = log
        with open(log, "wb") as out:
            self.process = subprocess.Popen(command, env=env, stdout=out, stderr=out, cwd=cwd)
        deadline = time.monotonic() + 120
        while not (found := re.search(ready, pathlib.Path(log).read_text(errors="replace"))):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise SystemExit(f"{name} did not start:\n" + pathlib.Path(log).read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        self.base = "http://127.0.0.1" + found.group(1)

    def pids(self):
        found, look = [], [self.process.pid]
        while look:
            pid = look.pop()
            found.append(pid)
            for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                look += [int(child) for child in children.read_text().split()]
        return found

    def cpu_s(self):
        total = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_mb(self, name="Pss"):
        total = 0
        for pid in self.pids():
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(rf"^{name}:\s+(\d+)", text, re.M).group(1))
        return total / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def viva_env(directory, database, engines):
    env = {"PATH": os.environ["PATH"], "HOME": str(directory), "VIVA_CONFIG": "/dev/null", "VIVA_HOME": str(ROOT), "HOST": "127.0.0.1",
           "PORT": "0", "DATA_DIR": str(directory / "data"), "DATABASE_URL": database, "RATE_LIMIT_SCALE": "0"}
    if engines == "fake":
        env |= {"STT_PROVIDER": "fake", "TTS_PROVIDER": "fake", "VAD_PROVIDER": "fake"}
    else:
        env["MODELS_DIR"] = os.environ["MODELS_DIR"]
    return env


def start_viva(binary, directory, database, engines="fake"):
    env = viva_env(directory, database, engines)
    done = subprocess.run([binary, "migrate", "up"], env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"viva migrate up: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return Process("viva", [binary, "serve"], env, directory / "viva.log", r"serving at http://localhost(:\d+)")


def start_twin(python, directory, database, workers):
    if database.startswith("mysql://"):
        address = database.replace("mysql://", "mysql+asyncmy://", 1)
    else:
        address = f"sqlite+aiosqlite:///{directory / 'data' / 'viva.db'}"
    env = {"PATH": os.environ["PATH"], "HOME": str(directory), "TWIN_DATABASE": address, "TWIN_SECRET": secrets.token_hex(32)}
    port = subprocess.run([sys.executable, "-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"],
                          capture_output=True, text=True, check=True).stdout.strip()
    command = [python, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", port, "--workers", str(workers)]
    process = Process("twin", command, env, directory / "twin.log", r"running on http://127\.0\.0\.1(:\d+)", cwd=HERE / "twin")
    wait_until(lambda: log_in(process.base), process)
    return process


def wait_until(ask, process):
    for _ in range(300):
        try:
            return ask()
        except OSError:
            time.sleep(0.1)
    process.stop()
    raise SystemExit(f"{process.name} does not answer:\n" + pathlib.Path(process.log).read_text(errors="replace")[-2000:])


def seed(server):
    """An account with interviews and questions. Returns nothing: everything is found again by logging in."""
    call(server.base, "POST", "/api/v1/auth/register", {"email": EMAIL, "full_name": "Bench", "password": PASSWORD})
    token = log_in(server.base)["access_token"]
    for _ in range(INTERVIEWS):
        body = {"title": "Field engineer, first round", "job_role": "Field engineer", "job_description": "Keeps devices running.",
                "interview_type": "mixed", "difficulty": "mid", "focus_areas": ["problem_solving", "ownership"], "question_count": QUESTIONS}
        made = call(server.base, "POST", "/api/v1/interviews", body, token)
        call(server.base, "POST", f"/api/v1/interviews/{made['id']}/questions/generate", {}, token)


def wrk(server, operation, seconds, connections, directory):
    """Requests, seconds, p50 and p99 in ms, failures, the server's processor time and most memory."""
    tokens = log_in(server.base)
    env = {**os.environ, "BENCH_OP": operation, "BENCH_TOKEN": tokens["access_token"]}
    if operation == "read":  # the oldest: it has questions, those of "create" have none
        total = call(server.base, "GET", "/api/v1/interviews?page_size=1", token=tokens["access_token"])["total"]
        oldest = call(server.base, "GET", f"/api/v1/interviews?page_size=1&page={total}", token=tokens["access_token"])["items"][0]
        env["BENCH_ID"] = oldest["id"]
    if operation == "refresh":
        path = directory / f"refresh-{server.name}"
        path.write_text("\n".join(log_in(server.base)["refresh_token"] for _ in range(TOKENS)) + "\n")
        env["BENCH_REFRESH"] = str(path)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", str(HERE / "load.lua"), server.base]
    cpu = server.cpu_s()
    with Peak(server) as peak:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    return {"cpu": server.cpu_s() - cpu, "peak": peak.most, **parse(done)}


def parse(text):
    units = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}

    def latency(percent):
        found = re.search(rf"^\s*{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.M)
        return float(found.group(1)) * units[found.group(2)]

    requests, seconds = re.search(r"(\d+) requests in ([\d.]+)(s|m)", text).group(1, 2)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    failures = int(bad.group(1)) if bad else 0
    failures += sum(int(n) for n in sockets.groups()) if sockets else 0
    return {"requests": int(requests), "wrk_s": float(seconds), "p50": latency(50), "p99": latency(99), "failures": failures}


class Peak:
    """The most memory while something runs."""

    def __init__(self, server):
        self.server, self.most, self.stop = server, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.stop.wait(0.1):
            self.most = max(self.most, self.server.memory_mb())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def add(total, one):
    for key in ("cpu", "requests", "wrk_s", "failures"):
        total[key] = total.get(key, 0) + one[key]
    for key in ("p50", "p99", "peak"):
        total.setdefault(key, []).append(one[key])
    return total


def row(operation, ours, theirs):
    def figures(t):
        n = max(t["requests"] - t["failures"], 1)
        return n / t["wrk_s"], t["cpu"] / n * 1e6, sum(t["p50"]) / len(t["p50"]), max(t["p99"]), max(t["peak"])

    a = figures(ours)
    text = f"{operation:8} {a[0]:8.0f} {a[1]:9.0f} {a[2]:8.2f} {a[3]:8.1f} {a[4]:7.0f}"
    if theirs:
        b = figures(theirs)
        text += f"   {b[0]:8.0f} {b[1]:9.0f} {b[2]:8.2f} {b[3]:8.1f} {b[4]:7.0f}   {a[0] / b[0]:8.1f} {b[1] / a[1]:8.1f}"
    failures = [f"{t['failures']} {name} requests failed" for t, name in ((ours, "viva"), (theirs, "twin")) if t and t["failures"]]
    return text + ("   " + ", ".join(failures) if failures else "")


COLUMNS = "   req/s   CPU us   p50 ms   p99 ms  MB max"


def head(twin):
    wide = len(COLUMNS)
    first, second = f"{'':8} {'   viva':{wide}}", f"{'':8} {COLUMNS}"
    return f"{first}   {'   twin':{wide}}      ratio\n{second}   {COLUMNS}      req/s      CPU" if twin else f"{first}\n{second}"


def measure(servers, args, directory):
    before = {s.name: (s.memory_mb(), s.memory_mb("Rss")) for s in servers}
    print(head(len(servers) > 1), flush=True)
    for operation in OPERATIONS:
        totals = {}
        for _ in range(args.rounds):
            for server in servers:
                add(totals.setdefault(server.name, {}), wrk(server, operation, args.seconds, args.connections, directory))
        print(row(operation, totals["viva"], totals.get("twin")), flush=True)
    time.sleep(1)
    for server in servers:
        pss, resident = before[server.name]
        print(f"{server.name}: resident {resident:.0f} MB before, {server.memory_mb('Rss'):.0f} MB after; Pss {pss:.0f} and {server.memory_mb():.0f} MB "
              f"({len(server.pids())} processes)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=str(ROOT / "build/release/viva"))
    parser.add_argument("--twin-python", help="a Python with twin/requirements.txt")
    parser.add_argument("--database", default="sqlite", help="sqlite, or mysql://user:password@host:port/ (two databases are made there)")
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("BENCH_SECONDS", 6)))
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="processes of the twin")
    parser.add_argument("--engines", choices=("fake", "real"), default="fake")
    parser.add_argument("--only", choices=("viva",))
    args = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing: apt-get install wrk")
    root = pathlib.Path(tempfile.mkdtemp(prefix="viva-bench-api-"))
    servers = []
    try:
        for name in ["viva"] + ([] if args.only else ["twin"]):
            directory = root / name
            directory.mkdir()
            database = "" if args.database == "sqlite" else f"{args.database.rstrip('/')}/viva_bench_{name}"
            server = start_viva(args.binary, directory, database, args.engines if name == "viva" else "fake")
            seed(server)
            server.stop()  # measured from a fresh start; the twin takes over what was made for it
            if name == "viva":
                server = start_viva(args.binary, directory, database, args.engines)
            else:
                server = start_twin(args.twin_python or sys.executable, directory, database, args.workers)
            servers.append(server)
        twin = "" if args.only else f"{args.workers} processes of the twin, "
        print(f"database: {args.database.split(':')[0]}; {args.connections} connections, {args.rounds} x {args.seconds} s an operation, {twin}"
              f"engines: {args.engines}; load average {os.getloadavg()[0]:.1f}")
        measure(servers, args, root)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(root, ignore_errors=True)


main()
