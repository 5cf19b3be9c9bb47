"""Follow-up questions: over the live connection, in writing over REST, and in what is kept of both."""

import uuid

import pytest

from conftest import wait_for
from test_live import Talk

QUESTION = "Describe a time you took over something that nobody owned."
POINTS = ["The tool that was chosen", "How the whole thing ended"]
LEAVES_OUT = "Well, I was away in the mountains for most of that week."
SAYS_MORE = "It was an old hammer from the shed, and every smith in our street has one like it."
COVERS = "The tool that was chosen was a hammer, and the whole thing ended well."


def interview(api, questions=2, **fields):
    one = api.interview(questions=questions, publish=False, **fields)
    wanted = [{"text": QUESTION if n == 0 else "And what else?", "category": "behavioral", "points": POINTS if n == 0 else [], "time_limit_s": 0}
              for n in range(questions)]
    one = api.recruiter.put(f"/api/v1/interviews/{one['id']}/questions", json={"questions": wanted}).json()["data"]
    return api.recruiter.post(f"/api/v1/interviews/{one['id']}/publish").json()["data"]


def candidate(api, one):
    return api.candidate(one, f"{uuid.uuid4()}@example.org")


def kept(api, session):
    return api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"]


def test_over_the_socket_both_parts_are_one_answer(api):
    one = interview(api, follow_ups=1)
    client, number = candidate(api, one)
    talk = Talk(api, number, client.token)
    first = talk.until("answer.started")
    assert first["follow_up"] == 0
    talk.send("answer.text", answer_id=first["answer_id"], text=LEAVES_OUT)
    again = talk.until("answer.started")
    assert again["answer_id"] == first["answer_id"] and again["resumed"] and again["follow_up"] == 1 and again["position"] == 1
    asked = talk.utterances("question")[-1]
    assert asked["position"] == 1 and asked["follow_up"] == 1 and asked["question"] == "Could you tell me a little about the tool that was chosen?"
    talk.send("answer.text", answer_id=first["answer_id"], text=SAYS_MORE)
    ended = talk.until("answer.ended")
    assert ended["position"] == 1 and ended["text"] == f"{LEAVES_OUT}\n{SAYS_MORE}"
    second = talk.until("answer.started")
    assert second["position"] == 2 and second["follow_up"] == 0
    talk.send("answer.text", answer_id=second["answer_id"], text="Nothing else.")
    talk.until("session.completed")
    whole = wait_for(lambda: kept(api, number), lambda s: s["report_status"] == "ready", "the report")
    answer = whole["answers"][0]
    assert len(whole["answers"]) == 2 and whole["answered_count"] == 2 and answer["question_text"] == QUESTION and answer["mode"] == "text"
    of_answer = [(u["speaker"], u["text"], u["follow_up"], u["typed"]) for u in answer["utterances"]][-2:]
    assert of_answer == [("candidate", LEAVES_OUT, None, True), ("interviewer", asked["question"], POINTS[0], False)]
    judged = whole["report"]["questions"]
    assert len(judged) == 2 and judged[0]["follow_ups"] == [asked["question"]] and judged[1]["follow_ups"] == []
    plain = api.recruiter.get(f"/api/v1/sessions/{number}/transcript.txt").text
    assert plain.index(LEAVES_OUT) < plain.index(asked["question"]) < plain.index(SAYS_MORE)
    cues = api.recruiter.get(f"/api/v1/sessions/{number}/transcript.vtt").text
    assert asked["question"] in cues and LEAVES_OUT not in cues, "what was typed is in no recording"
    own = client.get(f"/api/v1/public/sessions/{number}/data")
    assert asked["question"] in own.text


def test_in_writing_the_answer_stays_open_with_the_follow_up(api):
    one = interview(api, follow_ups=1)
    client, number = candidate(api, one)
    base = f"/api/v1/public/sessions/{number}"
    first = client.post(f"{base}/start").json()["data"]["answers"][0]
    assert first["question_text"] == QUESTION and first["follow_up"] == 0
    url = f"{base}/answers/{first['id']}/text"
    now = client.post(url, json={"text": LEAVES_OUT, "follow_up": 0}).json()["data"]["answers"]
    assert [(a["status"], a["follow_up"]) for a in now] == [("open", 1)] and "the tool that was chosen" in now[0]["question_text"]
    assert now[0]["text"] == LEAVES_OUT
    twice = client.post(url, json={"text": LEAVES_OUT, "follow_up": 0})
    assert twice.status_code == 409 and twice.json()["error"]["code"] == "follow_up_answered"
    now = client.post(url, json={"text": SAYS_MORE, "follow_up": 1}).json()["data"]["answers"]
    assert [(a["status"], a["follow_up"]) for a in now] == [("ended", 0), ("open", 0)]
    assert now[0]["text"] == f"{LEAVES_OUT}\n{SAYS_MORE}" and now[0]["question_text"] == QUESTION
    refused = client.post(url, json={"text": "x", "follow_up": 3})
    assert refused.status_code == 422 and refused.json()["error"]["field"] == "follow_up"


def test_a_text_without_its_number_answers_what_is_asked(api):
    one = interview(api, questions=1, follow_ups=1)
    client, number = candidate(api, one)
    base = f"/api/v1/public/sessions/{number}"
    answer = client.post(f"{base}/start").json()["data"]["answers"][0]["id"]
    client.post(f"{base}/answers/{answer}/text", json={"text": LEAVES_OUT})
    assert client.post(f"{base}/answers/{answer}/text", json={"text": SAYS_MORE}).json()["data"]["status"] == "completed"


@pytest.mark.parametrize("follow_ups,text", [(0, LEAVES_OUT), (1, COVERS)])
def test_none_where_there_are_none_and_where_nothing_is_left_out(api, follow_ups, text):
    one = interview(api, follow_ups=follow_ups)
    client, number = candidate(api, one)
    talk = Talk(api, number, client.token)
    first = talk.until("answer.started")
    talk.send("answer.text", answer_id=first["answer_id"], text=text)
    assert talk.until("answer.ended")["text"] == text
    assert talk.until("answer.started")["position"] == 2


def test_an_answer_over_rest_moves_the_conversation_to_its_follow_up(api):
    one = interview(api, follow_ups=1)
    client, number = candidate(api, one)
    talk = Talk(api, number, client.token)
    first = talk.until("answer.started")
    client.post(f"/api/v1/public/sessions/{number}/answers/{first['answer_id']}/text", json={"text": LEAVES_OUT, "follow_up": 0})
    again = talk.until("answer.started")
    assert again["answer_id"] == first["answer_id"] and again["follow_up"] == 1
    assert talk.utterances("question")[-1]["follow_up"] == 1


def test_a_follow_up_outlives_a_killed_server(fresh, contract):
    from conftest import Api
    server = fresh()
    api = Api(server, contract)
    one = interview(api, follow_ups=1)
    client, number = candidate(api, one)
    talk = Talk(api, number, client.token)
    first = talk.until("answer.started")
    talk.send("answer.text", answer_id=first["answer_id"], text=LEAVES_OUT)
    assert talk.until("answer.started")["follow_up"] == 1
    server.kill()
    server.start()
    again = Talk(api, number, client.token)
    assert again.until("answer.started")["follow_up"] == 1
    assert "the tool that was chosen" in again.utterances("question")[-1]["text"], "it is said again"
    again.send("answer.text", answer_id=first["answer_id"], text=SAYS_MORE)
    assert again.until("answer.ended")["text"] == f"{LEAVES_OUT}\n{SAYS_MORE}"


def test_a_practice_question_has_none(api):
    one = interview(api, follow_ups=2)
    client, number = candidate(api, one)
    talk = Talk(api, number, client.token, start=False)
    talk.send("session.start", audio={"codec": "pcm16"}, playback=["pcm16"], microphone=True, camera=False, practice=True)
    started = talk.until("answer.started")
    talk.send("answer.text", answer_id=started["answer_id"], text=LEAVES_OUT)
    assert talk.until("practice.ended")["text"] == LEAVES_OUT


def test_a_skipped_follow_up_is_an_answered_question(api):
    one = interview(api, follow_ups=1)
    client, number = candidate(api, one)
    talk = Talk(api, number, client.token)
    first = talk.until("answer.started")
    talk.send("answer.text", answer_id=first["answer_id"], text=LEAVES_OUT)
    talk.until("answer.started")
    talk.send("question.skip")
    ended = talk.until("answer.ended")
    assert ended["reason"] == "done_button" and ended["text"] == LEAVES_OUT
    assert kept(api, number)["answers"][0]["skipped"] is False
