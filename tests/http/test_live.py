"""The live WebSocket's door and its main line with the fake engines: greeting, questions, answers, end, reconnection."""

import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

WAIT_S = 60
FRAME = b"\x00\x00" * 320


def dial(api, session, token, origin=None, protocols=("viva.v1",)):
    url = api.server.base.replace("http", "ws", 1) + f"/api/v1/public/sessions/{session}/live"
    return connect(url, subprotocols=[*protocols, f"token.{token}"], origin=origin, open_timeout=WAIT_S, proxy=None)


class Talk:
    """A candidate's client: plays at once whatever is said, and remembers every event."""

    def __init__(self, api, session, token):
        self.ws = dial(api, session, token)
        self.events, self.sound = [], {}
        self.send("session.start", audio={"codec": "pcm16"}, playback=["pcm16"], microphone=True, camera=False)

    def send(self, kind, **fields):
        self.ws.send(json.dumps({"type": kind, **fields}))

    def receive(self):
        message = self.ws.recv(timeout=WAIT_S)
        if isinstance(message, bytes):
            assert message[0] == 0x81
            number = int.from_bytes(message[1:5], "little")
            self.sound[number] = self.sound.get(number, 0) + (len(message) - 5) // 2
            return None
        event = json.loads(message)
        self.events.append(event)
        if event["type"] == "utterance.audio.done":
            self.send("playback.started", utterance_id=event["utterance_id"])
            self.send("playback.finished", utterance_id=event["utterance_id"])
        return event

    def until(self, kind):
        while True:
            event = self.receive()
            if event and event["type"] == kind:
                return event
            assert not (event and event["type"] == "error" and event["fatal"]), event

    def utterances(self, kind):
        return [e for e in self.events if e["type"] == "utterance.created" and e["kind"] == kind]


@pytest.fixture
def session(api, request):
    one = api.interview()
    client, session = api.candidate(one, f"live-{abs(hash(request.node.nodeid))}@example.org")
    return one, client, session


def test_door(api, session):
    _, client, number = session
    for token, protocols in (("wrong", ("viva.v1",)), ("", ("viva.v1",))):
        with pytest.raises(InvalidStatus) as refused:
            dial(api, number, token or "x", protocols=protocols)
        assert refused.value.response.status_code in (401, 403)
    with pytest.raises(InvalidStatus) as refused:
        dial(api, number, client.token, origin="https://evil.example")
    assert refused.value.response.status_code == 403
    stranger, other = api.candidate(api.interview(), "stranger@example.org")
    with pytest.raises(InvalidStatus) as refused:
        dial(api, number, stranger.token)
    assert refused.value.response.status_code in (401, 403, 404)


def test_typed_interview_over_the_socket(api, session):
    one, client, number = session
    talk = Talk(api, number, client.token)
    created = talk.until("session.created")
    assert created["question_count"] == 3 and created["resumed"] is False
    for n, question in enumerate(one["questions"], 1):
        started = talk.until("answer.started")
        assert started["position"] == n and started["resumed"] is False
        talk.send("answer.text", answer_id=started["answer_id"], text=f"Typed answer number {n}.")
        ended = talk.until("answer.ended")
        assert ended["position"] == n and ended["reason"] == "text" and f"number {n}" in ended["text"]
    talk.until("session.completed")
    assert len(talk.utterances("greeting")) == 1 and len(talk.utterances("farewell")) == 1
    asked = talk.utterances("question")
    assert len(asked) == 3 and all(u["text"].endswith(q["text"]) for u, q in zip(asked, one["questions"]))
    for u in [e for e in talk.events if e["type"] == "utterance.created"]:
        assert talk.sound[u["utterance_id"]] == u["samples"] > 0
        times = [(s, e) for _, s, e in u["phonemes"]]
        assert times[0][0] == 0 and abs(times[-1][1] * 1000 - u["duration_ms"]) < 2
        assert all(a[1] == pytest.approx(b[0], abs=1e-3) for a, b in zip(times, times[1:]))
    assert client.get(f"/api/v1/public/sessions/{number}").json()["data"]["status"] == "completed"
    with pytest.raises(ConnectionClosed):
        while True:
            talk.ws.recv(timeout=WAIT_S)


def test_reconnection_goes_on_at_the_same_question(api, session):
    one, client, number = session
    talk = Talk(api, number, client.token)
    first = talk.until("answer.started")
    talk.send("answer.text", answer_id=first["answer_id"], text="The first answer.")
    talk.until("answer.ended")
    second = talk.until("answer.started")
    talk.ws.close()
    again = Talk(api, number, client.token)
    created = again.until("session.created")
    assert created["resumed"] is True and created["position"] == 2
    resumed = again.until("answer.started")
    assert resumed["answer_id"] == second["answer_id"] and resumed["resumed"] is True
    assert not again.utterances("greeting")
    again.ws.close()


def test_a_second_connection_replaces_the_first(api, session):
    _, client, number = session
    first = Talk(api, number, client.token)
    first.until("session.created")
    second = Talk(api, number, client.token)
    second.until("session.created")
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            first.ws.recv(timeout=WAIT_S)
    assert closed.value.rcvd.code == 4409
    second.ws.close()


@pytest.mark.parametrize("message", ["", "{", "[]", '{"type": 5}', '{"type": "no.such"}', '{"type": "answer.text"}', "x" * 70_000])
def test_malformed_messages_do_no_harm(api, session, message):
    _, client, number = session
    ws = dial(api, number, client.token)
    ws.send(message)
    try:
        while json.loads(ws.recv(timeout=WAIT_S))["type"] != "error":
            pass
    except ConnectionClosed as closed:
        assert closed.rcvd.code in (1002, 1003, 1007, 1008, 1009)
    assert api.anonymous.get("/healthz").status_code == 200
    ws.close()


def test_restart_of_the_server_in_the_middle(fresh, contract):
    from conftest import Api
    server = fresh()
    api = Api(server, contract)
    one = api.interview()
    client, number = api.candidate(one)
    talk = Talk(api, number, client.token)
    first = talk.until("answer.started")
    talk.send("answer.text", answer_id=first["answer_id"], text="Kept through the crash.")
    talk.until("answer.ended")
    second = talk.until("answer.started")
    server.kill()
    server.start()
    again = Talk(api, number, client.token)
    assert again.until("session.created")["position"] == 2
    assert again.until("answer.started")["answer_id"] == second["answer_id"]
    state = server.client(contract, client.token).get(f"/api/v1/public/sessions/{number}").json()["data"]
    assert state["answers"][0]["text"] == "Kept through the crash."
    again.ws.close()
