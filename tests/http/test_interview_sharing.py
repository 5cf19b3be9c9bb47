"""What hangs on an interview: sharing, figures, the export, previews, candidates."""

import csv
import datetime
import io

from conftest import wait_for

BASE = "/api/v1/interviews"
ANSWERS = ["I read the raw source and told the people.", "A fault in the pump, found with a gauge.", "Yes."]


def test_sharing_opens_for_reading_only(api):
    one = api.interview()
    url = f"{BASE}/{one['id']}"
    client, session = api.candidate(one, "shared@example.org")
    rob, colleague = api.make("rob@example.org", "reviewer"), api.make("colleague@example.org", "recruiter")
    me = rob.get("/api/v1/auth/me").json()["data"]
    assert rob.get(url).status_code == 404 and rob.get(BASE).json()["data"]["total"] == 0
    shared = api.recruiter.post(f"{url}/reviewers", json={"email": "ROB@example.org"})
    assert shared.status_code == 200 and [u["id"] for u in shared.json()["data"]["items"]] == [me["id"]]
    assert set(shared.json()["data"]["items"][0]) == {"id", "full_name", "email", "role", "is_active"}
    assert api.recruiter.post(f"{url}/reviewers", json={"user_id": me["id"]}).json()["data"]["total"] == 1  # harmless
    assert api.recruiter.post(f"{url}/reviewers", json={"email": "colleague@example.org"}).json()["data"]["total"] == 2
    for reader in (rob, colleague):
        assert [i["id"] for i in reader.get(BASE).json()["data"]["items"]] == [one["id"]]
        for path in ("", "/questions", f"/questions/{one['questions'][0]['id']}", "/sessions", "/candidates", "/statistics", "/export.csv"):
            assert reader.get(url + path).status_code == 200, path
        assert reader.get(f"{url}/sessions").json()["data"]["items"][0]["id"] == session
        assert reader.get(f"/api/v1/sessions/{session}").status_code == 200
        q = one["questions"][0]["id"]
        for method, path, body in (("patch", "", {"title": "x"}), ("delete", "", None), ("post", "/publish", None), ("post", "/close", None),
                                   ("post", "/restore", None), ("post", "/link/rotate", None), ("post", "/questions", {"text": "x", "category": "closing"}),
                                   ("put", "/questions", {"questions": []}), ("post", "/questions/generate", {}),
                                   ("post", "/questions/reorder", {"ids": [q]}), ("patch", f"/questions/{q}", {"text": "x"}),
                                   ("delete", f"/questions/{q}", None), ("get", "/reviewers", None), ("post", "/reviewers", {"user_id": me["id"]}),
                                   ("delete", f"/reviewers/{me['id']}", None), ("post", "/preview", None)):
            reply = reader.request(method, url + path, json=body)
            assert reply.status_code == 403, f"{method} {path}: {reply.status_code}"
    copy = colleague.post(f"{url}/duplicate")  # reading is enough for a copy of one's own
    assert copy.status_code == 201 and copy.json()["data"]["owner_id"] == colleague.get("/api/v1/auth/me").json()["data"]["id"]
    assert rob.post(f"{url}/duplicate").status_code == 403
    assert api.recruiter.delete(f"{url}/reviewers/{me['id']}").status_code == 200
    assert api.recruiter.delete(f"{url}/reviewers/{me['id']}").status_code == 404
    assert rob.get(url).status_code == 404 and rob.get(f"/api/v1/sessions/{session}").status_code == 404
    assert rob.get(f"{url}/export.csv").status_code == 404 and rob.get(BASE).json()["data"]["total"] == 0
    assert api.recruiter.get(url).json()["data"]["title"] == one["title"]
    for body in ({}, {"email": "nobody@example.org"}, {"email": "admin@example.org"}, {"email": "recruiter@example.org"},
                 {"email": "rob@example.org", "user_id": me["id"]}, {"user_id": "x"}, {"user_id": me["id"], "role": "admin"}):
        assert api.recruiter.post(f"{url}/reviewers", json=body).status_code == 422, body


def scored(api, one, email, name):
    client, session = api.candidate(one, email, name)
    assert api.answer_all(client, session, ANSWERS)["status"] == "completed"
    return wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"], lambda s: s["report_status"] == "ready", "the report")


def test_figures_and_export_say_what_the_sessions_say(api):
    one = api.interview()
    url = f"{BASE}/{one['id']}"
    done = [scored(api, one, "one@figures.example", 'Ó "Quote", Ltd'), scored(api, one, "two@figures.example", "=1+1")]
    leaving, gone = api.candidate(one, "three@figures.example")
    leaving.post(f"/api/v1/public/sessions/{gone}/withdraw")
    api.candidate(one, "four@figures.example")
    f = api.recruiter.get(f"{url}/statistics").json()["data"]
    assert (f["sessions"], f["registered"], f["in_progress"], f["completed"], f["withdrawn"]) == (4, 1, 0, 2, 1)
    assert f["completion_rate"] == 0.5
    overall = [s["report"]["overall_score"] for s in done if s["report"]["overall_score"] is not None]
    assert f["scored"] == len(overall) == sum(b["count"] for b in f["score_distribution"]) and len(f["score_distribution"]) == 8
    if overall:
        assert abs(f["average_score"] - sum(overall) / len(overall)) < 1e-9
        assert f["lowest_score"] == min(overall) and f["highest_score"] == max(overall)
    seconds = sorted((datetime.datetime.fromisoformat(s["completed_at"]) - datetime.datetime.fromisoformat(s["started_at"])).total_seconds() for s in done)
    assert abs(f["median_duration_s"] - sum(seconds) / 2) < 0.002
    assert sum(d["registered"] for d in f["days"]) == 4 and sum(d["completed"] for d in f["days"]) == 2
    assert [q["text"] for q in sorted(f["questions"], key=lambda q: q["position"])] == [q["text"] for q in one["questions"]]
    for q in f["questions"]:
        scores = [x["score"] for s in done for x in s["report"]["questions"] if x["question_text"] == q["text"] and x["score"] is not None]
        assert q["answered"] == 2 and q["scored"] == len(scores)
        assert q["average_score"] == (None if not scores else sum(scores) / len(scores))

    reply = api.recruiter.get(f"{url}/export.csv")
    assert reply.headers["Content-Type"].startswith("text/csv") and "attachment" in reply.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))
    assert [r["email"].split("@")[0] for r in rows] == ["one", "two", "three", "four"]
    assert [r["status"] for r in rows] == ["completed", "completed", "withdrawn", "registered"]
    assert rows[0]["full_name"] == 'Ó "Quote", Ltd' and rows[1]["full_name"] == "'=1+1"  # no formula for a spreadsheet
    for row, session in zip(rows, done):
        assert row["session_id"] == session["id"] and row["completed_at"] == session["completed_at"] and row["answered"] == "3"
        text = lambda v: "" if v is None else f"{v:g}"
        assert row["overall_score"] == text(session["report"]["overall_score"])
        for q in session["report"]["questions"]:
            assert row[f"question_{q['position']}_score"] == text(q["score"])
    assert rows[3]["started_at"] == "" == rows[3]["overall_score"] and rows[3]["report_status"] == "none"


def test_candidates_of_an_interview_are_its_own(api):
    one, two = api.interview(), api.interview()
    for n in range(3):
        api.candidate(one, f"c{n}@of.example", f"Name {n}")
    api.candidate(two, "else@of.example")
    page = api.recruiter.get(f"{BASE}/{one['id']}/candidates", params={"sort": "email", "page_size": 2}).json()["data"]
    assert page["total"] == 3 and [c["email"] for c in page["items"]] == ["c0@of.example", "c1@of.example"]
    assert api.recruiter.get(f"{BASE}/{one['id']}/candidates", params={"search": "Name 2"}).json()["data"]["total"] == 1
    assert api.recruiter.get(f"{BASE}/{one['id']}/candidates", params={"interview_id": two["id"]}).json()["data"]["total"] == 3
    assert api.recruiter.get(f"{BASE}/{one['id']}/sessions", params={"sort": "full_name"}).json()["data"]["items"][0]["candidate"]["full_name"] == "Name 0"
    assert api.recruiter.get(f"{BASE}/{one['id']}/sessions", params={"status": "completed"}).json()["data"]["total"] == 0
    assert api.recruiter.get(f"{BASE}/{one['id']}/sessions", params={"status": "lost"}).status_code == 422


def test_a_preview_is_a_candidates_walk_that_counts_nowhere(api):
    one = api.interview(publish=False, max_sessions=1)
    url = f"{BASE}/{one['id']}"
    made = api.recruiter.post(f"{url}/preview")
    assert made.status_code == 201
    p = made.json()["data"]
    assert p["url"].endswith(f"/i/{one['link']}#session={p['session_id']}.{p['session_token']}")
    client = api.server.client(api.contract, p["session_token"])
    state = client.get(f"/api/v1/public/sessions/{p['session_id']}").json()["data"]
    assert state["interview"]["title"] == one["title"] and state["interview"]["status"] == "draft"
    assert api.anonymous.get(f"/api/v1/public/interviews/{one['link']}").status_code == 404  # the draft itself stays closed
    assert api.answer_all(client, p["session_id"], ANSWERS)["status"] == "completed"
    assert api.recruiter.get(f"{url}/sessions").json()["data"]["total"] == 0
    assert api.recruiter.get(f"{url}/candidates").json()["data"]["total"] == 0
    assert api.recruiter.get("/api/v1/sessions", params={"interview_id": one["id"]}).json()["data"]["total"] == 0
    assert api.recruiter.get(f"{url}/statistics").json()["data"]["sessions"] == 0
    assert len(api.recruiter.get(f"{url}/export.csv").content.splitlines()) == 1
    assert api.recruiter.get(url).json()["data"]["statistics"]["candidates"] == 0
    api.recruiter.post(f"{url}/publish")
    assert api.candidate(one, "first@preview.example")  # the one place is free
    again = api.recruiter.post(f"{url}/preview").json()["data"]
    assert client.get(f"/api/v1/public/sessions/{p['session_id']}").status_code == 401  # the one before is erased
    assert api.recruiter.get(f"{url}/sessions").json()["data"]["total"] == 1
    other = api.server.client(api.contract, again["session_token"])
    assert other.get(f"/api/v1/public/sessions/{p['session_id']}").status_code in (401, 403)
    empty = api.recruiter.post(BASE, json={"title": "T", "job_role": "R", "interview_type": "technical", "difficulty": "junior",
                                           "focus_areas": [], "question_count": 4}).json()["data"]
    assert api.recruiter.post(f"{BASE}/{empty['id']}/preview").json()["error"]["code"] == "no_questions"
    assert again["session_token"] not in api.server.log


def test_options_name_every_choice(api):
    options = api.reviewer.get(f"{BASE}/options").json()["data"]
    values = lambda name: [o["value"] for o in options[name]]
    assert values("statuses") == ["draft", "open", "closed"] and values("sorts") == ["created_at", "updated_at", "title", "status"]
    assert values("session_statuses") == ["registered", "in_progress", "completed", "withdrawn"]
    assert values("report_statuses") == ["pending", "ready", "failed"] and values("roles") == ["admin", "recruiter", "reviewer"]
    assert "closing" in values("question_categories") and all(o["label"] for name in options if not name.startswith("default_") for o in options[name])
