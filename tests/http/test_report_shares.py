"""Links by which a report is read without an account."""

import subprocess

import pytest

from conftest import wait_for


@pytest.fixture()
def report(api):
    one = api.interview(questions=1)
    client, session = api.candidate(one, "kim@example.org", "Kim Shared")
    api.answer_all(client, session, ["We checked the raw sensor data to find the cause and told the people who used the figures."])
    return wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}/report").json()["data"], lambda r: r["status"] == "ready", "the report")


def read(api, url, rest=""):
    """What the page behind a link asks the server for."""
    return api.anonymous.get(f"/api/v1/public/reports/{url.rsplit('/', 1)[1]}{rest}")


def read_pdf(api, url):
    return read(api, url, "/export.pdf")


def text(data):
    return subprocess.run(["pdftotext", "-", "-"], input=data, check=True, capture_output=True).stdout.decode()


def test_a_link_is_read_without_an_account_until_it_is_ended(api, report):
    base = f"/api/v1/reports/{report['id']}/shares"
    made = api.recruiter.post(base, json={"days": 14}).json()["data"]
    assert "/r/" in made["url"]
    reply = read_pdf(api, made["url"])
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/pdf" and "Kim Shared" in text(reply.content)
    hidden = api.recruiter.post(base, json={"days": 1, "hide_names": True}).json()["data"]
    assert "Kim Shared" not in text(read_pdf(api, hidden["url"]).content)
    listed = api.recruiter.get(base).json()["data"]["items"]
    assert [x["id"] for x in listed] == [hidden["id"], made["id"]] and all(x["url"] is None and x["last_used_at"] for x in listed)
    assert api.recruiter.delete(f"{base}/{made['id']}").status_code in (200, 204)
    for gone in (read(api, made["url"]), read_pdf(api, made["url"])):
        assert gone.status_code == 404 and gone.json()["error"]["code"] == "not_found"
    assert api.recruiter.delete(f"{base}/{made['id']}").status_code == 404
    assert read(api, hidden["url"]).status_code == 200, "the other one still works"
    log = api.admin.get("/api/v1/admin/audit", params={"action": "report.share"}).json()["data"]["items"]
    assert log[0]["subject_id"] == report["id"] and made["url"].rsplit("/", 1)[1] not in str(log)


def test_the_page_has_the_report_and_the_words_and_no_more_names_than_the_link_may_show(api, report):
    answer = report["questions"][0]["answer_id"]
    api.recruiter.put(f"/api/v1/reports/{report['id']}/answers/{answer}/override", json={"level": 4, "reason": "The cause was found."})
    api.recruiter.post(f"/api/v1/reports/{report['id']}/sign-off", json={"version": report["version"]})
    base = f"/api/v1/reports/{report['id']}/shares"
    open_link, hidden_link = (api.recruiter.post(base, json={"days": 2, "hide_names": hide}).json()["data"] for hide in (False, True))
    whole = read(api, open_link["url"]).json()["data"]
    assert whole["candidate_name"] == "Kim Shared" and whole["names_hidden"] is False and whole["expires_at"] == open_link["expires_at"]
    assert whole["report"]["id"] == report["id"] and whole["report"]["human"]["overrides"][0]["reason"] == "The cause was found."
    assert [a["answer_id"] for a in whole["answers"]] == [answer] and "sensor data" in whole["answers"][0]["text"]
    assert "kim@example.org" not in str(whole) and "media_url" not in str(whole)
    reviewer = whole["report"]["sign_off"]["author_name"]
    hidden = read(api, hidden_link["url"]).json()["data"]
    assert hidden["candidate_name"] == "Candidate" and hidden["names_hidden"] is True
    for name in ("Kim Shared", reviewer, whole["report"]["sign_off"]["author_id"]):
        assert name not in str(hidden), name
    assert hidden["report"]["human"]["overrides"][0]["author_name"] == "A reviewer"
    assert hidden["report"]["questions"] == whole["report"]["questions"], "the report itself is the same"


def test_what_is_wrong_is_said(api, report):
    base = f"/api/v1/reports/{report['id']}/shares"
    for body, field in (({}, "days"), ({"days": 0}, "days"), ({"days": 366}, "days"), ({"days": 1, "hide_names": "x"}, "hide_names")):
        reply = api.recruiter.post(base, json=body)
        assert reply.status_code == 422 and field in str(reply.json()["error"]), body
    assert api.other.post(base, json={"days": 1}).status_code == 404
    assert read(api, "/r/nobody-knows-this").status_code == read_pdf(api, "/r/nobody-knows-this").status_code == 404


def test_recordings_are_heard_only_where_the_link_says_so_and_as_long_as_it_works(api, tmp_path):
    path = tmp_path / "a.webm"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=4", "-c:a", "libopus", str(path)], check=True)
    one = api.interview(questions=1)
    client, session = api.candidate(one, "heard@example.org", "Kim Shared")
    base = f"/api/v1/public/sessions/{session}"
    answer = client.post(base + "/start").json()["data"]["answers"][0]["id"]
    assert client.post(f"{base}/answers/{answer}/audio", files={"file": ("a.webm", path.read_bytes())}).status_code == 200
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                      lambda d: d["report_status"] == "ready" and d["answers"][0]["recordings"][0]["status"] == "ready", "report and recording")
    shares = f"/api/v1/reports/{detail['report']['id']}/shares"
    silent, heard = (api.recruiter.post(shares, json={"days": 1, "hide_names": True, **more}).json()["data"] for more in ({}, {"recordings": True}))
    assert silent["recordings"] is False and heard["recordings"] is True
    whole = read(api, heard["url"]).json()["data"]
    recording = whole["answers"][0]["recordings"][0]
    assert whole["recordings"] is True and whole["names_hidden"] is True and recording["duration_ms"] == detail["answers"][0]["recordings"][0]["duration_ms"]
    assert whole["answers"][0]["duration_ms"] == detail["answers"][0]["duration_ms"] and "Kim Shared" not in str(whole)
    media = api.anonymous.get(recording["media_url"])
    assert media.status_code == 200 and media.content == api.anonymous.get(detail["answers"][0]["recordings"][0]["media_url"]).content
    assert "no-store" in media.headers["cache-control"] or "private" in media.headers["cache-control"]
    assert api.anonymous.get(recording["media_url"], headers={"Range": "bytes=0-9"}).status_code == 206
    mute = read(api, silent["url"]).json()["data"]
    assert mute["recordings"] is False and mute["answers"][0]["recordings"] == []
    secret = lambda link: link["url"].rsplit("/", 1)[1]
    assert api.anonymous.get(recording["media_url"].replace(secret(heard), secret(silent))).status_code == 404
    assert api.anonymous.get(recording["media_url"].replace(answer, session)).status_code == 404
    other = detail["answers"][0]["recordings"][0]["media_url"].split("?")[0]
    assert api.anonymous.get(other).status_code == 401, "the link opens nothing of the staff's"
    log = api.admin.get("/api/v1/admin/audit", params={"action": "report.share"}).json()["data"]["items"]
    assert log[0]["details"] == {"days": 1, "hide_names": True, "recordings": True} and log[1]["details"]["recordings"] is False
    assert api.recruiter.delete(f"{shares}/{heard['id']}").status_code == 200
    assert api.anonymous.get(recording["media_url"]).status_code == 404, "at once"
    assert api.recruiter.post(shares, json={"days": 1, "recordings": "yes"}).status_code == 422


def test_another_sessions_recording_is_not_opened_by_a_link(api, report):
    """The answer of an interview that nobody shared, through a link that lets recordings be heard."""
    link = api.recruiter.post(f"/api/v1/reports/{report['id']}/shares", json={"days": 1, "recordings": True}).json()["data"]
    one = api.interview(questions=1)
    client, session = api.candidate(one, "unshared@example.org")
    answer = client.post(f"/api/v1/public/sessions/{session}/start").json()["data"]["answers"][0]["id"]
    assert read(api, link["url"], f"/answers/{answer}/recordings/0/media").json()["error"]["code"] == "not_found"
    own = report["questions"][0]["answer_id"]
    assert read(api, link["url"], f"/answers/{own}/recordings/0/media").status_code == 404, "it was typed"
