"""Two replicas on one database and one Redis: what they share; and what is left when Redis is killed, stopped or emptied in the
middle of traffic. Needs redis-server (tests/servers.sh)."""

import concurrent.futures
import os
import signal
import subprocess
import threading
import uuid

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from conftest import PASSWORD, ROOT, Api, Server, wait_for
from test_live import Talk


class Redis:
    """One redis-server of the test's own, without persistence: a restart comes back empty."""

    def __init__(self, directory):
        self.directory = directory
        self.url = None

    def start(self):
        done = subprocess.run(["bash", ROOT / "tests/servers.sh", "start_redis", self.directory], capture_output=True, text=True, check=True)
        self.url = done.stdout.split()[-1]
        return self

    def send(self, what):
        os.kill(int((self.directory / "pid").read_text()), what)

    def stop(self, what="KILL"):
        subprocess.run(["bash", ROOT / "tests/servers.sh", "stop_redis", self.directory, what], check=True)

    def ask(self, *words):
        port = (self.directory / "port").read_text().strip()
        password = self.url.split(":")[2].split("@")[0]
        return subprocess.run(["redis-cli", "-h", "127.0.0.1", "-p", port, *words], env={**os.environ, "REDISCLI_AUTH": password},
                              capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture
def redis(tmp_path):
    one = Redis(tmp_path / "redis").start()
    yield one
    try:
        one.send(signal.SIGCONT)
    except (OSError, ValueError):
        pass
    one.stop()


@pytest.fixture
def replicas(fresh, redis):
    """Starts two servers on the same data and the same Redis: replicas(SETTING=...)."""
    second = []

    def make(**settings):
        a = fresh(REDIS_URL=redis.url, **settings)
        b = Server(a.directory, **{**settings, "REDIS_URL": redis.url})
        b.log_path = a.directory / "second.log"
        second.append(b.start())
        return a, b

    yield make
    for server in second:
        if server.process and server.process.poll() is None:
            server.kill()


def cache_of(server):
    reply = httpx.get(server.base + "/readyz", timeout=60)
    return reply.status_code, reply.json()["checks"]["cache"]


def guess(server, email, password="wrong wrong wrong"):
    return httpx.post(server.base + "/api/v1/auth/login", data={"username": email, "password": password}, timeout=60)


def knock(server):
    """Of the log-ins' rate class, and no work: 401 or 429."""
    return httpx.post(server.base + "/api/v1/auth/refresh", json={"refresh_token": "unknown"}, timeout=60)


def test_ready_and_check_say_where_the_cache_is(fresh, redis):
    assert cache_of(fresh()) == (200, {"ok": True, "message": "in-process"})
    server = fresh(REDIS_URL=redis.url)
    assert cache_of(server) == (200, {"ok": True, "message": "redis"})
    redis.stop("KILL")
    status, cache = cache_of(server)
    assert status == 200 and not cache["ok"] and "away" in cache["message"]  # this replica still holds interviews
    checked = server.run("check", check=False)
    assert checked.returncode == 1 and "Redis is away" in checked.stdout
    for n in range(20):
        assert guess(server, f"u{n}@example.org").status_code == 401
    assert server.log.count('"cache_away"') == 1  # said once
    redis.start()
    wait_for(lambda: cache_of(server)[1], lambda c: c["ok"], "Redis used again")
    assert "Redis is away" not in server.run("check", check=False).stdout and server.log.count('"cache_back"') == 1
    assert redis.url.split(":")[2].split("@")[0] not in server.log


def test_the_server_starts_without_its_redis_and_says_so(fresh, redis):
    redis.stop()
    server = fresh(REDIS_URL=redis.url)
    assert cache_of(server)[1]["ok"] is False and '"cache_away"' in server.log
    redis.start()
    wait_for(lambda: cache_of(server)[1], lambda c: c["ok"], "Redis used")


def test_a_wrong_password_is_told(fresh, redis):
    server = fresh(REDIS_URL=redis.url.replace("viva-test-password", "wrong-canary"))
    cache = cache_of(server)[1]
    assert not cache["ok"] and "WRONGPASS" in cache["message"] and "wrong-canary" not in server.log + cache["message"]


@pytest.mark.parametrize("before,after", [(("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
                                          (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"))], ids=["full", "a copy"])
def test_a_redis_that_takes_no_writes_is_away(fresh, redis, before, after):
    server = fresh(REDIS_URL=redis.url, RATE_LIMIT_SCALE="10")
    redis.ask(*before)
    assert [guess(server, "boss@example.org").status_code for _ in range(6)] == [401] * 6
    assert cache_of(server)[1]["ok"] is False
    assert [guess(server, "boss@example.org").status_code for _ in range(12)].count(429) >= 6  # the guard goes on here
    redis.ask(*after)
    wait_for(lambda: cache_of(server)[1], lambda c: c["ok"], "Redis used again")
    assert server.log.count('"cache_away"') == 1  # not once for every try


def test_rates_are_counted_together(replicas):
    a, b = replicas(RATE_LIMIT_SCALE="1")
    codes = []
    for n in range(36):  # log-ins: 20 at once; each replica alone would let 18 pass
        codes.append(knock((a, b)[n % 2]))
    limited = [r for r in codes if r.status_code == 429]
    assert limited and {r.status_code for r in codes} == {401, 429}
    assert int(limited[0].headers["retry-after"]) >= 1


def test_guesses_are_counted_together(replicas):
    a, b = replicas(RATE_LIMIT_SCALE="10")
    codes = [guess((a, b)[n % 2], "boss@example.org").status_code for n in range(24)]
    assert codes[:6] == [401] * 6 and codes.count(429) >= 8


def test_rates_are_counted_alone_while_redis_is_away(replicas, redis):
    a, b = replicas(RATE_LIMIT_SCALE="1")
    redis.send(signal.SIGSTOP)
    for server in (a, b):
        codes = [knock(server).status_code for _ in range(60)]
        assert 429 in codes and codes[:15] == [401] * 15  # neither open to all nor shut
    redis.send(signal.SIGCONT)
    for server in (a, b):
        wait_for(lambda: cache_of(server)[1], lambda c: c["ok"], "Redis used again")


def test_nothing_personal_stands_in_redis(replicas, redis, contract):
    a, b = replicas(RATE_LIMIT_SCALE="100")
    api = Api(a, contract)
    api.candidate(api.interview(), "canary-candidate@example.org", "canary-name")
    guess(b, "canary-guessed@example.org", "canary-password")
    keys = redis.ask("--scan")
    assert any(k.startswith("viva:login.") for k in keys) and any(k.startswith("viva:rate.") for k in keys)
    values = [line for k in keys for line in redis.ask("GET" if redis.ask("TYPE", k) == ["string"] else "HGETALL", k)]
    text = "\n".join(keys + values)
    for secret in ("canary", "example.org", "127.0.0.1", PASSWORD):
        assert secret not in text
    assert all(k.startswith("viva:") for k in keys)
    assert all(int(redis.ask("PTTL", k)[0]) != -1 for k in keys)  # everything has an end


def replica_api(api, server):
    other = Api.__new__(Api)
    other.server, other.contract, other.anonymous = server, api.contract, server.client(api.contract)
    return other


def test_a_session_moves_to_the_other_replica(replicas, contract):
    a, b = replicas()
    api = Api(a, contract)
    client, session = api.candidate(api.interview())
    here = Talk(api, session, client.token)
    assert here.until("answer.started")["position"] == 1
    there = Talk(replica_api(api, b), session, client.token)
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            here.receive()
    assert closed.value.rcvd.code == 4409
    assert there.until("session.created")["resumed"] is True
    started = there.until("answer.started")
    assert started["position"] == 1 and started["resumed"] is True
    here = Talk(api, session, client.token)  # and back
    assert here.until("answer.started")["resumed"] is True
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            there.receive()
    assert closed.value.rcvd.code == 4409
    here.ws.close()


def test_an_answer_over_rest_at_the_other_replica_moves_the_conversation_on(replicas, contract):
    a, b = replicas()
    api = Api(a, contract)
    client, session = api.candidate(api.interview())
    talk = Talk(api, session, client.token)
    first = talk.until("answer.started")
    other = b.client(contract, client.token)
    reply = other.post(f"/api/v1/public/sessions/{session}/answers/{first['answer_id']}/text", json={"text": "Said elsewhere."})
    assert reply.status_code == 200
    assert talk.until("answer.started")["position"] == 2
    talk.ws.close()


@pytest.mark.parametrize("database", ["sqlite", "mysql"])
def test_traffic_goes_on_while_redis_dies_stops_and_comes_back(replicas, redis, contract, database):
    """Nothing acknowledged is lost, no answer is wrong; at worst a 429 or 503 that says when to come again."""
    settings = {}
    if database == "mysql":  # tests/run.sh starts one
        settings["DATABASE_URL"] = os.environ["VIVA_TEST_MYSQL_URL"] + f"viva_redis_{uuid.uuid4().hex[:12]}"
    a, b = replicas(RATE_LIMIT_SCALE="1000", **settings)
    api = Api(a, contract)
    one = api.interview(questions=10)
    acknowledged, refused = {}, []
    progress = [threading.Semaphore(0) for _ in range(4)]

    def ask(server, token, method, path, **body):
        while True:
            reply = httpx.request(method, server.base + path, headers={"Authorization": f"Bearer {token}"}, timeout=60, **body)
            if reply.status_code not in (429, 503):
                return reply
            assert int(reply.headers["retry-after"]) >= 1
            refused.append((reply.status_code, path))
            threading.Event().wait(0.05)

    def candidate(n):
        client, session = api.candidate(one, f"traffic{n}@example.org")
        acknowledged[session] = []
        server = (a, b)[n % 2]
        state = ask(server, client.token, "POST", f"/api/v1/public/sessions/{session}/start").json()["data"]
        for k in range(10):
            answer = next(x for x in state["answers"] if x["status"] == "open")
            text = f"answer {n} {k} with a few words"
            reply = ask((a, b)[(n + k) % 2], client.token, "POST", f"/api/v1/public/sessions/{session}/answers/{answer['id']}/text", json={"text": text})
            assert reply.status_code == 200, reply.text
            state = reply.json()["data"]
            acknowledged[session].append(text)
            progress[n].release()

    def after(count):
        for p in progress:
            for _ in range(count):
                assert p.acquire(timeout=60)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(candidate, n) for n in range(4)]
        after(2)
        redis.stop("KILL")
        after(2)
        redis.start()
        after(2)
        redis.send(signal.SIGSTOP)
        after(2)
        redis.send(signal.SIGCONT)
        for run in runs:
            run.result()
    for server in (a, b):
        wait_for(lambda: cache_of(server)[1], lambda c: c["ok"], "Redis used again")
    assert len(acknowledged) == 4
    for session, texts in acknowledged.items():
        detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                          lambda d: d["report"] and d["report"]["status"] == "ready", "a report")
        assert [x["text"] for x in detail["answers"]] == texts and len(texts) == 10
    if database == "sqlite":  # Redis is asked for nothing that a request needs; MariaDB may choose a victim of a deadlock
        assert not refused, refused
    for server in (a, b):
        assert "Sanitizer" not in server.log
