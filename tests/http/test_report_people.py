"""What people add to reports: levels, sign-offs, weights; and the versions that stay."""

import pytest

from conftest import wait_for
from sharing import share

SPOKEN = "When I was at the plant we checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."
OTHER = "I would rather talk about my holidays in the mountains and the food there."


def report_of(api, session, client=None):
    return (client or api.recruiter).get(f"/api/v1/sessions/{session}/report").json()["data"]


@pytest.fixture()
def made(api):
    one = api.interview(questions=3)
    client, session = api.candidate(one, "sam@example.org")
    api.answer_all(client, session, [SPOKEN, OTHER, "No."])
    return one, session, wait_for(lambda: report_of(api, session), lambda r: r["status"] == "ready", "the report")


def level(client, report, k, body, method="put"):
    return client.request(method, f"/api/v1/reports/{report['id']}/answers/{report['questions'][k]['answer_id']}/override", json=body)


def test_what_a_report_says(api, made):
    _, _, report = made
    content = report["content"]
    assert (report["version"], report["latest_version"], report["reason"], report["next_reason"]) == (1, 1, "completed", "none")
    assert (content["asked"], content["answered"], content["partial"], content["weights_set"]) == (3, 3, False, False)
    assert sum(c["weight"] for c in content["competencies"]) == pytest.approx(1, abs=0.01)
    assert [q["abstained"] for q in report["questions"]] == ["none", "none", "one_word"] and report["questions"][2]["score"] is None
    assert "one word" in report["questions"][2]["reason_not_scored"]
    first = report["questions"][0]
    assert 0 <= first["relevance"] <= 1 and first["specificity"] == 1 and first["transcript_quality"] is None and first["speech"] is None
    assert content["made_with"]["scorer"] == report["scorer_version"] and content["made_with"]["embeddings"]
    assert content["gaps"] and content["ask_next"] and all(f["question"].endswith(("?", ".")) for f in content["ask_next"])
    assert content["speech"] == [], "nothing was spoken"
    assert len(content["scale"]) == 5 and first["level_text"] == content["scale"][round(first["score"]) - 1]
    assert report["human"] is None and report["sign_off"] is None and report["comparison"] is None and report["integrity"] == []


def test_a_level_stands_beside_the_machines(api, made):
    _, session, report = made
    assert level(api.recruiter, report, 1, {"level": 5}).json()["error"]["field"] == "reason"
    for bad in ({"level": 6, "reason": "too much"}, {"level": 0, "reason": "too little"}, {"level": 3.5, "reason": "between"}, {"level": 3, "reason": "x"}):
        assert level(api.recruiter, report, 1, bad).status_code == 422, bad
    set_ = level(api.recruiter, report, 2, {"level": 5, "reason": "They showed it to me afterwards."})
    assert set_.status_code == 200, set_.text
    human = set_.json()["data"]["human"]
    scores = [q["score"] for q in report["questions"]]
    assert human["overall_score"] == pytest.approx((scores[0] + scores[1] + 5) / 3, abs=0.051)
    assert set_.json()["data"]["overall_score"] == report["overall_score"], "the machine's stays as it is"
    assert set_.json()["data"]["questions"] == report["questions"]
    one, = human["overrides"]
    assert (one["level"], one["machine_score"], one["version"], one["reason"]) == (5, None, 1, "They showed it to me afterwards.") and one["author_name"]
    assert level(api.recruiter, report, 2, {"level": 4, "reason": "On second thoughts."}).json()["data"]["human"]["overrides"][0]["level"] == 4
    taken = level(api.recruiter, report, 2, None, "delete")
    assert taken.status_code == 200 and taken.json()["data"]["human"] is None
    assert level(api.recruiter, report, 2, None, "delete").status_code == 404, "there is none to take back"
    history = api.recruiter.get(f"/api/v1/reports/{report['id']}/overrides").json()["data"]["items"]
    assert [h["level"] for h in history] == [None, 4, 5], "nothing is overwritten"
    log = api.admin.get("/api/v1/admin/audit", params={"action": "report.override"}).json()["data"]["items"]
    assert log[0]["subject_id"] == report["id"] and log[0]["details"] == {"question": 3, "level": 4}
    strange = api.recruiter.put(f"/api/v1/reports/{report['id']}/answers/{report['id']}/override", json={"level": 4, "reason": "whose?"})
    assert strange.status_code == 404


def test_reviewers_set_levels_and_do_not_sign(api, made):
    one, session, report = made
    assert level(api.reviewer, report, 0, {"level": 2, "reason": "Not shared yet."}).status_code == 404
    share(api, one, api.reviewer)
    assert level(api.reviewer, report, 0, {"level": 2, "reason": "Vague in places."}).status_code == 200
    assert api.reviewer.post(f"/api/v1/reports/{report['id']}/sign-off", json={"version": 1}).status_code == 403
    assert level(api.other, report, 0, {"level": 2, "reason": "Whose is it?"}).status_code == 404
    assert report_of(api, session)["human"]["overrides"][0]["author_id"] == api.reviewer.get("/api/v1/auth/me").json()["data"]["id"]


def test_sign_off_names_its_version(api, made):
    one, session, report = made
    url = f"/api/v1/reports/{report['id']}/sign-off"
    assert api.recruiter.delete(url).status_code == 404
    wrong = api.recruiter.post(url, json={"version": 2})
    assert wrong.status_code == 409 and wrong.json()["error"]["code"] == "report_changed"
    assert level(api.recruiter, report, 0, {"level": 5, "reason": "All of it is there."}).status_code == 200
    signed = api.recruiter.post(url, json={"version": 1, "outcome": "advance"}).json()["data"]
    assert signed["sign_off"]["current"] and signed["sign_off"]["outcome"] == "advance"
    assert signed["sign_off"]["overall_score"] == signed["human"]["overall_score"] and signed["sign_off"]["statement"] == "Signed off on version 1."
    locked = level(api.recruiter, report, 0, {"level": 1, "reason": "Too late."})
    assert locked.status_code == 409 and locked.json()["error"]["code"] == "signed_off"
    assert api.recruiter.post(f"/api/v1/reports/{report['id']}/regenerate").status_code == 202
    again = wait_for(lambda: report_of(api, session), lambda r: r["status"] == "ready", "the new version")
    assert (again["version"], again["reason"]) == (2, "requested")
    assert again["sign_off"]["statement"] == "Signed off on version 1; version 2 was made since." and not again["sign_off"]["current"]
    assert again["human"]["overrides"][0]["version"] == 1, "a person's level stays with the answer"
    assert level(api.recruiter, report, 0, {"level": 4, "reason": "The new version is open."}).status_code == 200
    assert api.recruiter.delete(url).json()["data"]["sign_off"] is None


def test_versions_stay_and_say_the_same(api, made):
    one, session, report = made
    assert api.recruiter.post(f"/api/v1/reports/{report['id']}/regenerate").status_code == 202
    again = wait_for(lambda: report_of(api, session), lambda r: r["status"] == "ready" and r["version"] == 2, "the new version")
    for part in ("questions", "content", "summary", "overall_score"):
        assert again[part] == report[part], f"the same input and scorer: the same {part}"
    listed = api.recruiter.get(f"/api/v1/reports/{report['id']}/versions").json()["data"]["items"]
    assert [(v["version"], v["reason"], v["current"]) for v in listed] == [(2, "requested", True), (1, "completed", False)]
    old = api.recruiter.get(f"/api/v1/reports/{report['id']}", params={"version": 1}).json()["data"]
    assert (old["version"], old["latest_version"], old["reason"]) == (1, 2, "completed") and old["questions"] == report["questions"]
    assert api.recruiter.get(f"/api/v1/sessions/{session}/report", params={"version": 1}).json()["data"]["version"] == 1
    assert api.recruiter.get(f"/api/v1/reports/{report['id']}", params={"version": 3}).status_code == 404
    assert api.recruiter.get(f"/api/v1/reports/{report['id']}", params={"version": 0}).status_code == 422
    assert api.other.get(f"/api/v1/reports/{report['id']}/versions").status_code == 404


def test_weights(api, made):
    one, session, report = made
    url = f"/api/v1/interviews/{one['id']}/competencies"
    before = api.recruiter.get(url).json()["data"]["items"]
    assert before and all(c["weight"] is None for c in before) and sum(c["questions"] for c in before) == 3
    name = before[0]["name"]
    for bad, code in (([{"name": name, "weight": 1}, {"name": name.upper(), "weight": 2}], "competency_repeated"),
                      ([{"name": name, "weight": 0}], "weights_all_zero"), ([{"name": name, "weight": -1}], "field_range"),
                      ([{"name": "", "weight": 1}], "field_length"), ([{"name": name}], "field_required")):
        said = api.recruiter.put(url, json={"competencies": bad})
        assert said.status_code == 422 and said.json()["error"]["code"] == code, (bad, said.text)
    stale = api.recruiter.put(url, json={"competencies": []}, headers={"If-Match": '"v1"'})
    assert stale.status_code == 412
    after = api.recruiter.put(url, json={"competencies": [{"name": name, "weight": 3}, {"name": "Patience", "weight": 0}]})
    assert after.status_code == 200 and after.headers["etag"]
    assert [(c["name"], c["weight"]) for c in after.json()["data"]["items"] if c["weight"] is not None] == [(name, 3), ("Patience", 0)]
    waiting = report_of(api, session)
    assert waiting["status"] == "ready" and waiting["next_reason"] == "rubric_changed", "what is there stays readable meanwhile"
    copy = api.recruiter.post(f"/api/v1/interviews/{one['id']}/duplicate").json()["data"]["id"]
    assert api.recruiter.get(f"/api/v1/interviews/{copy}/competencies").json()["data"] == after.json()["data"]
    assert api.reviewer.put(url, json={"competencies": []}).status_code == 403
    assert api.other.get(url).status_code == 404 and api.other.put(url, json={"competencies": []}).status_code == 404
    log = api.admin.get("/api/v1/admin/audit", params={"action": "interview.competencies"}).json()["data"]["items"]
    assert log[0]["subject_id"] == one["id"]


def test_comparison_with_the_others(api):
    one = api.interview(questions=1)
    made = []
    for k, text in enumerate([SPOKEN, OTHER, SPOKEN + " " + OTHER]):
        client, session = api.candidate(one, f"c{k}@example.org")
        api.answer_all(client, session, [text])
        made.append(wait_for(lambda: report_of(api, session), lambda r: r["status"] == "ready", "the report"))
    scores = [r["overall_score"] for r in made]
    for r in made:
        seen = report_of(api, r["session_id"])["comparison"]
        assert seen["candidates"] == 3 and seen["min"] == min(scores) and seen["max"] == max(scores) and seen["median"] == sorted(scores)[1]
        assert seen["rank"] == 1 + sum(s > r["overall_score"] for s in scores) and seen["percentile"] is None
        assert "of 3 candidates" in seen["statement"]
