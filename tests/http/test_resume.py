"""Resumes: what is taken, what is found in them, who gets them, and what attackers send instead."""

import hashlib
import os
import re
import stat
import subprocess
import zipfile

import pytest

from resumes import ORDER, VISIBLE, docx, pdf, run, words
from sharing import share

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(scope="module")
def one(api):
    return api.interview()


@pytest.fixture
def someone(api, one, request):
    """A candidate's client, own address, and the address for staff."""
    email = re.sub(r"[^a-z0-9]", "-", request.node.name.lower())[:60] + "@example.org"
    client, session = api.candidate(one, email)
    person = api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"]["candidate"]["id"]
    return client, f"/api/v1/public/sessions/{session}/resume", f"/api/v1/candidates/{person}/resume"


def send(client, url, data, name="resume.pdf", media_type="application/pdf"):
    return client.post(url, files={"file": (name, data, media_type)})


def stored(api):
    folder = api.server.directory / "data/media/resumes"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_life_of_a_resume(api, someone):
    client, own, staff = someone
    before = stored(api)
    assert client.get(own).json()["error"]["code"] == "no_resume" and api.recruiter.get(staff).status_code == 404
    data = pdf()
    made = send(client, own, data, "Lebenslauf für Sam.pdf")
    assert made.status_code == 201, made.text
    receipt = made.json()["data"]
    assert receipt["file_name"] == "Lebenslauf für Sam.pdf" and receipt["bytes"] == len(data) and receipt["sha256"] == hashlib.sha256(data).hexdigest()
    assert set(receipt) == {"file_name", "media_type", "bytes", "sha256", "uploaded_at"}, "the candidate is not told what was found"
    seen = api.recruiter.get(staff).json()["data"]
    assert "Ten years of sensors and pumps" in seen["text"] and seen["media_type"] == "application/pdf"
    assert seen["hidden_kinds"] == [] and seen["hidden_text"] == ""
    assert api.recruiter.get(staff.removesuffix("/resume")).json()["data"]["has_resume"] is True
    down = api.recruiter.get(staff + "/download")
    assert down.content == data and down.headers["content-type"] == "application/pdf" and down.headers["x-content-type-options"] == "nosniff"
    assert down.headers["content-disposition"].startswith("attachment; ") and "f%C3%BCr%20Sam.pdf" in down.headers["content-disposition"]
    assert api.anonymous.get(seen["download_url"]).content == data
    assert api.anonymous.get(seen["download_url"].split("?")[0]).status_code == 401 and api.anonymous.get(staff + "/download").status_code == 401
    other = send(api.recruiter, staff, docx(), "resume.docx", WORD)
    assert other.status_code == 201 and other.json()["data"]["media_type"] == WORD
    assert len(stored(api)) == len(before) + 1, "the first file went when the second came"
    assert client.delete(own).status_code == 200 and client.delete(own).status_code == 404
    assert stored(api) == before and api.recruiter.get(staff + "/download").status_code == 404
    actions = [e["action"] for e in api.admin.get("/api/v1/admin/audit", params={"subject_id": staff.split("/")[4]}).json()["data"]["items"]]
    assert actions.count("resume.upload") == 2 and actions.count("resume.download") == 2 and actions.count("resume.delete") == 1


def test_withdrawing_and_erasing_take_it_along(api, one, someone):
    client, own, staff = someone
    before = stored(api)
    assert send(client, own, pdf()).status_code == 201
    assert client.post(own.removesuffix("/resume") + "/withdraw").status_code == 200
    assert stored(api) == before and client.get(own).status_code == 404
    assert send(client, own, pdf()).json()["error"]["code"] == "session_over"
    second, session = api.candidate(one, "second-resume@example.org")
    assert send(second, f"/api/v1/public/sessions/{session}/resume", pdf()).status_code == 201
    assert api.recruiter.delete(f"/api/v1/sessions/{session}").status_code == 200
    assert stored(api) == before


def test_whose_it_is(api, one, someone):
    client, own, staff = someone
    assert send(client, own, pdf()).status_code == 201
    for method, url in (("get", staff), ("get", staff + "/download"), ("delete", staff)):
        assert api.other.request(method, url).status_code == 404
    assert send(api.other, staff, pdf()).status_code == 404
    stranger, theirs = api.candidate(one, "stranger-resume@example.org")
    assert stranger.get(own).status_code in (403, 404) and stranger.delete(own).status_code in (403, 404)
    assert stranger.get(f"/api/v1/public/sessions/{theirs}/resume").json()["error"]["code"] == "no_resume"
    share(api, one, api.reviewer)
    assert api.reviewer.get(staff).status_code == 200 and api.reviewer.get(staff + "/download").status_code == 200
    assert send(api.reviewer, staff, pdf()).status_code == 403 and api.reviewer.delete(staff).status_code == 403
    ticket = api.recruiter.get(staff).json()["data"]["download_url"]
    mine = api.recruiter.get(f"/api/v1/sessions/{theirs}").json()["data"]["candidate"]["id"]
    assert api.anonymous.get(ticket.replace(staff.split("/")[4], mine)).status_code == 401, "a ticket is for one file"


# ---- what is found ----

HIDDEN_PDF = {
    "white on white": (VISIBLE + "1 1 1 rg " + words(ORDER, y=600), "unseen", {}),
    "nearly white": (VISIBLE + "0.97 0.97 0.97 rg " + words(ORDER, y=600), "unseen", {}),
    "render mode 3": (VISIBLE + words(ORDER, y=600, before="3 Tr"), "unseen", {}),
    "beside visible words": (VISIBLE + words(ORDER, x=260, y=680, size=8, before="3 Tr"), "unseen", {}),
    "covered": (VISIBLE + words(ORDER, y=600) + "0.2 0.4 0.8 rg 60 590 480 30 re f", "unseen", {}),
    "tiny": (VISIBLE + words(ORDER, y=600, size=1), "tiny", {}),
    "below the page": (VISIBLE + words(ORDER, y=-300), "off_page", {}),
    "right of the page": (VISIBLE + words(ORDER, x=700, y=600), "off_page", {}),
    "cropped away": (VISIBLE + words(ORDER, y=100), "off_page", {"page": "/CropBox [0 400 595 842]"}),
    "over other words": (VISIBLE + words(ORDER, y=680, before="3 Tr"), "overlaid", {}),
}


@pytest.mark.parametrize("how", HIDDEN_PDF)
def test_hidden_text_in_a_pdf(api, someone, how):
    client, own, staff = someone
    content, kind, options = HIDDEN_PDF[how]
    assert send(client, own, pdf(content, **options)).status_code == 201
    seen = api.recruiter.get(staff).json()["data"]
    assert kind in seen["hidden_kinds"] and "instructions" in seen["hidden_kinds"], seen
    for word in ("instructions", "candidate"):
        assert word in seen["hidden_text"]
    assert "sensors" in seen["text"]


SEEN_PDF = {
    "on a dark banner": "0 0 0.5 rg 50 740 500 60 re f 1 g " + words("White heading on a dark banner", y=760, size=20) + "0 g " + VISIBLE,
    "grey and small": VISIBLE + "0.5 g " + words("References on request, in small grey letters", y=100, size=6),
    "printed twice": VISIBLE + words("Bold by printing it twice over", y=600) + words("Bold by printing it twice over", x=72.3, y=600),
    "with lines": VISIBLE + words("Underlined and framed heading", y=600) + "72 597 m 300 597 l S 60 590 400 24 re S",
    "close lines": VISIBLE + "".join(words(f"Line {i} of a dense paragraph of text", y=600 - 9 * i, size=10) for i in range(20)),
}


@pytest.mark.parametrize("how", SEEN_PDF)
def test_what_can_be_seen_is_not_flagged(api, someone, how):
    client, own, staff = someone
    assert send(client, own, pdf(SEEN_PDF[how])).status_code == 201
    seen = api.recruiter.get(staff).json()["data"]
    assert seen["hidden_kinds"] == [] and seen["hidden_text"] == "", seen


def test_hidden_text_in_a_docx(api, someone):
    client, own, staff = someone
    for props, kind in (("<w:vanish/>", "vanish"), ('<w:color w:val="FFFFFF"/>', "unseen"), ('<w:sz w:val="2"/>', "tiny")):
        assert send(client, own, docx(run("Sam Example") + run(ORDER, props)), "r.docx", WORD).status_code == 201
        seen = api.recruiter.get(staff).json()["data"]
        assert set(seen["hidden_kinds"]) == {kind, "instructions"} and ORDER in seen["hidden_text"] and "Sam Example" in seen["text"]


def test_plain_text(api, someone):
    client, own, staff = someone
    assert send(client, own, "Sam Example\nMünchen", "cv", "application/octet-stream").status_code == 201
    seen = api.recruiter.get(staff).json()["data"]
    assert seen["file_name"] == "cv.txt" and seen["media_type"] == "text/plain" and seen["text"] == "Sam Example\nMünchen"
    assert send(client, own, f"Sam\n{ORDER}", "cv.txt", "text/plain").status_code == 201
    assert api.recruiter.get(staff).json()["data"]["hidden_kinds"] == ["instructions"]


# ---- what attackers send ----

def symlink(name, target):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target


BOMB = "<w:p>" + "<w:r><w:t>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA</w:t></w:r>" * 400_000

WRONG = {
    "empty": (b"", "resume_empty"),
    "a picture called pdf": (b"\x89PNG\r\n\x1a\n" + bytes(100), "resume_unsupported"),
    "a program": (b"MZ" + bytes(200), "resume_unsupported"),
    "text with NUL": (b"Sam\0Example", "resume_unsupported"),
    "broken UTF-8": (b"Sam \xff\xfe Example", "resume_unsupported"),
    "magic behind a page": (b"<html><script>alert(1)</script>\x00%PDF-1.4", "resume_unsupported"),
    "cut PDF": (pdf()[:120], "resume_unreadable"),
    "PDF in name only": (b"%PDF-1.7\nnothing here", "resume_unreadable"),
    "too many pages": (pdf(pages=31), "resume_too_long"),
    "old Word or a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "resume_encrypted"),
    "zip that is no DOCX": (docx().replace(b"word/document.xml", b"word/documents.xm"), "resume_unreadable"),
    "cut zip": (docx()[:-40], "resume_unreadable"),
    "zip bomb": (docx(BOMB), "resume_too_long"),
    "entities that grow": (docx(document='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>'), "resume_unreadable"),
    "document is a link": (docx(extra=[symlink("word/styles.xml", "/etc/passwd")], document="/etc/passwd"), "resume_unreadable"),
}


@pytest.mark.parametrize("what", WRONG)
def test_files_that_are_refused(api, someone, what):
    client, own, staff = someone
    data, code = WRONG[what]
    before = stored(api)
    reply = send(client, own, data)
    assert reply.status_code == 422 and reply.json()["error"]["code"] == code and reply.json()["error"]["field"] == "file", reply.text
    assert stored(api) == before and api.recruiter.get(staff).status_code == 404, "nothing is left of it"


def test_names_in_archives_and_uploads_mean_nothing(api, someone):
    client, own, staff = someone
    evil = [("../../../../tmp/viva-slipped", b"x"), ("/tmp/viva-slipped", b"x"), symlink("word/media", "/etc"), ("word/media/passwd", b"x")]
    for name in ("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a\\..\\b.exe", "x" * 3000 + ".docx", "r\u202efdp.docx", ".", "", "<img src=x>.html"):
        reply = send(client, own, docx(extra=evil), name, WORD)
        assert reply.status_code in (201, 400, 422), reply.text
        if reply.status_code == 201:
            kept = reply.json()["data"]["file_name"]
            assert kept.endswith(".docx") and "/" not in kept and len(kept.encode()) <= 255
            down = api.recruiter.get(staff + "/download")
            assert down.headers["content-type"] == WORD and "\n" not in down.headers["content-disposition"]
    assert not os.path.exists("/tmp/viva-slipped") and all(re.fullmatch(r"[0-9a-f-]{36}", n) for n in stored(api))


def test_polyglot_is_a_download_and_never_a_page(api, someone):
    client, own, staff = someone
    both = pdf(VISIBLE) + b"<html><script>alert(1)</script>" + docx()
    reply = send(client, own, both, "page.html", "text/html")
    assert reply.status_code == 201 and reply.json()["data"]["media_type"] == "application/pdf" and reply.json()["data"]["file_name"] == "page.html.pdf"
    down = api.recruiter.get(staff + "/download")
    assert down.headers["content-type"] == "application/pdf" and down.headers["content-disposition"].startswith("attachment")


def test_encrypted_pdf(api, someone):
    """/Encrypt without a usable key: as a reader meets a file with a password."""
    client, own, _ = someone
    locked = pdf(trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /O (" + "o" * 32 + ") /U (" + "u" * 32 + ") /P -44 >> /ID [(1)(1)]")
    reply = send(client, own, locked)
    assert reply.status_code == 422 and reply.json()["error"]["code"] == "resume_encrypted", reply.text


def test_quota_and_forms(api, someone):
    client, own, staff = someone
    before = stored(api)
    reply = send(client, own, b"x" * (10 * 1024 * 1024 + 1))
    assert reply.status_code == 413 and reply.json()["error"]["code"] == "resume_too_large"
    assert send(client, own, b"x" * (30 * 1024 * 1024)).status_code == 413
    assert client.post(own, files={"document": ("r.pdf", pdf())}).status_code in (400, 422), "another field"
    assert client.post(own, json={"file": "x"}).status_code in (400, 415)
    assert client.post(own, files={"file": ("r.pdf", pdf())}, data={"candidate_id": "x"}).status_code in (400, 422)
    assert client.post(own).status_code in (400, 415, 422)
    assert stored(api) == before
    for _ in range(3):
        assert send(client, own, pdf()).status_code == 201
    assert len(stored(api)) == len(before) + 1, "one file each"


def test_nothing_of_a_resume_is_logged(api, someone):
    client, own, _ = someone
    assert send(client, own, pdf(words("Canary-Zitronenfalter")), "canary-name.pdf").status_code == 201
    assert "Zitronenfalter" not in api.server.log and "canary-name" not in api.server.log


def test_a_browsers_own_print_is_not_flagged(api, someone, tmp_path):
    """A resume as people make them: styled, printed by the browser."""
    client, own, staff = someone
    page = tmp_path / "cv.html"
    page.write_text("<meta charset=utf-8><style>body{font:13px/1.35 serif} h1{background:#223;color:#fff;padding:8px} .s{color:#888;font-size:9px}"
                    " td{border:1px solid #ccc;padding:2px}</style><h1>Sam Example</h1><p>Field engineer with <b>ten years</b> of <i>sensors</i>.</p>"
                    "<table><tr><td>2019</td><td>Halden Water, telemetry</td></tr><tr><td>2015</td><td>Nordby Pumps</td></tr></table>"
                    "<ul><li>C, Python</li><li>Radio links</li></ul><p class=s>References on request, in small print.</p>")
    out = tmp_path / "cv.pdf"
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={out}", page.as_uri()], check=True, capture_output=True, timeout=120)
    assert send(client, own, out.read_bytes()).status_code == 201
    seen = api.recruiter.get(staff).json()["data"]
    assert "Halden Water, telemetry" in seen["text"] and seen["hidden_kinds"] == [], seen
