"""The live WebSocket's door and its main line with the fake engines: greeting, questions, answers, end, reconnection."""

import difflib
import json
import os
import pathlib
import re
import subprocess

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from conftest import ROOT, Server

RELEASE = ROOT / "build/release/viva"
WAIT_S = 60
FRAME = b"\x00\x00" * 320
START = {"audio": {"codec": "pcm16"}, "playback": ["pcm16"], "microphone": True, "camera": False}


def dial(api, session, token, origin=None, protocols=("viva.v1",)):
    url = api.server.base.replace("http", "ws", 1) + f"/api/v1/public/sessions/{session}/live"
    return connect(url, subprotocols=[*protocols, f"token.{token}"], origin=origin, open_timeout=WAIT_S, proxy=None)


class Talk:
    """A candidate's client: plays at once whatever is said, and remembers every event."""

    def __init__(self, api, session, token, start=True):
        self.ws = dial(api, session, token)
        self.events, self.sound = [], {}
        if start:
            self.send("session.start", **START)

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

    def utterances(self, kind=None):
        """Each with all its parts."""
        return [self.whole(e) for e in self.events if e["type"] == "utterance.created" and kind in (None, e["kind"])]

    def whole(self, created):
        one = dict(created, parts=1)
        for p in [e for e in self.events if e["type"] == "utterance.part" and e["utterance_id"] == one["utterance_id"]]:
            one.update({k: one[k] + p[k] for k in ("samples", "duration_ms", "phonemes", "words")}, parts=one["parts"] + 1)
        return one


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
    done = {e["utterance_id"]: e["samples"] for e in talk.events if e["type"] == "utterance.audio.done"}
    assert talk.utterances("greeting")[0]["parts"] >= 3, "it sounds before all of it is made"
    for u in talk.utterances():
        assert talk.sound[u["utterance_id"]] == u["samples"] == done[u["utterance_id"]] > 0
        assert [w for w, _, _ in u["words"]] == u["text"].split()
        times = [(s, e) for _, s, e in u["phonemes"]]
        assert times[0][0] == 0 and abs(times[-1][1] * 1000 - u["duration_ms"]) < 2
        assert all(a[1] == pytest.approx(b[0], abs=1e-3) for a, b in zip(times, times[1:]))
    assert client.get(f"/api/v1/public/sessions/{number}").json()["data"]["status"] == "completed"
    answers = api.recruiter.get(f"/api/v1/sessions/{number}").json()["data"]["answers"]
    for answer, question in zip(answers, one["questions"]):
        asked = [u for u in answer["utterances"] if u["speaker"] == "interviewer"]
        assert asked[-1]["text"].endswith(question["text"])
        assert all(u["start_ms"] <= 0 and u["end_ms"] > u["start_ms"] for u in asked), "said before the answer began"
        assert answer["text"] == f"Typed answer number {answer['position']}.", "what the interviewer says is no part of it"
    assert answers[0]["utterances"][0]["text"] == talk.utterances("greeting")[0]["text"]
    plain = api.recruiter.get(f"/api/v1/sessions/{number}/transcript.txt").text
    assert all(f"Interviewer: {u['text']}" in plain for u in talk.events if u.get("kind") in ("greeting", "question"))
    cues = api.recruiter.get(f"/api/v1/sessions/{number}/transcript.vtt").text.split("<v Interviewer>")[1:]
    assert len(cues) == 4  # the greeting and three questions
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


class Speaker(Talk):
    """Speaks sound into the open answer, 20 ms a packet, and can lose its network in the middle of it."""

    number = 0

    def at(self, answer, at_ms):
        self.send("input_audio_buffer.position", answer_id=answer, at_ms=at_ms)

    def say(self, pcm, packets):
        for i in packets:
            self.ws.send(b"\x01" + self.number.to_bytes(4, "little") + pcm[640 * i:640 * (i + 1)])
            self.number += 1

    def vanish(self):
        """As where packets are lost: no good-bye."""
        self.ws.socket.close()


def loud(packets):
    return b"\x00\x20" * 320 * packets


# Until three seconds of ours were played (this client plays in no time), what comes within a second of our sound may be ours.
BREATH = bytes(640 * 60)


def drop(api, client, number, speaker, answer):
    """The connection is gone; the next one, and how far the server had heard."""
    speaker.vanish()
    again = Speaker(api, number, client.token)
    started = again.until("answer.started")
    assert started["resumed"] is True and started["answer_id"] == answer
    assert not again.utterances("question"), "the question is not asked again"
    return again, started["heard_ms"]


@pytest.mark.parametrize("lost", [0, 7, 50])
def test_what_is_said_during_a_drop_comes_afterwards(api, session, lost):
    """The fake hears one word for each half second of a piece: 4 s in one piece are eight words, cut in two they are not."""
    _, client, number = session
    first = Speaker(api, number, client.token)
    answer = first.until("answer.started")["answer_id"]
    first.at(answer, 0)
    pcm = BREATH + loud(200)
    first.say(pcm, range(160 - lost))
    first.until("input_audio_buffer.speech_started")
    again, heard = drop(api, client, number, first, answer)
    assert heard % 20 == 0 and 0 < heard <= 20 * (160 - lost)
    again.at(answer, heard)
    again.say(pcm, range(heard // 20, 260))
    again.say(bytes(640 * 50), range(50))
    done = again.until("conversation.item.input_audio_transcription.completed")
    assert abs(done["start_ms"] - 1200) <= 40 and abs(done["end_ms"] - 5200) <= 60
    assert len(done["transcript"].split()) in (9, 10)  # with the pause before it and after it
    again.send("answer.done", answer_id=answer)
    assert again.until("answer.ended")["text"] == done["transcript"]
    again.ws.close()


def test_what_was_kept_from_before_a_crash_is_heard_after_it(fresh, contract):
    """What is stored is not heard twice; what was heard and not stored yet is heard again."""
    from conftest import Api
    server = fresh()
    api = Api(server, contract)
    client, number = api.candidate(api.interview())
    first = Speaker(api, number, client.token)
    answer = first.until("answer.started")["answer_id"]
    pcm = BREATH + loud(50) + bytes(640 * 50) + loud(100) + bytes(640 * 50)
    first.at(answer, 0)
    first.say(pcm, range(160))
    stored = first.until("conversation.item.input_audio_transcription.completed")
    first.say(pcm, range(160, 240))  # in the middle of the second sentence
    first.until("input_audio_buffer.speech_started")
    server.kill()
    server.start()
    again = Speaker(api, number, client.token)
    started = again.until("answer.started")
    assert started["heard_ms"] == stored["end_ms"]
    again.at(answer, started["heard_ms"])
    again.say(pcm, range(started["heard_ms"] // 20, 310))
    second = again.until("conversation.item.input_audio_transcription.completed")
    assert abs(second["start_ms"] - 3200) <= 60 and abs(second["end_ms"] - 5200) <= 60
    again.send("answer.done", answer_id=answer)
    assert again.until("answer.ended")["text"] == f"{stored['transcript']} {second['transcript']}"
    again.ws.close()


MODELS = os.environ.get("VIVA_TEST_MODELS_DIR", "")
SPEECH = pathlib.Path(os.environ.get("VIVA_SHARED", ROOT.parent / "shared")) / "data/speech"
CLIP = "1688-142285-0001.flac"  # a sentence of ten seconds


def words(text):
    return re.sub(r"[^a-z ]", "", text.lower()).split()


@pytest.mark.skipif(not MODELS or not (SPEECH / CLIP).exists(), reason="VIVA_TEST_MODELS_DIR and the recordings of shared/ are needed")
def test_a_drop_in_the_middle_of_a_sentence_costs_no_words(tmp_path, contract):
    """Real speech, real ears: the same words come with two drops in it as without."""
    from conftest import Api
    server = Server(tmp_path, binary=RELEASE, STT_PROVIDER="whisper", VAD_PROVIDER="silero", MODELS_DIR=MODELS).migrate().start()
    try:
        api = Api(server, contract)
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", SPEECH / CLIP, "-ac", "1", "-ar", "16000", "-f", "s16le", "-"], capture_output=True, check=True).stdout
        pcm = raw[:len(raw) // 640 * 640] + bytes(640 * 60)
        n = len(pcm) // 640
        heard = {}
        for cuts in ((), (n // 3, n // 2)):
            client, number = api.candidate(api.interview(), f"drop{len(cuts)}@example.org")
            speaker = Speaker(api, number, client.token)
            answer = speaker.until("answer.started")["answer_id"]
            at = 0
            speaker.at(answer, 0)
            for cut in cuts:
                speaker.say(pcm, range(at, cut))
                speaker, heard_ms = drop(api, client, number, speaker, answer)
                at = heard_ms // 20
                speaker.at(answer, heard_ms)
            speaker.say(pcm, range(at, n))
            speaker.send("answer.done", answer_id=answer)
            heard[cuts] = words(speaker.until("answer.ended")["text"])
            speaker.ws.close()
        whole, dropped = heard.values()
        assert len(whole) > 20
        same = difflib.SequenceMatcher(None, whole, dropped, autojunk=False)
        missing = [whole[i:j] for op, i, j, *_ in same.get_opcodes() if op in ("delete", "replace")]
        assert sum(map(len, missing)) <= 1, missing  # Whisper may hear a word otherwise when its pieces are other ones
    finally:
        server.stop()


def practise(talk, phrase=None):
    """Through one practice question: spoken, and with a typed phrase when one is given. What came back as heard."""
    talk.send("session.start", practice=True, **START)
    answer = talk.until("answer.started")["answer_id"]
    assert talk.utterances("question")[-1]["question"] == "Tell me about something you enjoy doing."
    talk.say(loud(100) + bytes(640 * 50), range(150))
    spoken = talk.until("conversation.item.input_audio_transcription.completed")["transcript"]
    if phrase:
        talk.send("answer.text", answer_id=answer, text=phrase)
    else:
        talk.say(bytes(640 * 250), range(250))  # it ends by itself
    ended = talk.until("answer.ended")
    assert ended["reason"] == ("text" if phrase else "endpoint")
    heard = talk.until("practice.ended")["text"]
    assert heard == ended["text"] == (f"{spoken} {phrase}" if phrase else spoken) and spoken
    return answer


def test_practice_is_a_conversation_of_which_nothing_is_kept(fresh, contract):
    from conftest import ON_MYSQL, Api
    server = fresh()
    api = Api(server, contract)
    one = api.interview()
    client, number = api.candidate(one)
    phrase = "Quizzical zebras juggle at dawn."
    talk = Speaker(api, number, client.token, start=False)
    talk.until("session.created")
    first, second = practise(talk, phrase), practise(talk)
    assert first != second, "it may be repeated"
    assert not talk.utterances("greeting")
    seen = api.recruiter.get(f"/api/v1/sessions/{number}").json()["data"]
    assert seen["status"] == "registered" and seen["answers"] == [] and seen["started_at"] is None
    assert client.get(f"/api/v1/public/sessions/{number}").json()["data"]["answers"] == []
    assert "zebras" not in server.log
    if not ON_MYSQL:
        kept = [p for p in (server.directory / "data").rglob("*") if p.is_file()]
        assert kept and not any(b"zebras" in p.read_bytes() for p in kept), "nothing is kept"
    # The interview itself begins as if there had been no practice, and afterwards there is none.
    talk.send("session.start", **START)
    started = talk.until("answer.started")
    assert started["position"] == 1 and len(talk.utterances("greeting")) == 1
    answers = client.get(f"/api/v1/public/sessions/{number}").json()["data"]["answers"]
    assert [a["id"] for a in answers] == [started["answer_id"]]
    talk.send("session.start", practice=True, **START)
    assert talk.until("error")["code"] == "practice_over"
    talk.send("answer.text", answer_id=started["answer_id"], text="The interview goes on.")
    assert talk.until("answer.ended")["text"] == "The interview goes on."
    talk.ws.close()


def test_a_connection_that_breaks_in_practice_comes_back_to_the_interview(api, session):
    one, client, number = session
    first = Speaker(api, number, client.token, start=False)
    first.send("session.start", practice=True, **START)
    first.until("answer.started")
    first.vanish()
    again = Talk(api, number, client.token)
    assert again.until("session.created")["question_count"] == len(one["questions"])
    again.until("answer.started")
    assert len(again.utterances("greeting")) == 1 and again.utterances("question")[-1]["question"] == one["questions"][0]["text"]
    again.ws.close()


# ---- what a candidate may want beside answering ----


def talk_to(api, name, **fields):
    one = api.interview(publish=False, **fields)
    for q in one["questions"]:
        api.recruiter.patch(f"/api/v1/interviews/{one['id']}/questions/{q['id']}", json={"rephrased": f"In other words, number {q['position']}?"})
    assert api.recruiter.post(f"/api/v1/interviews/{one['id']}/publish").status_code == 200
    client, number = api.candidate(one, f"{name}@example.org")
    return one, client, number, Talk(api, number, client.token)


def test_rephrase_slower_skip(api):
    one, client, number, talk = talk_to(api, "wishes", allow_pause=False)
    created = talk.until("session.created")
    assert created["allow_skip"] is True and created["allow_pause"] is False and created["slower"] is False
    talk.until("answer.started")
    talk.send("question.rephrase")
    talk.until("answer.started")
    said = talk.utterances("question")[-1]
    assert said["text"].endswith("In other words, number 1?") and said["question"] == one["questions"][0]["text"]
    talk.send("question.repeat")
    talk.until("answer.started")
    talk.send("voice.rate", rate=0.8)
    assert talk.until("voice.rate")["rate"] == 0.8
    talk.until("answer.started")
    first, again, slow = (talk.utterances("question")[i] for i in (0, -2, -1))
    assert slow["text"] == again["text"] == one["questions"][0]["text"] and slow["duration_ms"] == pytest.approx(again["duration_ms"] / 0.8, rel=0.02)
    assert re.fullmatch(r"You have .* minutes? .*for (each answer|this one)\. You can add time if you need it\. " + re.escape(again["text"]), first["text"])
    assert slow["phonemes"][-1][2] * 1000 == pytest.approx(slow["duration_ms"], abs=2)
    talk.send("question.skip")
    ended = talk.until("answer.ended")
    assert ended["position"] == 1 and ended["reason"] == "skipped" and ended["text"] == ""
    talk.send("interview.pause")
    assert talk.until("error")["code"] == "no_pause"
    for n in (2, 3):
        started = talk.until("answer.started")
        talk.send("answer.text", answer_id=started["answer_id"], text=f"Typed answer number {n} with some words in it.")
    talk.until("session.completed")
    answers = api.recruiter.get(f"/api/v1/sessions/{number}").json()["data"]["answers"]
    assert [a["skipped"] for a in answers] == [True, False, False] and answers[0]["mode"] == "none"


def test_what_may_not_be_skipped(api):
    _, _, _, talk = talk_to(api, "noskip", allow_skip=False)
    talk.until("answer.started")
    talk.send("question.skip")
    assert talk.until("error")["code"] == "no_skip"
    talk.ws.close()


def test_a_pause_survives_a_reload(api):
    _, client, number, talk = talk_to(api, "pause")
    talk.until("answer.started")
    talk.send("interview.pause")
    assert 1700_000 < talk.until("interview.paused")["left_ms"] <= 1800_000
    talk.ws.close()
    again = Talk(api, number, client.token)
    again.until("interview.paused")
    again.send("interview.resume")
    again.until("interview.resumed")
    assert again.until("answer.started")["position"] == 1
    assert len(again.utterances("question")) == 1 and not again.utterances("greeting")
    again.ws.close()


def test_time_to_think_and_more_time(api):
    one, client, number, talk = talk_to(api, "think", think_time_s=30)
    started = talk.until("answer.started")
    limit = one["questions"][0]["time_limit_s"]
    assert talk.until("answer.time")["left_ms"] == limit * 1000 == started["time_limit_s"] * 1000
    assert talk.until("think.started")["ms"] == 30_000
    talk.send("think.done")
    assert talk.until("answer.time")["left_ms"] == limit * 1000
    talk.send("answer.extend", answer_id=started["answer_id"])
    longer = talk.until("answer.time")
    assert limit * 1000 + 60_000 < longer["left_ms"] <= limit * 1000 + 120_000 and longer["extensions_left"] == 1
    talk.send("answer.extend", answer_id=started["answer_id"])
    assert talk.until("answer.time")["extensions_left"] == 0
    talk.send("answer.extend", answer_id=started["answer_id"])
    assert talk.until("error")["code"] == "no_more_time"
    talk.send("answer.extend", answer_id=number)
    assert talk.until("error")["code"] == "answer_not_open"
    talk.ws.close()
    assert api.recruiter.get(f"/api/v1/sessions/{number}").json()["data"]["answers"][0]["extended_s"] == 240
