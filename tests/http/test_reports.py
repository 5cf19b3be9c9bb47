"""Reports as data: lists, figures, exports."""

import csv
import io
import subprocess

import pytest

from conftest import wait_for
from sharing import share

SPOKEN = "We checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."


@pytest.fixture(scope="module")
def two(api):
    """An interview with a scored report, and one that could not be scored."""
    one = api.interview(questions=2)
    found = {}
    for email, text in (("good@example.org", SPOKEN), ("short@example.org", "No.")):
        client, session = api.candidate(one, email, "=Sam " + email[:4])
        api.answer_all(client, session, [text] * 2)
        found[email] = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                                lambda d: d["report_status"] == "ready", "the report")
    return one, found


def test_list(api, two):
    one, found = two

    def emails(client=api.recruiter, **params):
        reply = client.get("/api/v1/reports", params={"interview_id": one["id"], **params})
        assert reply.status_code == 200, reply.text
        assert reply.json()["data"]["total"] == len(reply.json()["data"]["items"])
        return [r["candidate_email"] for r in reply.json()["data"]["items"]]

    good = found["good@example.org"]
    assert emails() == ["short@example.org", "good@example.org"] and emails(sort="created_at") == ["good@example.org", "short@example.org"]
    assert emails(sort="-score")[0] == "good@example.org" and emails(sort="full_name")[0] == "good@example.org"
    assert emails(score_min=1) == ["good@example.org"], "no score is below every score"
    assert emails(score_min=good["overall_score"], score_max=good["overall_score"]) == ["good@example.org"]
    assert emails(candidate_id=good["candidate"]["id"]) == emails(session_id=good["id"]) == ["good@example.org"]
    assert emails(status="failed") == [] and len(emails(status="ready")) == 2
    assert emails(api.other) == []
    for bad in ({"score_min": "0"}, {"sort": "questions"}, {"status": "x"}, {"session_id": "x"}):
        assert api.recruiter.get("/api/v1/reports", params=bad).status_code == 422, bad


def test_read_regenerate_and_foreign(api, two):
    _, found = two
    session = found["good@example.org"]
    url = f"/api/v1/reports/{session['report']['id']}"
    report = api.recruiter.get(url)
    assert report.json()["data"] == session["report"] and report.headers["etag"]
    assert api.recruiter.get(f"/api/v1/sessions/{session['id']}/report").json()["data"] == session["report"]
    page = api.recruiter.get(f"/api/v1/candidates/{session['candidate']['id']}/reports").json()["data"]
    assert page["total"] == 1 and page["items"][0]["id"] == session["report"]["id"]
    made = api.recruiter.post(url + "/regenerate")
    assert made.status_code == 202 and made.json()["data"]["id"] == session["report"]["id"]
    again = wait_for(lambda: api.recruiter.get(url).json()["data"], lambda r: r["status"] == "ready", "the new report")
    assert again["overall_score"] == session["overall_score"], "the same answers score the same"
    for method, path in (("get", url), ("post", url + "/regenerate"), ("get", url + "/export.json"), ("get", url + "/export.pdf"), ("get", f"/api/v1/sessions/{session['id']}/report"),
                         ("get", f"/api/v1/candidates/{session['candidate']['id']}/reports")):
        assert api.other.request(method, path).status_code == 404, path
    other, unfinished = api.candidate(api.interview(), "unfinished@example.org")
    assert api.recruiter.get(f"/api/v1/sessions/{unfinished}/report").status_code == 404
    log = api.admin.get("/api/v1/admin/audit", params={"action": "report.regenerate"}).json()["data"]["items"]
    assert log[0]["subject_id"] == session["id"]


def test_reviewers_read_and_export_but_do_not_make(api, two):
    one, found = two
    share(api, one, api.reviewer)
    url = f"/api/v1/reports/{found['good@example.org']['report']['id']}"
    assert api.reviewer.get(url).status_code == 200 and api.reviewer.get(url + "/export.json").status_code == 200
    assert api.reviewer.post(url + "/regenerate").status_code == 403
    assert api.reviewer.get("/api/v1/reports/statistics", params={"interview_id": one["id"]}).json()["data"]["reports"] == 2


def pdf_text(data):
    return subprocess.run(["pdftotext", "-", "-"], input=data, check=True, capture_output=True).stdout.decode()


def test_a_report_as_a_pdf_can_be_read_searched_and_clicked(api, two):
    one, found = two
    session = found["good@example.org"]
    url = f"/api/v1/reports/{session['report']['id']}/export.pdf"
    reply = api.recruiter.get(url)
    assert reply.headers["content-type"] == "application/pdf" and "attachment" in reply.headers["content-disposition"]
    text = " ".join(pdf_text(reply.content).split())
    assert session["candidate"]["full_name"] in text and one["title"] in text
    assert f"{session['overall_score']:.1f}" in text and "Page 1 of " in text
    for q in session["report"]["questions"]:
        assert q["question_text"][:60] in text
        for point in q["points"]:
            if point["quote"]:
                assert " ".join(point["quote"].split())[:40] in text
    facts = subprocess.run(["pdfinfo", "-"], input=reply.content, check=True, capture_output=True).stdout.decode()
    assert "yes" in facts.split("Tagged:")[1].splitlines()[0] and f"of {int(facts.split('Pages:')[1].split()[0])}" in text
    assert reply.content == api.recruiter.get(url).content, "the same report gives the same bytes"
    hidden = pdf_text(api.recruiter.get(url, params={"hide_names": "true"}).content)
    assert session["candidate"]["full_name"] not in hidden
    assert api.recruiter.get(url, params={"version": 99}).status_code == 404
    assert api.recruiter.get(url, params={"hide_names": "perhaps"}).status_code == 422


def test_statistics(api, two):
    one, found = two
    score = found["good@example.org"]["overall_score"]
    stats = api.recruiter.get("/api/v1/reports/statistics", params={"interview_id": one["id"]}).json()["data"]
    assert (stats["reports"], stats["ready"], stats["pending"], stats["failed"], stats["scored"]) == (2, 2, 0, 0, 1)
    assert stats["average"] == stats["min"] == stats["max"] == stats["median"] == score
    assert sum(b["count"] for b in stats["distribution"]) == 1 and len(stats["distribution"]) == 8
    band = next(b for b in stats["distribution"] if b["count"])
    assert band["from"] <= score and (score < band["to"] or score == 5)
    assert [(i["interview_id"], i["count"], i["average"]) for i in stats["by_interview"]] == [(one["id"], 1, score)]
    scored = [q["score"] for s in found.values() for q in s["report"]["questions"] if q["score"] is not None]
    assert sum(c["count"] for c in stats["by_category"]) == len(scored)
    empty = api.other.get("/api/v1/reports/statistics", params={"interview_id": one["id"]}).json()["data"]
    assert empty["reports"] == 0 and empty["average"] is None and empty["median"] is None


def test_export_of_one(api, two):
    _, found = two
    session = found["good@example.org"]
    note = api.recruiter.post(f"/api/v1/sessions/{session['id']}/notes", json={"text": "Good."}).json()["data"]
    reply = api.recruiter.get(f"/api/v1/reports/{session['report']['id']}/export.json")
    assert reply.headers["content-type"] == "application/json" and "attachment" in reply.headers["content-disposition"]
    data = reply.json()
    assert data["format"] == "viva.report/1" and data["session"]["report"]["questions"] == session["report"]["questions"]
    assert [a["text"] for a in data["session"]["answers"]] == [SPOKEN] * 2 and data["session"]["candidate"]["email"] == "good@example.org"
    assert [n["id"] for n in data["notes"]] == [note["id"]] and "ticket=" not in reply.text and "token" not in reply.text
    log = api.admin.get("/api/v1/admin/audit", params={"action": "report.export"}).json()["data"]["items"]
    assert log[0]["subject_id"] == session["report"]["id"]


def test_export_csv(api, two):
    one, found = two
    reply = api.recruiter.get("/api/v1/reports/export.csv", params={"interview_id": one["id"], "sort": "created_at"})
    assert reply.headers["content-type"] == "text/csv; charset=utf-8" and "reports.csv" in reply.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))
    assert [r["candidate_email"] for r in rows] == ["good@example.org", "short@example.org"]
    assert float(rows[0]["overall_score"]) == found["good@example.org"]["overall_score"] and rows[1]["overall_score"] == ""
    assert rows[0]["candidate_name"].startswith("'=Sam"), "no spreadsheet runs a candidate's name"
    assert len(list(csv.reader(io.StringIO(api.other.get("/api/v1/reports/export.csv", params={"interview_id": one["id"]}).text)))) == 1
    assert api.recruiter.get("/api/v1/reports/export.csv", params={"interview_id": one["id"], "score_min": 1}).text.count("\r\n") == 2
