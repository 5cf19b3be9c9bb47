"""Roles x routes x foreign ids: everything that has an owner, tried through every route by everybody whose it is not.

The world is made by one recruiter: an interview, its questions, a candidate who has answered, a recording, a note, a report.
Which id stands in a path is written by hand (OWNED); a route with ids that the table does not cover fails the test."""

import hashlib
import json

import pytest

from conftest import wait_for
from test_access import TABLE

# path prefix -> what its parameters name in the world
OWNED = {
    "/api/v1/interviews/{id}": {"id": "interview", "question_id": "question", "user_id": "user"},
    "/api/v1/candidates/{id}": {"id": "candidate"},
    "/api/v1/sessions/{session_id}": {"session_id": "session", "answer_id": "answer", "segment": "0", "note_id": "note"},
    "/api/v1/reports/{id}": {"id": "report", "answer_id": "answer", "share_id": "share"},
    "/api/v1/public/sessions/{session_id}": {"session_id": "session", "answer_id": "answer", "segment": "0", "seq": "0"},
}
# ids that are no recruiter's: administrators' alone (tests/http/test_users.py, test_admin.py), the caller's own log-ins
# (tests/http/test_auth.py), secrets that are their own permission
ELSEWHERE = ("/api/v1/admin/", "/api/v1/auth/sessions/{id}", "/api/v1/auth/links/{token}", "/api/v1/public/interviews/{link}", "/api/v1/public/reports/{token}", "/v1/models/{model}")
WEBM = b"\x1a\x45\xdf\xa3 not really a film, and never remuxed here"


@pytest.fixture(scope="module")
def world(api):
    one = api.interview(title="Somebody else's")
    person, session = api.candidate(one, "foreign@example.org", name="Fern Foreign")
    state = person.post(f"/api/v1/public/sessions/{session}/start").json()["data"]
    answer = state["answers"][0]["id"]
    base = f"/api/v1/public/sessions/{session}/answers/{answer}/segments/0"
    assert person.put(base, params={"media_type": "video/webm"}).status_code == 200
    sha = hashlib.sha256(WEBM).hexdigest()
    assert person.put(base + "/chunks/0", content=WEBM, headers={"X-Chunk-SHA256": sha}).status_code == 200
    api.answer_all(person, session, ["I looked for the cause first and wrote down what I found."] * 3)
    seen = lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"]
    done = wait_for(seen, lambda s: s["report"] and s["report"]["status"] == "ready", "the report")
    note = api.recruiter.post(f"/api/v1/sessions/{session}/notes", json={"text": "Between us."}).json()["data"]
    shared = api.recruiter.post(f"/api/v1/reports/{done['report']['id']}/shares", json={"days": 1}).json()["data"]
    stranger_interview = api.interview(api.other, title="The stranger's own")
    stranger, _ = api.candidate(stranger_interview, "stranger@example.org")
    return {"interview": one["id"], "question": one["questions"][0]["id"], "candidate": done["candidate"]["id"], "session": session,
            "answer": answer, "note": note["id"], "report": done["report"]["id"], "share": shared["id"], "0": "0",
            "user": api.reviewer.get("/api/v1/auth/me").json()["data"]["id"], "stranger": stranger, "before": seen()}


def cases(document):
    for path, methods in document["paths"].items():
        if "{" not in path or path.startswith(ELSEWHERE) or path in ELSEWHERE:
            continue
        for method in methods:
            if method in ("get", "post", "put", "patch", "delete") and not path.endswith("/live"):
                yield method, path


def fill(path, world):
    prefix = max((p for p in OWNED if path.startswith(p)), key=len, default=None)
    assert prefix, f"{path}: say in OWNED whose its ids are"
    for name, what in OWNED[prefix].items():
        path = path.replace("{" + name + "}", world[what])
    assert "{" not in path, f"{path}: a parameter is not in OWNED"
    return path


def body_of(operation):
    """The example of the description, so that nothing is refused for its form before it is refused for its owner."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if media == "application/json" and "example" in content:
            return {"json": content["example"]}
        if media == "multipart/form-data":
            return {"files": {"file": ("cv.txt", b"Ten years of field work.", "text/plain")}}
    if "requestBody" in operation:
        return {"content": b"bytes", "headers": {"X-Chunk-SHA256": hashlib.sha256(b"bytes").hexdigest(), "Content-Type": "application/octet-stream"}}
    return {}


def everybody(api, world, method, path):
    """Who must not: the stranger recruiter, the reviewer it is not shared with, another interview's candidate, nobody."""
    return {"r": api.other, "v": api.reviewer, "c": world["stranger"], "nobody": api.anonymous}


def test_nothing_of_somebody_elses_is_there(api, world):
    document, leaks, tried = api.contract.document, [], 0
    for method, path in cases(document):
        url, body = fill(path, world), body_of(document["paths"][path][method])
        for who, client in everybody(api, world, method, path).items():
            allowed = TABLE[(method, path)]
            wanted = {404} if who in allowed and who in "rv" else {401, 403, 404}
            status = client.request(method, url, **body).status_code
            tried += 1
            if status not in wanted:
                leaks.append(f"{who}: {method.upper()} {path} gave {status}")
    assert not leaks, "\n".join(leaks)
    assert tried > 150


def test_nothing_of_it_changed(api, world):
    """Runs after the tries: what the owner sees is what was there before."""
    now = api.recruiter.get(f"/api/v1/sessions/{world['session']}").json()["data"]
    strip = lambda s: json.loads(json.dumps(s), object_hook=lambda o: {k: v for k, v in o.items() if k != "media_url"})
    assert strip(now) == strip(world["before"])
    assert api.recruiter.get(f"/api/v1/interviews/{world['interview']}").json()["data"]["title"] == "Somebody else's"


def test_lists_hold_nothing_foreign(api, world):
    for client in (api.other, api.reviewer):
        for path, query in (("/api/v1/interviews", {}), ("/api/v1/candidates", {"interview_id": world["interview"]}),
                            ("/api/v1/sessions", {"interview_id": world["interview"]}), ("/api/v1/sessions", {"candidate_id": world["candidate"]}),
                            ("/api/v1/reports", {"interview_id": world["interview"]}), ("/api/v1/reports", {"session_id": world["session"]})):
            text = client.get(path, params={**query, "page_size": 100}).text
            for what in ("interview", "candidate", "session", "report"):
                assert f'"id":"{world[what]}"' not in text, f"{path} {query} shows the {what}"


def test_a_media_ticket_opens_its_recording_alone(api, world):
    path = f"/api/v1/sessions/{world['session']}/answers/{world['answer']}/recordings/0/media"
    for client in (api.recruiter, api.other, api.anonymous):
        assert client.get(path).status_code in (401, 403)
        assert client.get(path, params={"ticket": "x.y.z"}).status_code in (401, 403)
