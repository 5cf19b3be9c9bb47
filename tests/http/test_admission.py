"""More candidates than may be interviewed at once: a queue, for the conversation and for the interview in writing."""

import pytest
from conftest import Api, Server
from test_live import Talk


@pytest.fixture
def one_at_once(tmp_path, contract):
    server = Server(tmp_path, LIVE_SESSIONS_MAX=1).migrate().start()
    yield Api(server, contract)
    server.stop()


def start(client, session):
    return client.post(f"/api/v1/public/sessions/{session}/start")


def test_the_second_waits_for_the_first_and_nobody_who_began_is_refused(one_at_once):
    api = one_at_once
    interview = api.interview(questions=1)
    (first, a), (second, b), (third, c) = (api.candidate(interview, f"{n}@example.org") for n in "abc")
    talk = Talk(api, a, first.token)
    opened = talk.until("answer.started")

    waiting = Talk(api, b, second.token)
    busy = waiting.until("server.busy")
    assert busy["position"] == 1 and busy["retry_after_s"] > 0
    assert "You are number 1 in the queue" in busy["message"] and "your link stays valid" in busy["message"]
    refused = start(third, c)
    assert refused.status_code == 503 and int(refused.headers["Retry-After"]) >= 5
    assert refused.json()["error"]["code"] == "server_busy" and "number 2 in the queue" in refused.json()["message"]
    live = api.admin.get("/api/v1/admin/statistics").json()["data"]["live"]
    assert (live["under_way"], live["waiting"]) == (1, 2)
    assert third.get(f"/api/v1/public/sessions/{c}").json()["data"]["status"] == "registered"

    # The first comes back by a new connection, and goes on in writing: it has begun.
    talk.ws.close()
    talk = Talk(api, a, first.token)
    assert talk.until("answer.started")["answer_id"] == opened["answer_id"]
    assert start(first, a).status_code == 200
    talk.send("answer.text", answer_id=opened["answer_id"], text="All of it.")
    talk.until("session.completed")

    waiting.until("answer.started")  # begins by itself
    assert start(third, c).status_code == 503
    waiting.ws.close()


def test_the_queue_is_told_when_it_moves(one_at_once):
    api = one_at_once
    interview = api.interview(questions=1)
    people = [api.candidate(interview, f"{n}@example.org") for n in range(3)]
    talk = Talk(api, people[0][1], people[0][0].token)
    answer = talk.until("answer.started")
    waiting = [Talk(api, s, c.token) for c, s in people[1:2]]
    assert waiting[0].until("server.busy")["position"] == 1
    waiting.append(Talk(api, people[2][1], people[2][0].token))
    assert waiting[1].until("server.busy")["position"] == 2
    talk.send("answer.text", answer_id=answer["answer_id"], text="Done.")
    assert waiting[1].until("server.busy")["position"] == 1
    waiting[0].until("answer.started")
    for w in waiting:
        w.ws.close()
