"""How the installation does: figures move with what is done, and nothing secret is shown."""

import datetime
import re

import pytest

from conftest import Api, wait_for

URL = "/api/v1/admin/statistics"


def statistics(api, **query):
    reply = api.admin.get(URL, params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory, contract):
    """A server that nobody else uses: figures are exact."""
    from conftest import Server

    server = Server(tmp_path_factory.mktemp("statistics"), JWT_SECRET="a secret that nobody must ever be shown").migrate().start()
    yield Api(server, contract)
    server.stop()


def test_figures_follow_what_is_done(quiet):
    before = statistics(quiet, days=2)
    assert before["users"] == {"admin": 1, "recruiter": 2, "reviewer": 1, "disabled": 0}
    assert before["candidates"] == 0 and before["reports"]["ready"] == 0
    one = quiet.interview()
    client, session = quiet.candidate(one, "first@example.org")
    quiet.answer_all(client, session, ["I measured it.", "I asked.", "We fixed it."])
    quiet.candidate(one, "second@example.org")
    third, gone = quiet.candidate(one, "third@example.org")
    third.post(f"/api/v1/public/sessions/{gone}/withdraw")
    after = wait_for(lambda: statistics(quiet, days=2), lambda x: x["reports"]["ready"] == 1, "the report")
    assert after["interviews"]["open"] == 1 and after["candidates"] == 3
    assert after["sessions"] == {"registered": 1, "in_progress": 0, "completed": 1, "withdrawn": 1}
    both = {k: sum(d[k] for d in after["days"]) for k in ("registered", "started", "completed", "withdrawn", "reports_ready")}
    assert both == {"registered": 3, "started": 1, "completed": 1, "withdrawn": 1, "reports_ready": 1}


def test_every_day_has_its_row(quiet):
    for n in (1, 7, 90):
        days = [datetime.date.fromisoformat(d["day"]) for d in statistics(quiet, days=n)["days"]]
        assert len(days) == n and all(b - a == datetime.timedelta(days=1) for a, b in zip(days, days[1:]))
    assert len(statistics(quiet)["days"]) == 30


@pytest.mark.parametrize("days", [0, 91, "x", "1.5"])
def test_days_are_limited(api, days):
    reply = api.admin.get(URL, params={"days": days})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == "days"


def test_latency_is_measured_by_class(quiet):
    before = {v["name"]: v["total"]["count"] for v in statistics(quiet)["requests"]}
    for _ in range(5):
        quiet.recruiter.get("/api/v1/interviews")
    # counted when the reply is on its way: the last one may come in a moment later
    seen = wait_for(lambda: {v["name"]: v for v in statistics(quiet)["requests"]},
                    lambda now: now["interviews"]["total"]["count"] == before.get("interviews", 0) + 5, "the counting")
    total = seen["interviews"]["total"]
    assert 0 < total["p50_ms"] <= total["p99_ms"] and seen["interviews"]["recent"]["count"] == total["count"]
    assert "auth" in seen and "admin" in seen


def test_engines_are_measured(quiet):
    before = {v["name"]: v["total"]["count"] for v in statistics(quiet)["engine_latency"]}
    assert set(before) == {"stt", "tts", "vad"}
    said = quiet.recruiter.post("/api/v1/ai/tts", json={"text": "One two three."})
    assert said.status_code == 200
    after = {v["name"]: v for v in statistics(quiet)["engine_latency"]}
    assert after["tts"]["total"]["count"] > before["tts"] and after["tts"]["last_ms"] is not None


def test_storage_and_health(quiet):
    now = statistics(quiet)
    assert now["live"] == {"under_way": 0, "waiting": 0, "held": 0, "speech_utilisation": now["live"]["speech_utilisation"], "captions_delayed": False}
    assert 0 <= now["live"]["speech_utilisation"] < 0.5
    assert now["storage"]["free_bytes"] > 0 and now["storage"]["database_bytes"] > 0 and now["storage"]["disk_complete"]
    assert now["database"]["ready"] and now["cache"]["ready"] and now["cache"]["name"] == "memory"
    assert all(now["engines"][e]["ready"] for e in ("stt", "tts", "vad"))


def test_system_shows_no_secret(quiet):
    reply = quiet.admin.get("/api/v1/admin/system")
    assert reply.status_code == 200
    seen = reply.json()["data"]
    assert re.match(r"\d", seen["version"]) and seen["stt_provider"] == "fake" and seen["cache"] == "memory"
    assert seen["rate_limit_scale"] == 0 and seen["workers"] > 0
    assert "nobody must ever" not in reply.text and "sqlite:" not in reply.text
