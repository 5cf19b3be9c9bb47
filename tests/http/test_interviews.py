"""Interviews, questions and who may touch them."""

import pytest

BASE = "/api/v1/interviews"
GOOD = {"title": "T", "job_role": "R", "interview_type": "technical", "difficulty": "junior", "focus_areas": ["coding"], "question_count": 4}


def test_options_have_labels(api):
    options = api.recruiter.get(f"{BASE}/options").json()["data"]
    for name in ("interview_types", "difficulties", "focus_areas", "avatars", "voices", "languages"):
        assert options[name] and all(o["value"] and o["label"] for o in options[name])


def test_life_of_an_interview(api):
    made = api.recruiter.post(BASE, json=GOOD)
    assert made.status_code == 201
    one = made.json()["data"]
    url = f"{BASE}/{one['id']}"
    assert one["status"] == "draft" and one["questions"] == [] and len(one["link"]) >= 22
    assert one["candidate_url"].endswith("/i/" + one["link"])

    early = api.recruiter.post(f"{url}/publish")
    assert early.status_code == 422 and early.json()["error"]["code"] == "no_questions"

    drafted = api.recruiter.post(f"{url}/questions/generate", json={}).json()["data"]["questions"]
    assert [q["position"] for q in drafted] == [1, 2, 3, 4]
    assert len({q["text"] for q in drafted}) == 4 and all(q["points"] for q in drafted)

    changed = api.recruiter.patch(url, json={"title": "New title"}).json()["data"]
    assert changed["title"] == "New title" and changed["job_role"] == "R"

    second, first = drafted[1], drafted[0]
    keep = ["id", "text", "category", "points", "time_limit_s"]
    new = {"text": "What would you ask us?", "category": "closing", "points": []}
    replaced = api.recruiter.put(f"{url}/questions", json={"questions": [{k: second[k] for k in keep}, {k: first[k] for k in keep}, new]})
    assert replaced.status_code == 200, replaced.text
    questions = replaced.json()["data"]["questions"]
    assert [q["id"] for q in questions[:2]] == [second["id"], first["id"]] and len(questions) == 3
    assert questions[2]["text"] == new["text"]

    assert api.recruiter.post(f"{url}/publish").json()["data"]["status"] == "open"
    assert api.recruiter.post(f"{url}/close").json()["data"]["status"] == "closed"
    assert api.anonymous.get(f"/api/v1/public/interviews/{one['link']}").status_code == 410
    assert api.recruiter.post(f"{url}/reopen").json()["data"]["status"] == "open"
    assert api.recruiter.delete(url).status_code == 200
    assert api.recruiter.get(url).status_code == 404


def test_generate_without_replacing_keeps_what_is_there(api):
    one = api.interview(publish=False, questions=3)
    api.recruiter.patch(f"{BASE}/{one['id']}", json={"question_count": 6})
    more = api.recruiter.post(f"{BASE}/{one['id']}/questions/generate", json={"replace": False}).json()["data"]["questions"]
    assert [q["id"] for q in more[:3]] == [q["id"] for q in one["questions"]] and len(more) == 6


def test_list_pages_searches_and_filters(api):
    for n in range(3):
        api.interview(client=api.other, publish=n == 0, title=f"Zebra 100%_{n}")
    page = api.other.get(BASE, params={"search": "zebra 100%_", "page_size": 2}).json()["data"]
    assert page["total"] == 3 and len(page["items"]) == 2 and page["page_size"] == 2
    assert api.other.get(BASE, params={"search": "zebra 100%_", "page": 2, "page_size": 2}).json()["data"]["items"][0]["title"].startswith("Zebra")
    assert api.other.get(BASE, params={"search": "zebra", "status": "open"}).json()["data"]["total"] == 1
    assert api.other.get(BASE, params={"search": "%%%"}).json()["data"]["total"] == 0
    for params, field in (({"page": 0}, "page"), ({"page": "x"}, "page"), ({"page_size": 101}, "page_size"), ({"status": "lost"}, "status")):
        reply = api.other.get(BASE, params=params)
        assert reply.status_code == 422 and reply.json()["error"]["field"] == field


@pytest.mark.parametrize("change,field", [
    ({"title": ""}, "title"), ({"title": "x" * 500}, "title"), ({"interview_type": "quiz"}, "interview_type"),
    ({"focus_areas": ["magic"]}, "focus_areas[0]"), ({"question_count": 0}, "question_count"), ({"question_count": 21}, "question_count"),
    ({"question_count": 2.5}, "question_count"), ({"question_count": 1e300}, "question_count"), ({"status": "open"}, "status"),
    ({"owner_id": "0"}, "owner_id"), ({"link": "mine"}, "link"), ({"avatar": "nobody"}, "avatar"), ({"voice": 3}, "voice"),
    ({"job_role": None}, "job_role"),
])
def test_bad_fields_are_named(api, change, field):
    reply = api.recruiter.post(BASE, json={**GOOD, **change})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field, reply.text


@pytest.mark.parametrize("questions,field", [
    ([{"text": "", "category": "closing", "points": []}], "questions[0].text"),
    ([{"text": "ok", "category": "closing", "points": []}, {"text": "ok", "category": "odd", "points": []}], "questions[1].category"),
    ([{"text": "ok", "category": "closing", "points": ["a"] * 11}], "questions[0].points"),
    ([{"text": "ok", "category": "closing", "points": [], "score": 5}], "questions[0].score"),
    ([{"id": "01890000-0000-7000-8000-000000000000", "text": "ok", "category": "closing", "points": []}], "questions[0].id"),
])
def test_bad_questions_are_named(api, questions, field):
    one = api.interview(publish=False)
    reply = api.recruiter.put(f"{BASE}/{one['id']}/questions", json={"questions": questions})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field, reply.text
    assert len(api.recruiter.get(f"{BASE}/{one['id']}").json()["data"]["questions"]) == 3


@pytest.mark.parametrize("body,status", [
    (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b'{"title":"a","title":"b"}', 400), (b"[" * 100000, 400), (b'{"question_count":1e999}', 400),
    (b'\xff\xfe{}', 400), (b'{"title": "\xed\xa0\x80"}', 400), (b'{"title": "\\ud800"}', 400),
])
def test_malformed_json(api, body, status):
    reply = api.recruiter.post(BASE, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in (status, 422) and not reply.json()["success"], reply.text


def test_wrong_media_type(api):
    assert api.recruiter.post(BASE, content=b"title=x", headers={"Content-Type": "text/plain"}).status_code == 415


def test_body_over_the_limit(api):
    reply = api.recruiter.post(BASE, content=b'{"title": "' + b"x" * 400_000 + b'"}', headers={"Content-Type": "application/json"})
    assert reply.status_code == 413


def test_questions_stay_while_a_candidate_is_interviewed(api):
    one = api.interview()
    client, session = api.candidate(one, "running@example.org")
    client.post(f"/api/v1/public/sessions/{session}/start")
    reply = api.recruiter.post(f"{BASE}/{one['id']}/questions/generate", json={})
    assert reply.status_code == 409 and reply.json()["error"]["code"] == "interview_running"
