"""Sessions as staff see them: lists, transcripts, notes."""

import time

import pytest

from conftest import wait_for
from sharing import share

SPOKEN = "We checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."


@pytest.fixture(scope="module")
def three(api):
    """Three candidates: one registered, one in the middle, one with a report."""
    one = api.interview(questions=2)
    sessions = {}
    _, sessions["registered"] = api.candidate(one, "r@example.org", "Cora Registered")
    client, sessions["in_progress"] = api.candidate(one, "p@example.org", "Ben Progress")
    client.post(f"/api/v1/public/sessions/{sessions['in_progress']}/start")
    client, sessions["completed"] = api.candidate(one, "c@example.org", "Anna <b>Complete</b>")
    api.answer_all(client, sessions["completed"], [SPOKEN, SPOKEN + " 1 < 2 && --> x"])
    url = f"/api/v1/sessions/{sessions['completed']}"
    detail = wait_for(lambda: api.recruiter.get(url).json()["data"], lambda d: d["report_status"] == "ready", "the report")
    return one, sessions, detail


def test_filters_and_sorting(api, three):
    one, sessions, detail = three

    def found(**params):
        reply = api.recruiter.get("/api/v1/sessions", params={"interview_id": one["id"], **params})
        assert reply.status_code == 200, reply.text
        data = reply.json()["data"]
        assert data["total"] == len(data["items"])
        return [next(k for k, v in sessions.items() if v == s["id"]) for s in data["items"]]

    everyone = ["completed", "in_progress", "registered"]
    assert found() == everyone and found(sort="created_at") == everyone[::-1]
    assert found(sort="full_name") == everyone, "by name: Anna, Ben, Cora"
    assert found(sort="-score")[0] == "completed" and found(sort="-completed_at")[0] == "completed" and found(sort="started_at")[0] == "registered"
    for status in sessions:
        assert found(status=status) == [status]
    assert found(report_status="ready") == ["completed"] and found(report_status="none") == ["in_progress", "registered"]
    assert found(report_status="failed") == []
    score = detail["overall_score"]
    assert found(score_min=score, score_max=score) == ["completed"]
    assert found(score_min=min(5, score + 0.1)) == ([] if score < 5 else ["completed"])
    assert found(candidate_id=detail["candidate"]["id"]) == ["completed"]
    assert found(**{"from": detail["created_at"]}) == ["completed"] and found(to=detail["created_at"]) == ["in_progress", "registered"]
    for bad in ({"sort": "token_hash"}, {"score_min": "x"}, {"score_min": 9}, {"score_max": "nan"}, {"score_max": "0x1p1"}, {"from": "yesterday"},
                {"candidate_id": "1"}, {"report_status": "x"}):
        assert api.recruiter.get("/api/v1/sessions", params=bad).status_code == 422, bad


def test_reviewers_read_what_is_shared(api, three):
    one, sessions, _ = three
    url = f"/api/v1/sessions/{sessions['completed']}"
    paths = ("", "/transcript", "/transcript.txt", "/transcript.vtt", "/notes")
    assert [api.reviewer.get(url + p).status_code for p in paths] == [404] * 5
    share(api, one, api.reviewer)
    assert [api.reviewer.get(url + p).status_code for p in paths] == [200] * 5
    assert api.reviewer.get("/api/v1/sessions", params={"interview_id": one["id"]}).json()["data"]["total"] == 3
    assert api.reviewer.delete(url).status_code == 403 and api.reviewer.post(url + "/report").status_code == 403


def test_transcript(api, three):
    _, sessions, detail = three
    url = f"/api/v1/sessions/{sessions['completed']}/transcript"
    data = api.recruiter.get(url).json()["data"]
    assert [a["text"] for a in data["answers"]] == [a["text"] for a in detail["answers"]] and data["candidate_name"] == "Anna <b>Complete</b>"
    assert data["answers"][0]["offset_ms"] >= 0 and data["answers"][1]["offset_ms"] >= data["answers"][0]["offset_ms"]
    text = api.recruiter.get(url + ".txt")
    assert text.headers["content-type"] == "text/plain; charset=utf-8" and "attachment" in text.headers["content-disposition"]
    assert SPOKEN in text.text and detail["answers"][0]["question_text"] in text.text
    vtt = api.recruiter.get(url + ".vtt")
    assert vtt.headers["content-type"] == "text/vtt; charset=utf-8" and vtt.text.startswith("WEBVTT\n\n") and SPOKEN not in vtt.text
    assert api.recruiter.get(url + ".vtt", params={"answer_id": detail["answers"][0]["id"]}).status_code == 404, "nothing was recorded"
    assert api.recruiter.get(url + ".vtt", params={"answer_id": "x"}).status_code == 422


def test_notes(api, three):
    one, sessions, _ = three
    share(api, one, api.reviewer)
    url = f"/api/v1/sessions/{sessions['registered']}/notes"
    made = api.reviewer.post(url, json={"text": " Ask about\nthe second project. "})
    assert made.status_code == 201
    note = made.json()["data"]
    assert note["text"] == "Ask about\nthe second project." and note["author_name"] == "Somebody"
    one_url = f"{url}/{note['id']}"
    tag = api.recruiter.get(one_url).headers["etag"]
    assert api.recruiter.patch(one_url, json={"text": "Mine now."}).json()["error"]["code"] == "not_author"
    assert api.recruiter.delete(one_url).status_code == 403
    changed = api.reviewer.patch(one_url, json={"text": "Changed."}, headers={"If-Match": tag})
    assert changed.status_code == 200 and changed.json()["data"]["text"] == "Changed."
    assert api.reviewer.patch(one_url, json={"text": "Late."}, headers={"If-Match": tag}).status_code == 412
    for bad in ({"text": ""}, {"text": "x" * 10001}, {"text": "x", "author_id": note["author_id"]}, {}):
        assert api.reviewer.post(url, json=bad).status_code == 422
    elsewhere = f"/api/v1/sessions/{sessions['completed']}/notes/{note['id']}"
    assert api.reviewer.get(elsewhere).status_code == 404, "a note is found under its own session only"
    page = api.recruiter.get(url).json()["data"]
    assert page["total"] == 1 and page["items"][0]["text"] == "Changed."
    assert api.admin.delete(one_url).status_code == 200
    assert api.reviewer.get(one_url).status_code == 404
    log = api.admin.get("/api/v1/admin/audit", params={"subject_id": note["id"]}).json()["data"]["items"]
    assert [e["action"] for e in log] == ["note.delete", "note.update", "note.create"] and log[0]["actor_id"] != note["author_id"] == log[1]["actor_id"]
    about = {"session": sessions["registered"], "author": note["author_id"]}
    assert [e["details"] for e in log] == [{**about, "bytes": n} for n in (len("Changed."), len("Changed."), len("Ask about\nthe second project."))]


def test_an_interview_whose_time_is_over_is_closed_and_reported_as_partial(fresh, contract):
    """What recurs is done at every start: the second start is the wait."""
    from conftest import Api
    server = fresh()
    api = Api(server, contract)
    one = api.interview(questions=3, time_to_finish_s=1)
    client, number = api.candidate(one)
    state = client.post(f"/api/v1/public/sessions/{number}/start").json()["data"]
    assert state["partial"] is False
    answered = state["answers"][0]["id"]
    client.post(f"/api/v1/public/sessions/{number}/answers/{answered}/text", json={"text": SPOKEN})
    waiting, registered = api.candidate(one, "waiting@example.org")
    started = time.monotonic()
    wait_for(lambda: time.monotonic() - started, lambda s: s > 1, "the second that the interview may last")
    server.kill()
    server.start()
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{number}").json()["data"], lambda d: d["report_status"] == "ready", "the report")
    assert detail["status"] == "completed" and detail["partial"] is True
    assert [a["status"] for a in detail["answers"]] == ["ended", "ended"] and [a["mode"] for a in detail["answers"]] == ["text", "none"]
    listed = api.recruiter.get("/api/v1/sessions", params={"interview_id": one["id"]}).json()["data"]["items"]
    assert {s["id"]: (s["status"], s["partial"]) for s in listed} == {number: ("completed", True), registered: ("registered", False)}
    state = client.get(f"/api/v1/public/sessions/{number}").json()["data"]
    assert state["status"] == "completed" and state["partial"] is True
    late = client.post(f"/api/v1/public/sessions/{number}/answers/{detail['answers'][1]['id']}/text", json={"text": "late"})
    assert late.status_code == 409
    again = api.anonymous.post(f"/api/v1/public/interviews/{one['link']}/register",
                               json={"full_name": "Casey", "email": "candidate@example.org", "consent_recording": True, "consent_ai": True})
    assert again.status_code == 409 and "time for this interview is over" in again.json()["message"]
    log = api.admin.get("/api/v1/admin/audit", params={"action": "session.time_over"}).json()["data"]["items"]
    assert len(log) == 1 and log[0]["subject_id"] == number
