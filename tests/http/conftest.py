"""Starts the real binary on a free port, and checks every reply against the OpenAPI document it prints itself.

The engines are the fakes, by name: these tests are about HTTP, storage and rules; tests/e2e uses the real ones. A route
that no test ever reached fails the run (see pytest_sessionfinish)."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time

import httpx
import pytest

from openapi import Contract

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("VIVA_BINARY", ROOT / "build/release/viva"))
PASSWORD = "correct horse battery"
WAIT_S = 60
# VIVA_TEST_DATABASE=mysql: every data directory gets a database of its own on the server of VIVA_TEST_MYSQL_URL
# (tests/servers.sh).
ON_MYSQL = os.environ.get("VIVA_TEST_DATABASE") == "mysql"
databases = {}  # by data directory: replicas share it


def database_url(data_dir):
    server = os.environ.get("VIVA_TEST_MYSQL_URL")
    if not server:
        pytest.exit("VIVA_TEST_MYSQL_URL names no server: tests/run.sh starts one.", returncode=2)
    return server + databases.setdefault(data_dir, f"viva_http_{os.getpid()}_{len(databases)}")


def mariadb(sql, database=""):
    user, password, host, port = re.match(r"mysql://(.*?):(.*?)@(.*?):(\d+)/", os.environ["VIVA_TEST_MYSQL_URL"]).groups()
    subprocess.run(["mariadb", "--no-defaults", "-h", host, "-P", port, "-u", user, f"-p{password}", "-e", sql, *([database] if database else [])], check=True)


class Server:
    """One `viva serve` with a data directory of its own. Settings are passed as the environment only."""

    def __init__(self, directory, binary=BINARY, **settings):
        self.directory = pathlib.Path(directory)
        self.binary = binary
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "VIVA_CONFIG": "/dev/null",
            "VIVA_HOME": str(ROOT),
            "HOST": "127.0.0.1",
            "PORT": "0",
            "DATA_DIR": str(self.directory / "data"),
            "MODELS_DIR": str(self.directory / "models"),
            "STT_PROVIDER": "fake",
            "TTS_PROVIDER": "fake",
            "VAD_PROVIDER": "fake",
            "TURN_PROVIDER": "fake",
            "EMBED_PROVIDER": "fake",
            "RATE_LIMIT_SCALE": "0",
            "LIVE_SESSIONS_MAX": "4096",  # interviews begin here faster than people come; test_admission.py has the queue
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "detect_leaks=1"),
            **{k: str(v) for k, v in settings.items()},
        }
        if ON_MYSQL:
            self.env.setdefault("DATABASE_URL", database_url(self.env["DATA_DIR"]))
        self.process = None
        self.base = None
        self.log_path = self.directory / "server.log"

    def run(self, *args, input=None, check=True):
        done = subprocess.run([self.binary, *args], env=self.env, capture_output=True, text=True, input=input, timeout=WAIT_S)
        assert not check or done.returncode == 0, done.stderr
        return done

    def migrate(self):
        self.run("migrate", "up")
        return self

    def start(self):
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen([self.binary, "serve"], env=self.env, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        line = ""
        while "serving at" not in line:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError("the server did not start:\n" + self.log_path.read_text())
        port = int(re.search(r":(\d+)\s*$", line).group(1))
        self.base = f"{'https' if self.env.get('TLS_CERT') else 'http'}://127.0.0.1:{port}"
        self.env["PORT"] = str(port)  # a restart comes back on the same port
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(WAIT_S)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(WAIT_S) == 0, self.log_path.read_text()[-4000:]
        self.process = None

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    def client(self, contract, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        hooks = {"response": [contract.check]} if contract else {}
        return httpx.Client(base_url=self.base, headers=headers, timeout=WAIT_S, event_hooks=hooks)


class Api:
    """A server with an administrator, and clients for every role."""

    def __init__(self, server, contract):
        self.server, self.contract = server, contract
        self.anonymous = server.client(contract)
        created = self.anonymous.post("/api/v1/auth/register", json=person("admin@example.org", "Ada Admin"))
        assert created.status_code == 201, created.text
        self.admin = self.login("admin@example.org")
        self.recruiter = self.make("recruiter@example.org", "recruiter")
        self.other = self.make("other@example.org", "recruiter")
        self.reviewer = self.make("reviewer@example.org", "reviewer")

    def login(self, email, password=PASSWORD):
        reply = self.anonymous.post("/api/v1/auth/login", data={"username": email, "password": password, "grant_type": "password"})
        assert reply.status_code == 200, reply.text
        return self.server.client(self.contract, reply.json()["data"]["access_token"])

    def make(self, email, role):
        reply = self.admin.post("/api/v1/auth/register", json={**person(email, "Somebody"), "role": role})
        assert reply.status_code == 201, reply.text
        return self.login(email)

    def interview(self, client=None, publish=True, questions=3, **fields):
        client = client or self.recruiter
        body = {"title": "Field engineer", "job_role": "Field engineer", "interview_type": "mixed", "difficulty": "mid",
                "focus_areas": ["problem_solving", "ownership"], "question_count": questions, "follow_ups": 0, **fields}
        made = client.post("/api/v1/interviews", json=body)
        assert made.status_code == 201, made.text
        one = made.json()["data"]
        made = client.post(f"/api/v1/interviews/{one['id']}/questions/generate", json={})
        assert made.status_code == 200, made.text
        if publish:
            made = client.post(f"/api/v1/interviews/{one['id']}/publish")
            assert made.status_code == 200, made.text
        return made.json()["data"]

    def candidate(self, interview, email="candidate@example.org", name="Casey Candidate"):
        """A client with a session token, and the session's id."""
        reply = self.anonymous.post(f"/api/v1/public/interviews/{interview['link']}/register",
                                    json={"full_name": name, "email": email, "consent_recording": True, "consent_ai": True})
        assert reply.status_code == 201, reply.text
        data = reply.json()["data"]
        client = self.server.client(self.contract, data["session_token"])
        client.token = data["session_token"]
        return client, data["session_id"]

    def answer_all(self, client, session, texts):
        """A typed interview to its end."""
        state = client.post(f"/api/v1/public/sessions/{session}/start").json()["data"]
        for text in texts:
            answer = next(a for a in state["answers"] if a["status"] == "open")
            reply = client.post(f"/api/v1/public/sessions/{session}/answers/{answer['id']}/text", json={"text": text})
            assert reply.status_code == 200, reply.text
            state = reply.json()["data"]
        return state


def person(email, name="Somebody", password=PASSWORD):
    return {"email": email, "full_name": name, "password": password}


def wait_for(ask, until, what, seconds=WAIT_S):
    """Asks again until the reply says so: for background jobs, whose end is only visible in the API."""
    deadline = time.monotonic() + seconds
    while True:
        got = ask()
        if until(got):
            return got
        assert time.monotonic() < deadline, f"{what} did not happen; last seen: {got}"
        threading.Event().wait(0.05)


@pytest.fixture(scope="session")
def contract(tmp_path_factory):
    printed = subprocess.run([BINARY, "openapi"], capture_output=True, text=True, check=True)
    return Contract(json.loads(printed.stdout))


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("viva")).migrate().start()
    yield server
    server.stop()
    leaks = [line for line in server.log.splitlines() if "Sanitizer" in line or "runtime error" in line]
    assert not leaks, leaks


@pytest.fixture(scope="session")
def api(shared_server, contract):
    return Api(shared_server, contract)


@pytest.fixture
def fresh(tmp_path, contract):
    """A function that starts servers with their own data: fresh(PORT=..., ...). All are stopped at the end."""
    servers = []

    def make(start=True, **settings):
        directory = tmp_path / f"server{len(servers)}"
        directory.mkdir()
        server = Server(directory, **settings).migrate()
        servers.append(server)
        return server.start() if start else server

    yield make
    for server in servers:
        if server.process and server.process.poll() is None:
            server.kill()
        shutil.rmtree(server.directory, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session, exitstatus):
    """A route that no test reached is a route that nobody knows to work."""
    if databases:
        mariadb("".join(f"DROP DATABASE IF EXISTS {name};" for name in databases.values()))
    if exitstatus or session.testscollected < 20 or ON_MYSQL or Contract.last is None:
        return
    missed = Contract.last.not_reached()
    if missed:
        print("\nNo test reached these routes:\n  " + "\n  ".join(missed))
        session.exitstatus = 1
