"""Links by which a report is read without an account."""

import subprocess

import httpx
import pytest

from conftest import wait_for


@pytest.fixture()
def report(api):
    one = api.interview(questions=1)
    client, session = api.candidate(one, "kim@example.org", "Kim Shared")
    api.answer_all(client, session, ["We checked the raw sensor data to find the cause and told the people who used the figures."])
    return wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}/report").json()["data"], lambda r: r["status"] == "ready", "the report")


def read(api, url):
    return httpx.get(str(api.recruiter.base_url).rstrip("/") + url[url.index("/api/"):], verify=False)


def text(data):
    return subprocess.run(["pdftotext", "-", "-"], input=data, check=True, capture_output=True).stdout.decode()


def test_a_link_is_read_without_an_account_until_it_is_ended(api, report):
    base = f"/api/v1/reports/{report['id']}/shares"
    made = api.recruiter.post(base, json={"days": 14}).json()["data"]
    reply = read(api, made["url"])
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/pdf" and "Kim Shared" in text(reply.content)
    hidden = api.recruiter.post(base, json={"days": 1, "hide_names": True}).json()["data"]
    assert "Kim Shared" not in text(read(api, hidden["url"]).content)
    listed = api.recruiter.get(base).json()["data"]["items"]
    assert [x["id"] for x in listed] == [hidden["id"], made["id"]] and all(x["url"] is None and x["last_used_at"] for x in listed)
    assert api.recruiter.delete(f"{base}/{made['id']}").status_code in (200, 204)
    gone = read(api, made["url"])
    assert gone.status_code == 404 and gone.json()["error"]["code"] == "not_found"
    assert api.recruiter.delete(f"{base}/{made['id']}").status_code == 404
    assert read(api, hidden["url"]).status_code == 200, "the other one still works"
    log = api.admin.get("/api/v1/admin/audit", params={"action": "report.share"}).json()["data"]["items"]
    assert log[0]["subject_id"] == report["id"] and made["url"].rsplit("/", 1)[1] not in str(log)


def test_what_is_wrong_is_said(api, report):
    base = f"/api/v1/reports/{report['id']}/shares"
    for body, field in (({}, "days"), ({"days": 0}, "days"), ({"days": 366}, "days"), ({"days": 1, "hide_names": "x"}, "hide_names")):
        reply = api.recruiter.post(base, json=body)
        assert reply.status_code == 422 and field in str(reply.json()["error"]), body
    assert api.other.post(base, json={"days": 1}).status_code == 404
    assert read(api, "/api/v1/public/reports/nobody-knows-this").status_code == 404
