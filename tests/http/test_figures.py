"""Figures over many reports: scores, drift, agreement, adverse impact. The mathematics is tested against SciPy and scikit-learn in
backend/tests/unit/services/test_figures_math.c; here what is counted, for whom, and what is withheld."""

import csv
import datetime
import io
import statistics

import pytest

from conftest import wait_for
from sharing import share

GOOD = "When I was at the plant we checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."
SOME = "We checked the raw sensor data."
POOR = "I would rather talk about my holidays in the mountains and the food there."
URL = "/api/v1/reports"


def report_of(api, session):
    return wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}/report").json().get("data"), lambda r: r and r["status"] == "ready", "the report")


def data(client, path, **params):
    reply = client.get(f"{URL}/{path}", params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


@pytest.fixture(scope="module")
def crowd(api):
    """36 people: 18 women, 9 men, 9 who say nothing; all but one man and the last are decided on."""
    assert api.admin.patch("/api/v1/admin/settings", json={"ask_background": True}).status_code == 200
    one = api.interview(questions=1, title="Figures")
    made = []
    for n in range(36):
        gender = "woman" if n % 2 == 0 else "man" if n % 4 == 1 else None
        client, session = api.candidate(one, f"crowd{n}@example.org")
        api.answer_all(client, session, [(GOOD, SOME, POOR)[n % 3]])
        if gender:
            said = client.put(f"/api/v1/public/sessions/{session}/self-identification", json={"gender": gender})
            assert said.status_code == 200
        made.append((session, gender))
    people = []
    for n, (session, gender) in enumerate(made):
        report = report_of(api, session)
        outcome = "advance" if n % 3 == 0 or n == 1 else "decline"
        if n not in (17, 35):
            signed = api.recruiter.post(f"{URL}/{report['id']}/sign-off", json={"version": 1, "outcome": outcome})
            assert signed.status_code == 200, signed.text
        people.append({"session": session, "gender": gender, "score": report["overall_score"], "report": report,
                       "outcome": outcome if n not in (17, 35) else None})
    yield one, people
    assert api.admin.patch("/api/v1/admin/settings", json={"ask_background": False}).status_code == 200


def impact_of(client, one, **params):
    reply = client.get(f"/api/v1/interviews/{one['id']}/adverse-impact", params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


def groups(impact, category="gender"):
    (found,) = [c for c in impact["categories"] if c["category"] == category]
    return {g["value"]: g for g in found["groups"]}, found


def test_scores(api, crowd):
    one, people = crowd
    scores = [p["score"] for p in people]
    got = data(api.recruiter, "statistics", interview_id=one["id"])
    assert got["scored"] == 36 and got["average"] == pytest.approx(statistics.mean(scores)) and got["median"] == pytest.approx(statistics.median(scores))
    assert got["deviation"] == pytest.approx(statistics.stdev(scores)) and (got["min"], got["max"]) == (min(scores), max(scores))
    assert sum(b["count"] for b in got["distribution"]) == 36
    (competency,) = got["by_competency"]
    assert competency["count"] == 36 and competency["average"] == pytest.approx(statistics.mean(p["report"]["questions"][0]["score"] for p in people))
    end = api.recruiter.get(f"/api/v1/sessions/{people[9]['session']}").json()["data"]["completed_at"]
    assert data(api.recruiter, "statistics", interview_id=one["id"], to=end)["scored"] == 9
    assert data(api.recruiter, "statistics", interview_id=one["id"], **{"from": end})["scored"] == 27
    assert data(api.other, "statistics", interview_id=one["id"])["scored"] == 0


def test_drift(api, crowd):
    one, people = crowd
    for period in ("week", "month"):
        got = data(api.recruiter, "drift", interview_id=one["id"], period=period)
        (series,) = got["series"]
        assert got["n"] == series["n"] == sum(p["n"] for p in series["points"]) == 36 and got["steps"] == []
        assert series["scorer_version"] == people[0]["report"]["scorer_version"] and series["mean"] == pytest.approx(statistics.mean(p["score"] for p in people))
        assert got["statement"] == series["statement"] and 0 <= series["p_value"] <= 1
        begins = datetime.datetime.fromisoformat(series["points"][0]["from"])
        assert (begins.weekday() if period == "week" else begins.day - 1) == 0 and begins.hour == 0
    assert data(api.recruiter, "drift", interview_id=one["id"])["period"] == "month"
    assert data(api.other, "drift", interview_id=one["id"])["n"] == 0
    assert api.recruiter.get(f"{URL}/drift", params={"period": "year"}).status_code == 422


def test_agreement(api):
    one = api.interview(questions=2, title="Agreement")
    share(api, one, api.reviewer)
    assert data(api.recruiter, "agreement", interview_id=one["id"])["machine"] == {
        "name": "", "n": 0, "exact": None, "within_one": None, "kappa": None, "mean_difference": None, "mean_apart": None}
    levels, pairs = [], []
    for n in range(4):
        client, session = api.candidate(one, f"agree{n}@example.org")
        api.answer_all(client, session, [(GOOD, SOME, POOR, GOOD)[n], (POOR, GOOD, GOOD, "No.")[n]])
        report = report_of(api, session)
        for k, question in enumerate(report["questions"]):
            url = f"{URL}/{report['id']}/answers/{question['answer_id']}/override"
            first, last = 1 + (n + k) % 5, 1 + (2 * n + k) % 5
            if k == 0:
                assert api.reviewer.put(url, json={"level": first, "reason": "As I heard it."}).status_code == 200
                pairs.append((first, last))
            assert api.recruiter.put(url, json={"level": last, "reason": "As I read it."}).status_code == 200
            levels.append((question["score"], last))
        if n == 0:
            assert api.recruiter.post(f"{URL}/{report['id']}/sign-off", json={"version": 1}).status_code == 200
    got = data(api.recruiter, "agreement", interview_id=one["id"])
    scored = [(m, p) for m, p in levels if m is not None]
    assert got["without_machine"] == 1 and got["machine"]["n"] == len(scored) == 7 and got["left_as_is"] == 0
    rounded = [(int(m + 0.5), p) for m, p in scored]
    assert got["machine"]["exact"] == pytest.approx(sum(m == p for m, p in rounded) / 7)
    assert got["machine"]["within_one"] == pytest.approx(sum(abs(m - p) <= 1 for m, p in rounded) / 7)
    assert got["machine"]["mean_difference"] == pytest.approx(statistics.mean(p - m for m, p in scored))
    assert got["machine"]["kappa"] == pytest.approx(kappa(rounded))
    assert got["answers_by_several"] == got["reviewers"]["n"] == 4
    assert got["reviewers"]["kappa"] == pytest.approx(kappa(pairs + [(b, a) for a, b in pairs]))
    assert sum(c["n"] for c in got["by_competency"]) == 7 and "7 levels" in got["statement"]
    assert data(api.reviewer, "agreement", interview_id=one["id"]) == got, "who reads the reports reads the figures"
    assert data(api.other, "agreement", interview_id=one["id"])["machine"]["n"] == 0


def kappa(pairs):
    """By the definition: observed over expected squared distances."""
    n = len(pairs)
    seen = sum((a - b) ** 2 for a, b in pairs) / n
    chance = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    return 1 - seen / chance


def test_what_nobody_changed_counts_beside(api, crowd):
    one, people = crowd
    got = data(api.recruiter, "agreement", interview_id=one["id"])
    assert got["machine"]["n"] == 0 and got["left_as_is"] == 34


def test_adverse_impact_by_decision(api, crowd):
    one, people = crowd
    counted = [p for p in people if p["outcome"]][:30]  # in the order of decisions, in whole batches of five
    got = impact_of(api.recruiter, one)
    assert (got["basis"], got["threshold"], got["people"], got["left_out"], got["small_group_min"]) == ("decision", None, 30, 4, 5)
    assert got["selected"] == sum(p["outcome"] == "advance" for p in counted) and got["median"] == pytest.approx(statistics.median(p["score"] for p in counted))
    table, category = groups(got)
    rate = {}
    for who in ("woman", "man"):
        mine = [p for p in counted if p["gender"] == who]
        chosen = sum(p["outcome"] == "advance" for p in mine)
        above = sum(p["score"] > got["median"] for p in mine)
        rate[who] = chosen / len(mine)
        assert (table[who]["n"], table[who]["selected"], table[who]["above_median"]) == (len(mine), chosen, above)
        assert table[who]["selection_rate"] == pytest.approx(rate[who]) and table[who]["scoring_rate"] == pytest.approx(above / len(mine))
    for who in rate:
        assert table[who]["impact_ratio"] == pytest.approx(rate[who] / max(rate.values()))
    silent = table["not_given"]
    assert (silent["n"], silent["withheld"], silent["impact_ratio"], silent["scoring_ratio"]) == (7, "no", None, None), "told, and compared with nobody"
    assert table["non_binary"]["withheld"] == "too_few" and category["withheld_people"] == 0


def test_adverse_impact_by_score(api, crowd):
    one, people = crowd
    got = impact_of(api.recruiter, one, basis="score", threshold=3)
    assert (got["people"], got["left_out"], got["basis"]) == (35, 1, "score")
    assert got["selected"] == sum(p["score"] >= got["threshold"] for p in people[:35])
    assert got["threshold"] == 3 or got["threshold_moved"]
    for bad in ({"basis": "luck"}, {"threshold": 6}, {"from": "yesterday"}):
        assert api.recruiter.get(f"{URL}/adverse-impact", params=bad).status_code == 422


def test_no_single_person_shows(api, crowd):
    """One more decision changes no table, and none shows a cell below the smallest group."""
    one, people = crowd
    before = impact_of(api.recruiter, one)
    client, session = api.candidate(one, "late@example.org")
    api.answer_all(client, session, [GOOD])
    assert client.put(f"/api/v1/public/sessions/{session}/self-identification", json={"gender": "non_binary"}).status_code == 200
    report = report_of(api, session)
    assert api.recruiter.post(f"{URL}/{report['id']}/sign-off", json={"version": 1, "outcome": "advance"}).status_code == 200
    after = impact_of(api.recruiter, one)
    # the fifth decided one completes a batch: five come at once
    assert after["people"] - before["people"] in (0, 5) and after["people"] % 5 == 0
    for impact in (before, after):
        for category in impact["categories"]:
            assert all(g["n"] is None or g["n"] >= 5 for g in category["groups"])
            hidden = [g for g in category["groups"] if g["n"] is None]
            shown = sum(g["n"] for g in category["groups"] if g["n"] is not None)
            assert impact["people"] - shown == 0 or (len(hidden) >= 2 and impact["people"] - shown >= 5), "what is withheld cannot be subtracted"
    assert api.admin.delete(f"/api/v1/sessions/{session}").status_code == 200


def test_who_may_see_adverse_impact(api, crowd):
    one, _ = crowd
    share(api, one, api.other)
    shared = api.other.get(f"/api/v1/interviews/{one['id']}/adverse-impact")
    assert shared.status_code == 403, "only shared with them"
    foreign = api.interview(api.other)
    assert api.recruiter.get(f"/api/v1/interviews/{foreign['id']}/adverse-impact").status_code == 404
    assert api.reviewer.get(f"{URL}/adverse-impact").status_code == 403
    assert api.reviewer.get(f"{URL}/adverse-impact.csv").status_code == 403
    assert api.recruiter.get(f"{URL}/adverse-impact.csv").text.count("\r\n") == 29
    assert impact_of(api.admin, one)["people"] >= 20
    assert data(api.other, "adverse-impact")["people"] == 0, "what is shared is not theirs"
    assert data(api.admin, "adverse-impact")["people"] >= data(api.recruiter, "adverse-impact")["people"] >= 20


def test_each_look_is_recorded(api, crowd):
    one, _ = crowd
    log = lambda: api.admin.get("/api/v1/admin/audit", params={"action": "adverse_impact.export"}).json()["data"]
    before = log()["total"]
    impact_of(api.recruiter, one)
    assert api.recruiter.get(f"/api/v1/interviews/{one['id']}/adverse-impact.csv", params={"basis": "score"}).status_code == 200
    after = log()
    assert after["total"] == before + 2
    newest, earlier = after["items"][:2]
    assert newest["details"] == {"format": "csv", "basis": "score"} and newest["subject_id"] == one["id"]
    assert earlier["details"] == {"format": "json", "basis": "decision"}


def test_adverse_impact_as_csv(api, crowd):
    one, _ = crowd
    got = impact_of(api.recruiter, one)
    reply = api.recruiter.get(f"/api/v1/interviews/{one['id']}/adverse-impact.csv")
    assert reply.headers["Content-Type"].startswith("text/csv") and "adverse-impact.csv" in reply.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))
    assert [(r["category"], r["group"]) for r in rows] == [(c["category"], g["value"]) for c in got["categories"] for g in c["groups"]]
    for row, group in zip(rows, (g for c in got["categories"] for g in c["groups"])):
        for name in ("n", "selected", "selection_rate", "impact_ratio", "ratio_low", "mean_score", "scoring_ratio"):
            assert row[name] == ("" if group[name] is None else row[name]) and (group[name] is None or float(row[name]) == pytest.approx(group[name], rel=1e-9))
        assert row["withheld"] == group["withheld"] and row["basis"] == "decision" and row["small_group_min"] == "5"


def test_a_larger_smallest_group(api, crowd):
    one, _ = crowd
    assert api.admin.patch("/api/v1/admin/settings", json={"small_group_min": 12}).status_code == 200
    got = impact_of(api.recruiter, one)
    assert api.admin.patch("/api/v1/admin/settings", json={"small_group_min": 5}).status_code == 200
    assert got["people"] == 24 and all(g["n"] is None or g["n"] >= 12 for c in got["categories"] for g in c["groups"])


def test_the_table_of_an_interview_is_complete(api):
    one = api.interview(questions=2, title="Table")
    client, session = api.candidate(one, "table@example.org", "=HYPERLINK(\"x\")")
    api.answer_all(client, session, [GOOD, "No."])
    report = report_of(api, session)
    questions = report["questions"]
    for k, level in ((0, 5), (1, 2)):
        assert api.recruiter.put(f"{URL}/{report['id']}/answers/{questions[k]['answer_id']}/override", json={"level": level, "reason": "I was there."}).status_code == 200
    signed = api.recruiter.post(f"{URL}/{report['id']}/sign-off", json={"version": 1, "outcome": "advance"}).json()["data"]
    reply = api.recruiter.get(f"/api/v1/interviews/{one['id']}/export.csv")
    (row,) = csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""))
    text = lambda v: "" if v is None else f"{v:g}"
    assert row["full_name"] == "'=HYPERLINK(\"x\")"
    assert (row["question_1_score"], row["question_1_level"], row["question_1_flag"]) == (text(questions[0]["score"]), "5", "")
    assert (row["question_2_score"], row["question_2_level"], row["question_2_flag"]) == ("", "2", "one_word")
    assert row["question_3_score"] == row["question_3_level"] == row["question_3_flag"] == ""
    assert row["overall_score"] == text(report["overall_score"]) and row["people_overall"] == text(signed["human"]["overall_score"])
    assert (row["sign_off"], row["sign_off_version"], row["report_version"], row["scorer_version"], row["partial"]) == ("advance", "1", "1", report["scorer_version"], "false")
    assert (row["window_left"], row["text_pasted"], row["second_voice"]) == ("0", "0", "0")
    for machine, people in zip(report["content"]["competencies"], signed["human"]["competencies"]):
        assert row[machine["name"]] == text(machine["score"]) and row[f"{machine['name']} (people)"] == text(people["score"])
    log = api.admin.get("/api/v1/admin/audit", params={"action": "interview.export"}).json()["data"]["items"]
    assert log[0]["subject_id"] == one["id"]
