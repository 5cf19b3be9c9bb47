"""Candidates as staff see them: lists, corrections, erasing, what happened when."""

import pytest

from sharing import share

SPOKEN = "We checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."


def only(client, **params):
    reply = client.get("/api/v1/candidates", params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


@pytest.fixture
def one(api):
    return api.interview(questions=2)


def candidate_of(api, session):
    return api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"]["candidate"]["id"]


def test_list_filters_searches_and_sorts(api, one):
    names = {"zoe@example.org": "Anna Zett", "ben@example.org": "Ben Müller", "anna@example.org": "Carla % Percent"}
    for email, name in names.items():
        client, session = api.candidate(one, email, name)
    client.post(f"/api/v1/public/sessions/{session}/start")
    mine = {"interview_id": one["id"]}
    emails = lambda **p: [c["email"] for c in only(api.recruiter, **mine, **p)["items"]]
    assert emails() == ["anna@example.org", "ben@example.org", "zoe@example.org"], "newest first"
    assert emails(sort="full_name") == ["zoe@example.org", "ben@example.org", "anna@example.org"]
    assert emails(sort="-email") == ["zoe@example.org", "ben@example.org", "anna@example.org"]
    assert emails(session_status="in_progress") == ["anna@example.org"]
    assert emails(search="anna") == ["anna@example.org", "zoe@example.org"], "name and address"
    assert emails(search="%") == ["anna@example.org"] and emails(search="müller") == ["ben@example.org"]
    assert emails(has_resume="true") == [] and len(emails(has_resume="false")) == 3
    page = only(api.recruiter, **mine, page=2, page_size=2)
    assert page["total"] == 3 and [c["email"] for c in page["items"]] == ["zoe@example.org"]
    for bad in ({"sort": "password"}, {"session_status": "x"}, {"has_resume": "maybe"}, {"interview_id": "1"}, {"search": "x" * 300}, {"page": 0}):
        assert api.recruiter.get("/api/v1/candidates", params=bad).status_code == 422


def test_each_sees_their_own_and_what_is_shared(api, one):
    _, session = api.candidate(one, "shared@example.org")
    person = f"/api/v1/candidates/{candidate_of(api, session)}"
    assert only(api.other, interview_id=one["id"])["total"] == 0 and api.other.get(person).status_code == 404
    assert only(api.reviewer, interview_id=one["id"])["total"] == 0 and api.reviewer.get(person).status_code == 404
    share(api, one, api.reviewer)
    share(api, one, api.other)
    for reader in (api.reviewer, api.other, api.admin):
        assert only(reader, interview_id=one["id"])["total"] == 1
        for path in ("", "/sessions", "/timeline"):
            assert reader.get(person + path).status_code == 200
    assert api.other.patch(person, json={"full_name": "x"}).status_code == 403, "shared to be read"
    assert api.other.delete(person).status_code == 403 and api.reviewer.delete(person).status_code == 403


def test_correcting_with_versions(api, one):
    api.candidate(one, "taken@example.org")
    _, session = api.candidate(one, "typo@example.orf", "Sma Example")
    person = f"/api/v1/candidates/{candidate_of(api, session)}"
    seen = api.recruiter.get(person)
    tag = seen.headers["etag"]
    changed = api.recruiter.patch(person, json={"full_name": "Sam Example", "email": "Typo@Example.org"}, headers={"If-Match": tag})
    assert changed.status_code == 200 and changed.json()["data"]["email"] == "typo@example.org"
    assert changed.headers["etag"] != tag
    late = api.recruiter.patch(person, json={"full_name": "Other"}, headers={"If-Match": tag})
    assert late.status_code == 412 and late.json()["error"]["code"] == "changed_meanwhile"
    taken = api.recruiter.patch(person, json={"email": "taken@example.org"})
    assert taken.status_code == 409 and taken.json()["error"]["code"] == "email_taken" and taken.json()["error"]["field"] == "email"
    for bad in ({"email": "x"}, {"full_name": ""}, {"interview_id": one["id"]}, {"session_status": "completed"}, {"consent_ai_at": None}, {}):
        assert api.recruiter.patch(person, json=bad).status_code == 422
    again, same = api.candidate(one, "typo@example.org")
    assert same == session, "the corrected address leads back to the interview"


def test_erasing(api, one):
    client, session = api.candidate(one, "gone@example.org")
    api.answer_all(client, session, [SPOKEN] * 2)
    person = f"/api/v1/candidates/{candidate_of(api, session)}"
    assert api.recruiter.post(f"/api/v1/sessions/{session}/notes", json={"text": "Nice."}).status_code == 201
    assert api.recruiter.delete(person).status_code == 200
    for url in (person, person + "/timeline", f"/api/v1/sessions/{session}", f"/api/v1/sessions/{session}/notes", f"/api/v1/sessions/{session}/transcript"):
        assert api.recruiter.get(url).status_code == 404
    assert client.get(f"/api/v1/public/sessions/{session}").status_code == 401, "the token went with the session"
    assert api.recruiter.delete(person).status_code == 404
    log = api.admin.get("/api/v1/admin/audit", params={"action": "candidate.erase"}).json()["data"]["items"]
    assert person.endswith(log[0]["subject_id"]) and "gone@example.org" not in str(log)


def test_sessions_and_timeline(api, one):
    client, session = api.candidate(one, "story@example.org")
    api.answer_all(client, session, [SPOKEN] * 2)
    person = f"/api/v1/candidates/{candidate_of(api, session)}"
    note = api.recruiter.post(f"/api/v1/sessions/{session}/notes", json={"text": "Call back."}).json()["data"]
    page = api.recruiter.get(person + "/sessions").json()["data"]
    assert page["total"] == 1 and page["items"][0]["id"] == session
    told = api.recruiter.get(person + "/timeline").json()["data"]
    kinds = [e["kind"] for e in told["events"]]
    for kind in ("registered", "consent_recording", "consent_ai", "interview_started", "completed", "note"):
        assert kinds.count(kind) == 1, kinds
    answers = [e for e in told["events"] if e["kind"] == "answer"]
    assert [e["position"] for e in answers] == [1, 2] and all(e["text"] and e["subject_id"] for e in answers)
    assert [e["at"] for e in told["events"]] == sorted(e["at"] for e in told["events"])
    assert next(e for e in told["events"] if e["kind"] == "note")["subject_id"] == note["id"]
