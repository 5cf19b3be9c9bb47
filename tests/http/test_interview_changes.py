"""Versions, the archive, links, copies, expiry and places of an interview; its questions one by one."""

import concurrent.futures
import datetime

import pytest

from conftest import wait_for

BASE = "/api/v1/interviews"


def later(**delta):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**delta)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def register(api, link, email):
    return api.anonymous.post(f"/api/v1/public/interviews/{link}/register",
                              json={"full_name": "Casey", "email": email, "consent_recording": True, "consent_ai": True})


def public(api, link):
    return api.anonymous.get(f"/api/v1/public/interviews/{link}")


# ---- versions ----


def test_a_change_for_what_is_no_longer_there_is_refused(api):
    one = api.interview()
    url = f"{BASE}/{one['id']}"
    read = api.recruiter.get(url)
    old = {"If-Match": read.headers["ETag"]}
    changed = api.recruiter.patch(url, json={"title": "First"}, headers=old)
    assert changed.status_code == 200 and changed.headers["ETag"] != read.headers["ETag"]
    q = one["questions"][0]["id"]
    for method, path, body in (("patch", "", {"title": "Second"}), ("delete", "", None), ("post", "/close", None), ("post", "/link/rotate", None),
                               ("post", "/restore", None), ("post", "/questions/generate", {}), ("put", "/questions", {"questions": []}),
                               ("post", "/questions", {"text": "x", "category": "closing"}), ("post", "/questions/reorder", {"ids": [q]}),
                               ("patch", f"/questions/{q}", {"text": "x"}), ("delete", f"/questions/{q}", None)):
        reply = api.recruiter.request(method, url + path, json=body, headers=old)
        assert reply.status_code == 412 and reply.json()["error"]["code"] == "changed_meanwhile", f"{method} {path}: {reply.text}"
    now = api.recruiter.get(url)
    assert now.json()["data"]["title"] == "First" and now.json()["data"]["questions"] == one["questions"]
    assert now.headers["ETag"] == changed.headers["ETag"]
    assert api.recruiter.patch(url, json={"title": "Third"}, headers={"If-Match": "*"}).status_code == 200
    assert api.recruiter.patch(url, json={"title": "x"}, headers={"If-Match": '"nonsense"'}).status_code == 412


def test_of_parallel_changes_of_one_version_one_wins(api):
    one = api.interview()
    url = f"{BASE}/{one['id']}"
    tag = api.recruiter.get(url).headers["ETag"]
    clients = [api.login("recruiter@example.org") for _ in range(6)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda c: c[1].patch(url, json={"title": f"Writer {c[0]}"}, headers={"If-Match": tag}), enumerate(clients)))
    assert sorted(r.status_code for r in replies) == [200] + [412] * 5
    winner = next(r for r in replies if r.status_code == 200).json()["data"]
    assert api.recruiter.get(url).json()["data"]["title"] == winner["title"]


def test_parallel_changes_without_a_version_all_happen(api):
    """None is lost and none refused: each waits for the one before."""
    one = api.interview(questions=1)
    url = f"{BASE}/{one['id']}"
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        added = list(pool.map(lambda n: api.recruiter.post(f"{url}/questions", json={"text": f"Added {n}?", "category": "technical"}), range(8)))
    assert [r.status_code for r in added] == [201] * 8
    questions = api.recruiter.get(url).json()["data"]["questions"]
    assert [q["position"] for q in questions] == list(range(1, 10)) and {f"Added {n}?" for n in range(8)} < {q["text"] for q in questions}
    assert len({r.headers["ETag"] for r in added}) == 8  # each a version of its own


# ---- archive ----


def test_delete_says_what_became_of_it(api):
    empty, used = api.interview(), api.interview(title="Archived one")
    client, session = api.candidate(used, "kept@example.org")
    assert api.recruiter.delete(f"{BASE}/{empty['id']}").json()["data"] == {"outcome": "deleted"}
    assert api.recruiter.get(f"{BASE}/{empty['id']}").status_code == 404
    url = f"{BASE}/{used['id']}"
    assert api.recruiter.delete(url).json()["data"] == {"outcome": "archived"}
    assert api.recruiter.get(url).json()["data"]["archived_at"]
    ids = lambda **params: {i["id"] for i in api.recruiter.get(BASE, params={"page_size": 100, **params}).json()["data"]["items"]}
    assert used["id"] not in ids() and used["id"] in ids(archived="true") and used["id"] in ids(archived="any")
    assert used["id"] not in ids(archived="false")
    gone = public(api, used["link"])
    assert gone.status_code == 410 and gone.json()["error"]["code"] == "interview_closed"
    assert register(api, used["link"], "new@example.org").status_code == 410
    assert client.post(f"/api/v1/public/sessions/{session}/start").status_code == 200  # who is in goes on
    assert api.recruiter.get(f"{url}/sessions").json()["data"]["total"] == 1
    assert api.recruiter.get(f"/api/v1/sessions/{session}").status_code == 200
    assert api.recruiter.post(f"{url}/publish").json()["error"]["code"] == "interview_archived"
    restored = api.recruiter.post(f"{url}/restore").json()["data"]
    assert restored["archived_at"] is None and restored["status"] == "open"
    assert used["id"] in ids() and public(api, used["link"]).status_code == 200


# ---- link and copy ----


def test_a_rotated_link_leads_nowhere_at_once(api):
    one = api.interview()
    client, session = api.candidate(one, "inside@example.org")
    client.post(f"/api/v1/public/sessions/{session}/start")
    now = api.recruiter.post(f"{BASE}/{one['id']}/link/rotate").json()["data"]
    assert now["link"] != one["link"] and len(now["link"]) == 32  # 24 bytes: 192 bits
    assert now["candidate_url"].endswith("/i/" + now["link"])
    assert public(api, one["link"]).status_code == 404 and register(api, one["link"], "x@example.org").status_code == 404
    assert public(api, now["link"]).status_code == 200
    assert client.get(f"/api/v1/public/sessions/{session}").json()["data"]["status"] == "in_progress"


def test_a_copy_stands_on_its_own(api):
    one = api.interview(title="T" * 160, max_sessions=4, expires_at=later(days=1), patience="patient", allow_pause=False, follow_ups=2)
    made = api.recruiter.post(f"{BASE}/{one['id']}/duplicate")
    assert made.status_code == 201
    copy = made.json()["data"]
    assert copy["title"] == "T" * 153 + " (copy)" and copy["status"] == "draft" and copy["link"] != one["link"]
    assert copy["max_sessions"] == 4 and copy["expires_at"] is None
    assert copy["patience"] == "patient" and copy["allow_pause"] is False and copy["allow_skip"] is True
    assert copy["follow_ups"] == 2
    strip = lambda questions: [{k: q[k] for k in ("text", "rephrased", "category", "competency", "points", "time_limit_s", "position")} for q in questions]
    assert strip(copy["questions"]) == strip(one["questions"])
    assert not {q["id"] for q in copy["questions"]} & {q["id"] for q in one["questions"]}
    api.recruiter.put(f"{BASE}/{copy['id']}/questions", json={"questions": []})
    assert len(api.recruiter.get(f"{BASE}/{one['id']}").json()["data"]["questions"]) == 3


# ---- how the conversation goes ----

CONVERSATION = {"patience": "normal", "think_time_s": 0, "allow_pause": True, "allow_skip": True, "practice": True, "time_to_finish_s": 14400, "follow_ups": 1}


def test_how_the_conversation_goes_is_kept(api):
    one = api.recruiter.post(BASE, json={"title": "T", "job_role": "R", "interview_type": "mixed", "difficulty": "mid", "focus_areas": ["ownership"],
                                         "question_count": 1}).json()["data"]
    assert {k: one[k] for k in CONVERSATION} == CONVERSATION
    other = {"patience": "patient", "think_time_s": 30, "allow_pause": False, "allow_skip": False, "practice": False, "time_to_finish_s": 0, "follow_ups": 2}
    for name, value in other.items():
        changed = api.recruiter.patch(f"{BASE}/{one['id']}", json={name: value}).json()["data"]
        assert changed[name] == value
    assert {k: changed[k] for k in CONVERSATION} == other
    made = api.interview(publish=False, **other)
    assert {k: made[k] for k in CONVERSATION} == other


@pytest.mark.parametrize("field,value", [("patience", "endless"), ("think_time_s", -1), ("think_time_s", 601), ("allow_pause", 1), ("allow_skip", None),
                                         ("practice", "no"), ("time_to_finish_s", -1), ("time_to_finish_s", 2592001), ("follow_ups", 3), ("follow_ups", -1)])
def test_a_conversation_that_cannot_be(api, field, value):
    one = api.interview(publish=False)
    refused = api.recruiter.patch(f"{BASE}/{one['id']}", json={field: value})
    assert refused.status_code == 422 and refused.json()["error"]["field"] == field


def test_a_question_in_other_words(api):
    one = api.interview(publish=False)
    url = f"{BASE}/{one['id']}/questions"
    first = one["questions"][0]
    said = api.recruiter.patch(f"{url}/{first['id']}", json={"rephrased": " In other words? "}).json()["data"]
    assert said["rephrased"] == "In other words?" and said["text"] == first["text"]
    assert api.recruiter.patch(f"{url}/{first['id']}", json={"time_limit_s": 60}).json()["data"]["rephrased"] == "In other words?"
    added = api.recruiter.post(url, json={"text": "Why?", "rephrased": "What for?", "category": "technical"}).json()["data"]
    assert added["rephrased"] == "What for?"
    named = api.recruiter.patch(f"{url}/{first['id']}", json={"competency": " Problem solving "}).json()["data"]
    assert named["competency"] == "Problem solving" and first["competency"] == "", "empty: its category"
    assert api.recruiter.patch(f"{url}/{first['id']}", json={"time_limit_s": 90}).json()["data"]["competency"] == "Problem solving"
    long = api.recruiter.patch(f"{url}/{first['id']}", json={"rephrased": "x" * 1001})
    assert long.status_code == 422 and long.json()["error"]["field"] == "rephrased"


# ---- expiry and places ----


def test_expiry_closes_the_door_to_newcomers(api):
    one = api.interview()
    url = f"{BASE}/{one['id']}"
    past = api.recruiter.patch(url, json={"expires_at": later(seconds=-1)})
    assert past.status_code == 422 and past.json()["error"]["field"] == "expires_at"
    first = register(api, one["link"], "early@example.org")
    assert first.status_code == 201 and public(api, one["link"]).json()["data"]["registration"] == "open"
    soon = later(seconds=3)
    assert api.recruiter.patch(url, json={"expires_at": soon}).json()["data"]["expires_at"] == soon
    wait_for(lambda: public(api, one["link"]).json()["data"]["registration"], lambda r: r == "expired", "the expiry")
    late = register(api, one["link"], "late@example.org")
    assert late.status_code == 410 and late.json()["error"]["code"] == "interview_expired"
    again = register(api, one["link"], "early@example.org")  # who was there in time comes back
    assert again.status_code == 201 and again.json()["data"]["session_id"] == first.json()["data"]["session_id"]
    assert api.recruiter.patch(url, json={"expires_at": None}).json()["data"]["expires_at"] is None
    assert register(api, one["link"], "late@example.org").status_code == 201


def test_no_more_than_the_places_there_are(api):
    one = api.interview(max_sessions=2)
    first = register(api, one["link"], "one@example.org").json()["data"]
    assert register(api, one["link"], "two@example.org").status_code == 201
    assert public(api, one["link"]).json()["data"]["registration"] == "full"
    full = register(api, one["link"], "three@example.org")
    assert full.status_code == 409 and full.json()["error"]["code"] == "interview_full"
    again = register(api, one["link"], "ONE@example.org")
    assert again.status_code == 201 and again.json()["data"]["session_id"] == first["session_id"]
    client = api.server.client(api.contract, again.json()["data"]["session_token"])
    assert client.post(f"/api/v1/public/sessions/{first['session_id']}/withdraw").status_code == 200
    assert register(api, one["link"], "three@example.org").status_code == 201  # the place is free again
    assert api.recruiter.patch(f"{BASE}/{one['id']}", json={"max_sessions": 0}).status_code == 200
    assert register(api, one["link"], "four@example.org").status_code == 201


def test_the_last_place_is_taken_once(api):
    one = api.interview(max_sessions=3)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: register(api, one["link"], f"race{n}@example.org"), range(12)))
    assert sorted(r.status_code for r in replies) == [201] * 3 + [409] * 9
    assert api.recruiter.get(f"{BASE}/{one['id']}/sessions").json()["data"]["total"] == 3


@pytest.mark.parametrize("field,value", [("max_sessions", -1), ("max_sessions", 1.5), ("max_sessions", "2"), ("max_sessions", None),
                                         ("expires_at", "tomorrow"), ("expires_at", 1), ("archived_at", None), ("owner_id", None),
                                         ("status", "open"), ("link", "x" * 32), ("statistics", {}), ("questions", []), ("updated_at", None)])
def test_what_is_not_to_be_set_is_not_set(api, field, value):
    one = api.interview()
    reply = api.recruiter.patch(f"{BASE}/{one['id']}", json={"title": "stolen", field: value})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field, reply.text
    assert api.recruiter.get(f"{BASE}/{one['id']}").json()["data"]["title"] == one["title"]


# ---- lists ----


def test_lists_sort_and_filter(api):
    client = api.make("sorter@example.org", "recruiter")
    b = api.interview(client=client, title="bravo", publish=False, difficulty="lead", interview_type="technical")
    a = api.interview(client=client, title="Alpha")
    c = api.interview(client=client, title="charlie", difficulty="lead")
    client.patch(f"{BASE}/{b['id']}", json={"organisation": "Changed last"})
    titles = lambda **params: [i["title"] for i in client.get(BASE, params=params).json()["data"]["items"]]
    assert titles() == ["charlie", "Alpha", "bravo"] and titles(sort="created_at") == ["bravo", "Alpha", "charlie"]
    assert titles(sort="title") == ["Alpha", "bravo", "charlie"] and titles(sort="-title") == ["charlie", "bravo", "Alpha"]
    assert titles(sort="-updated_at")[0] == "bravo" and titles(sort="status")[0] == "bravo"
    assert titles(difficulty="lead", sort="title") == ["bravo", "charlie"] and titles(type="technical") == ["bravo"]
    assert titles(status="open", difficulty="lead") == ["charlie"]
    assert {i["id"] for i in api.admin.get(BASE, params={"owner": a["owner_id"], "page_size": 100}).json()["data"]["items"]} == {a["id"], b["id"], c["id"]}
    assert api.recruiter.get(BASE, params={"owner": a["owner_id"]}).json()["data"]["total"] == 0
    for params, field in (({"sort": "link"}, "sort"), ({"type": "quiz"}, "type"), ({"archived": "perhaps"}, "archived"), ({"owner": "me"}, "owner")):
        reply = client.get(BASE, params=params)
        assert reply.status_code == 422 and reply.json()["error"]["field"] == field


# ---- questions one by one ----


def test_questions_one_by_one(api):
    one = api.interview()
    url = f"{BASE}/{one['id']}/questions"
    new = {"text": "What broke last?", "category": "technical", "points": ["names it", "says why"], "time_limit_s": 90}
    made = api.recruiter.post(url, json={**new, "position": 2}, headers={"If-Match": api.recruiter.get(f"{BASE}/{one['id']}").headers["ETag"]})
    assert made.status_code == 201 and {k: made.json()["data"][k] for k in new} == new and made.json()["data"]["position"] == 2
    assert made.headers["ETag"] == api.recruiter.get(f"{BASE}/{one['id']}").headers["ETag"]
    id = made.json()["data"]["id"]
    last = api.recruiter.post(url, json={"text": "And now?", "category": "closing"}).json()["data"]
    assert last["position"] == 5 and last["points"] == []
    listed = api.recruiter.get(url).json()["data"]
    assert listed["total"] == 5 and [q["position"] for q in listed["items"]] == [1, 2, 3, 4, 5]
    assert [q["id"] for q in listed["items"]] == [one["questions"][0]["id"], id, one["questions"][1]["id"], one["questions"][2]["id"], last["id"]]
    changed = api.recruiter.patch(f"{url}/{id}", json={"points": ["only this"]})
    assert changed.json()["data"]["points"] == ["only this"] and changed.json()["data"]["text"] == new["text"]
    read = api.recruiter.get(f"{url}/{id}")
    assert read.json()["data"] == changed.json()["data"] and read.headers["ETag"] == changed.headers["ETag"]
    assert api.recruiter.delete(f"{url}/{id}").status_code == 200
    assert api.recruiter.get(f"{url}/{id}").status_code == 404 and api.recruiter.delete(f"{url}/{id}").status_code == 404
    assert [q["position"] for q in api.recruiter.get(url).json()["data"]["items"]] == [1, 2, 3, 4]
    foreign = api.interview()["questions"][0]["id"]
    for method, body in (("get", None), ("patch", {"text": "x"}), ("delete", None)):
        assert api.recruiter.request(method, f"{url}/{foreign}", json=body).status_code == 404
    assert api.recruiter.post(url, json={**new, "position": 6}).json()["error"]["field"] == "position"
    assert api.recruiter.post(url, json={**new, "id": id}).json()["error"]["field"] == "id"
    assert api.recruiter.patch(f"{url}/{last['id']}", json={"position": 1}).json()["error"]["field"] == "position"


def test_there_is_an_end_to_questions(api):
    one = api.interview(questions=20)
    full = api.recruiter.post(f"{BASE}/{one['id']}/questions", json={"text": "One more?", "category": "closing"})
    assert full.status_code == 409 and full.json()["error"]["code"] == "questions_full"
    short = api.interview(questions=1)
    only = api.recruiter.delete(f"{BASE}/{short['id']}/questions/{short['questions'][0]['id']}")
    assert only.status_code == 422 and only.json()["error"]["code"] == "no_questions"


def test_reorder_takes_exactly_a_permutation(api):
    one = api.interview()
    url, ids = f"{BASE}/{one['id']}/questions/reorder", [q["id"] for q in one["questions"]]
    done = api.recruiter.post(url, json={"ids": ids[::-1]})
    assert [q["id"] for q in done.json()["data"]["questions"]] == ids[::-1]
    assert [q["points"] for q in done.json()["data"]["questions"]] == [q["points"] for q in one["questions"]][::-1]
    foreign = api.interview()["questions"][0]["id"]
    for bad, field in ((ids[:2], "ids"), (ids + ids[:1], "ids[3]"), ([ids[0], ids[0], ids[1]], "ids[1]"), ([*ids[:2], foreign], "ids[2]"),
                       ([], "ids"), ([*ids[:2], "x"], "ids[2]")):
        reply = api.recruiter.post(url, json={"ids": bad})
        assert reply.status_code == 422 and reply.json()["error"]["field"] == field, reply.text
    assert [q["id"] for q in api.recruiter.get(f"{BASE}/{one['id']}").json()["data"]["questions"]] == ids[::-1]


def test_no_question_changes_under_a_running_interview(api):
    one = api.interview()
    client, session = api.candidate(one, "midway@example.org")
    client.post(f"/api/v1/public/sessions/{session}/start")
    url, ids = f"{BASE}/{one['id']}/questions", [q["id"] for q in one["questions"]]
    for method, path, body in (("post", "", {"text": "x", "category": "closing"}), ("patch", f"/{ids[0]}", {"text": "x"}),
                               ("delete", f"/{ids[0]}", None), ("post", "/reorder", {"ids": ids[::-1]})):
        reply = api.recruiter.request(method, url + path, json=body)
        assert reply.status_code == 409 and reply.json()["error"]["code"] == "interview_running", f"{method} {path}"


def test_drafting_takes_a_number_and_a_focus(api):
    one = api.interview(publish=False)
    url = f"{BASE}/{one['id']}/questions/generate"
    six = api.recruiter.post(url, json={"count": 6, "focus_areas": ["leadership"]}).json()["data"]
    assert len(six["questions"]) == 6 and six["question_count"] == 3 and six["focus_areas"] == one["focus_areas"]
    form = api.recruiter.post(url, data={"count": "4", "replace": "true", "focus_areas": ["coding", "testing"]})
    assert form.status_code == 200 and len(form.json()["data"]["questions"]) == 4
    parts = api.recruiter.post(url, files=[("count", (None, "4")), ("focus_areas", (None, "coding")), ("focus_areas", (None, "testing"))])
    assert parts.status_code == 200 and len(parts.json()["data"]["questions"]) == 4, parts.text
    assert api.recruiter.post(url, data={"count": "many"}).json()["error"]["field"] == "count"
    kept = api.recruiter.post(url, json={"replace": False, "count": 5}).json()["data"]["questions"]
    assert len(kept) == 5 and {q["id"] for q in parts.json()["data"]["questions"]} < {q["id"] for q in kept}
    assert api.recruiter.post(url, json={"count": 21}).json()["error"]["field"] == "count"
    assert api.recruiter.post(url, json={"replace": False, "count": 2}).json()["error"]["code"] == "questions_enough"
