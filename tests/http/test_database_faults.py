"""The database server dies, or stops answering, while candidates are being interviewed. What was acknowledged is kept in
a journal on this side of the wire and looked for afterwards; whatever else is said in between is a 503 with Retry-After.

A MariaDB of its own, so that no other test meets it."""

import concurrent.futures
import itertools
import os
import pathlib
import signal
import subprocess
import threading
import time

import httpx
import pytest

from conftest import PASSWORD, ROOT, WAIT_S, Api, person, wait_for

SERVERS = ROOT / "tests/servers.sh"
TEXT = "I would write it down first, then try the smallest thing that can fail. {}"


class MariaDb:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)

    def start(self):
        self.log = open(self.directory.with_suffix(".out"), "w+")  # a file: what it starts must not hold a pipe of ours
        subprocess.run(["bash", SERVERS, "start_mariadb", self.directory], check=True, stdout=self.log, stderr=self.log)
        self.url = self.log.seek(0) or self.log.read().strip().splitlines()[-1]
        return self

    @property
    def pid(self):
        return int((self.directory / "pid").read_text())

    def stop(self, how="KILL"):
        subprocess.run(["bash", SERVERS, "stop_mariadb", self.directory, how], check=True)


@pytest.fixture
def mariadb_server(tmp_path):
    server = MariaDb(tmp_path / "mariadb").start()
    yield server
    os.kill(server.pid, signal.SIGCONT)
    server.stop()


@pytest.fixture
def api_on_it(mariadb_server, fresh, contract):
    return Api(fresh(DATABASE_URL=mariadb_server.url + "viva_faults"), contract)


def allowed(reply, *good):
    """True when it is one of the good ones, False for a proper refusal; anything else fails the test."""
    if reply.status_code == 503:
        assert int(reply.headers["Retry-After"]) >= 1, reply.headers
        assert reply.json()["error"]["code"] in ("database_unreachable", "database_busy", "transaction_lost"), reply.text
        return False
    assert reply.status_code in good, f"{reply.request.method} {reply.request.url}: {reply.status_code} {reply.text}"
    return True


class Writer(threading.Thread):
    """One candidate after the other through a typed interview, each request again until it is acknowledged."""

    def __init__(self, api, link, name, stop):
        super().__init__()
        self.api, self.link, self.label, self.stop = api, link, name, stop
        self.journal = []  # (e-mail, session, texts acknowledged)
        self.acknowledged = self.refused = 0
        self.failure = None
        self.moved = threading.Condition()

    def until(self, send, *good):
        while True:
            reply = send()
            ok = allowed(reply, *good)
            with self.moved:
                self.acknowledged += ok
                self.refused += not ok
                self.moved.notify_all()
            if ok:
                return reply
            assert not self.stop.is_set() or self.refused < 100000

    def wait_for(self, n):
        with self.moved:
            assert self.moved.wait_for(lambda: self.failure or self.acknowledged >= n, WAIT_S), f"{self.label} stands still"
        assert not self.failure, self.failure

    def interview(self, email):
        body = {"full_name": "Casey Candidate", "email": email, "consent_recording": True, "consent_ai": True}
        made = self.until(lambda: self.api.anonymous.post(f"/api/v1/public/interviews/{self.link}/register", json=body), 201)
        data = made.json()["data"]
        texts = []
        self.journal.append((email, data["session_id"], texts))
        base = f"/api/v1/public/sessions/{data['session_id']}"
        with self.api.server.client(self.api.contract, data["session_token"]) as client:
            state = self.until(lambda: client.post(base + "/start"), 200).json()["data"]
            for k in itertools.count():
                answer = next((a for a in state["answers"] if a["status"] == "open"), None)
                if answer is None:
                    return
                text = TEXT.format(f"{email} {k}")
                # one whose reply was lost may have been taken: the same again is then a conflict, and the state says so
                self.until(lambda: client.post(f"{base}/answers/{answer['id']}/text", json={"text": text}), 200, 409)
                texts.append((answer["id"], text))
                state = self.until(lambda: client.post(base + "/start"), 200, 409, 410).json().get("data") or {"answers": []}

    def run(self):
        try:
            for n in itertools.count():
                if self.stop.is_set():
                    return
                self.interview(f"{self.label}-{n}@example.org")
        except BaseException as e:  # noqa: BLE001 - told to the thread that waits
            with self.moved:
                self.failure = e
                self.moved.notify_all()


def check_journal(api, interview, writers):
    sessions = {}
    page = 1
    while True:
        data = api.recruiter.get(f"/api/v1/interviews/{interview['id']}/sessions", params={"page": page, "page_size": 100}).json()["data"]
        for one in data["items"]:
            assert one["candidate"]["email"] not in sessions, "a candidate has two sessions"
            sessions[one["candidate"]["email"]] = one["id"]
        if page * 100 >= data["total"]:
            break
        page += 1
    checked = 0
    for writer in writers:
        for email, session, texts in writer.journal:
            assert sessions[email] == session
            detail = api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"]
            answers = {a["id"]: a for a in detail["answers"]}
            assert len({a["position"] for a in detail["answers"]}) == len(detail["answers"])
            for answer, text in texts:
                assert answers[answer]["status"] == "ended" and answers[answer]["text"] == text, (email, answers[answer])
                checked += 1
    assert checked >= 20
    return checked


def test_killed_in_the_middle_of_interviews(mariadb_server, api_on_it):
    api = api_on_it
    interview = api.interview(questions=3)
    stop = threading.Event()
    writers = [Writer(api, interview["link"], f"writer{i}", stop) for i in range(4)]
    reads = []

    def read():
        while not stop.is_set():
            reply = api.recruiter.get(f"/api/v1/interviews/{interview['id']}")
            if allowed(reply, 200):
                reads.append(reply.json()["data"]["statistics"]["candidates"])

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        try:
            for w in writers:
                w.start()
            for how in ("KILL", "KILL", "TERM"):
                for w in writers:
                    w.wait_for(w.acknowledged + 8)
                mariadb_server.stop(how)
                refused = [w.refused for w in writers]
                wait_for(lambda: sum(w.refused for w in writers), lambda n: n > sum(refused), "a refusal")
                mariadb_server.start()
            for w in writers:
                w.wait_for(w.acknowledged + 8)  # by itself: viva was not touched
        finally:
            stop.set()
            for w in writers:
                w.join()
        reader.result()
    assert not [w.failure for w in writers if w.failure]
    assert reads == sorted(reads), "a reader saw a candidate go"
    checked = check_journal(api, interview, writers)
    print(f"{checked} answers, {sum(w.refused for w in writers)} refusals")


def test_stopped_for_a_while(mariadb_server, api_on_it):
    """A server that does not answer is waited for, and not for ever."""
    api = api_on_it
    interview = api.interview()
    path = f"/api/v1/interviews/{interview['id']}"
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        os.kill(mariadb_server.pid, signal.SIGSTOP)
        waiting = pool.submit(api.recruiter.get, path)
        with pytest.raises(concurrent.futures.TimeoutError):
            waiting.result(1)
        os.kill(mariadb_server.pid, signal.SIGCONT)
        assert waiting.result(WAIT_S).status_code == 200

        os.kill(mariadb_server.pid, signal.SIGSTOP)
        read = pool.submit(api.recruiter.get, path)
        write = pool.submit(api.recruiter.patch, path, json={"title": "Never heard of"})
        began = time.monotonic()
        assert not allowed(read.result(WAIT_S), ())
        assert not allowed(write.result(WAIT_S), ())
        print(f"refused after {time.monotonic() - began:.1f} s")
        os.kill(mariadb_server.pid, signal.SIGCONT)
    reply = wait_for(lambda: api.recruiter.patch(path, json={"title": "Heard"}), lambda r: r.status_code != 503, "a write")
    assert reply.status_code == 200
    assert api.recruiter.get(path).json()["data"]["title"] == "Heard"


def test_start_waits_for_nobody(mariadb_server, fresh):
    """Without its database the server does not start, and says why."""
    server = fresh(start=False, DATABASE_URL=mariadb_server.url + "viva_start")
    mariadb_server.stop()
    done = server.run("serve", check=False)
    assert done.returncode != 0
    assert "database_unreachable" in done.stderr or "cannot be reached" in done.stderr, done.stderr
    assert PASSWORD not in done.stderr and "viva-test-password" not in done.stderr + done.stdout
    checked = server.run("check", check=False).stdout
    assert "cannot be reached" in checked, checked
    mariadb_server.start()
    checked = server.run("check", check=False).stdout
    assert ["database", "there"] in [line.split() for line in checked.splitlines()], checked
    server.start()
    assert httpx.post(server.base + "/api/v1/auth/register", json=person("ada@example.org")).status_code == 201
