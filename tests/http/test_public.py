"""The candidate's side without an account: link, registration, typed interview, recordings, report."""

import hashlib
import subprocess

import pytest

from conftest import wait_for

SPOKEN = "We checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."


def test_link_unknown_and_draft(api):
    assert api.anonymous.get("/api/v1/public/interviews/nowhere").json()["error"]["code"] == "link_unknown"
    draft = api.interview(publish=False)
    assert api.anonymous.get(f"/api/v1/public/interviews/{draft['link']}").status_code == 404


def test_what_a_candidate_sees(api):
    one = api.interview(organisation="Halden Water")
    seen = api.anonymous.get(f"/api/v1/public/interviews/{one['link']}").json()["data"]
    assert seen["title"] == one["title"] and seen["question_count"] == 3 and seen["organisation"] == "Halden Water"
    assert seen["avatar"] == "daniel" and seen["engines_ready"] is True
    assert "points" not in str(seen) and "owner" not in str(seen)


@pytest.mark.parametrize("change,field", [
    ({"email": "x"}, "email"), ({"full_name": ""}, "full_name"), ({"consent_recording": False}, "consent_recording"),
    ({"consent_ai": False}, "consent_ai"), ({"status": "completed"}, "status"), ({"consent_ai": None}, "consent_ai"),
])
def test_registration_names_what_is_wrong(api, change, field):
    one = api.interview()
    body = {"full_name": "A", "email": "a@example.org", "consent_recording": True, "consent_ai": True, **change}
    reply = api.anonymous.post(f"/api/v1/public/interviews/{one['link']}/register", json=body)
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field


def test_registering_again_is_the_same_session_with_a_fresh_token(api):
    one = api.interview()
    first, session = api.candidate(one)
    second, same = api.candidate(one)
    assert session == same and first.token != second.token
    assert second.get(f"/api/v1/public/sessions/{session}").status_code == 200
    assert first.get(f"/api/v1/public/sessions/{session}").status_code == 401


def test_a_token_opens_its_own_session_only(api):
    one = api.interview()
    a, mine = api.candidate(one, "a@example.org")
    b, theirs = api.candidate(one, "b@example.org")
    assert a.get(f"/api/v1/public/sessions/{mine}").status_code == 200
    assert a.get(f"/api/v1/public/sessions/{theirs}").status_code in (403, 404)
    assert a.post(f"/api/v1/public/sessions/{theirs}/start").status_code in (403, 404)


def test_typed_interview_to_the_report(api):
    one = api.interview()
    client, session = api.candidate(one, "typed@example.org")
    state = api.answer_all(client, session, [SPOKEN, "No.", SPOKEN])
    assert state["status"] == "completed" and [a["status"] for a in state["answers"]] == ["ended"] * 3
    again = client.post(f"/api/v1/public/sessions/{session}/complete")
    assert again.status_code == 200
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                      lambda d: d["report"] and d["report"]["status"] == "ready", "the report")
    report = detail["report"]
    assert len(report["questions"]) == 3 and report["summary"]
    for q in report["questions"]:
        assert (q["score"] is None) == bool(q["reason_not_scored"])
        for p in q["points"]:
            assert p["met"] == "missed" or p["quote"] in SPOKEN
    assert report["questions"][1]["score"] is None, "one word cannot be judged"
    summary = api.recruiter.get("/api/v1/sessions", params={"interview_id": one["id"]}).json()["data"]["items"][0]
    assert summary["answered_count"] == 3 and summary["report_status"] == "ready" and summary["overall_score"] == report["overall_score"]
    assert api.recruiter.post(f"/api/v1/sessions/{session}/report").status_code == 202
    wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"]["report"], lambda r: r["status"] == "ready", "the new report")
    board = api.recruiter.get("/api/v1/dashboard").json()["data"]
    assert board["sessions_completed"] >= 1 and board["engines"]["stt"]["ready"]


def test_completed_session_takes_no_more(api):
    one = api.interview()
    client, session = api.candidate(one, "done@example.org")
    state = api.answer_all(client, session, [SPOKEN] * 3)
    answer = state["answers"][0]["id"]
    assert client.post(f"/api/v1/public/sessions/{session}/answers/{answer}/text", json={"text": "more"}).status_code == 409
    again = api.anonymous.post(f"/api/v1/public/interviews/{one['link']}/register",
                               json={"full_name": "A", "email": "done@example.org", "consent_recording": True, "consent_ai": True})
    assert again.status_code == 409 and again.json()["error"]["code"] == "session_completed"


def test_complete_needs_every_answer(api):
    client, session = api.candidate(api.interview(), "early@example.org")
    client.post(f"/api/v1/public/sessions/{session}/start")
    reply = client.post(f"/api/v1/public/sessions/{session}/complete")
    assert reply.status_code == 409 and reply.json()["error"]["code"] == "answers_missing"


def test_empty_and_endless_text(api):
    client, session = api.candidate(api.interview(), "text@example.org")
    state = client.post(f"/api/v1/public/sessions/{session}/start").json()["data"]
    url = f"/api/v1/public/sessions/{session}/answers/{state['answers'][0]['id']}/text"
    assert client.post(url, json={"text": ""}).json()["error"]["field"] == "text"
    assert client.post(url, json={"text": "x" * 200_000}).status_code in (413, 422)


# ---- recordings ----

@pytest.fixture(scope="module")
def webm(tmp_path_factory):
    """Four seconds as MediaRecorder makes them: no duration, no cues, in pieces."""
    path = tmp_path_factory.mktemp("media") / "a.webm"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=15:duration=4", "-f", "lavfi", "-i",
                    "sine=frequency=440:duration=4", "-c:v", "libvpx", "-b:v", "100k", "-c:a", "libopus", "-live", "1", "-f", "webm", str(path)], check=True)
    return path.read_bytes()


class Segment:
    def __init__(self, client, session, answer, number=0):
        self.client, self.url = client, f"/api/v1/public/sessions/{session}/answers/{answer}/segments/{number}"

    def open(self, media_type="video/webm;codecs=vp8,opus", offset_ms=0, lead_ms=0):
        return self.client.put(self.url, params={"media_type": media_type, "offset_ms": offset_ms, "lead_ms": lead_ms})

    def put(self, seq, data, digest=None):
        headers = {"Content-Type": "application/octet-stream", "X-Chunk-SHA256": digest or hashlib.sha256(data).hexdigest()}
        return self.client.put(f"{self.url}/chunks/{seq}", content=data, headers=headers)

    def finish(self, chunks):
        return self.client.post(f"{self.url}/finish", json={"chunks": chunks})


@pytest.fixture
def recording(api):
    client, session = api.candidate(api.interview(), f"rec{id(object())}@example.org")
    state = client.post(f"/api/v1/public/sessions/{session}/start").json()["data"]
    return Segment(client, session, state["answers"][0]["id"]), session


def test_recording_goes_up_and_plays_with_ranges(api, recording, webm):
    segment, session = recording
    assert segment.open(lead_ms=1500).json()["data"]["next_seq"] == 0
    parts = [webm[i:i + 20_000] for i in range(0, len(webm), 20_000)]
    for n, part in enumerate(parts):
        reply = segment.put(n, part)
        assert reply.status_code == 200 and reply.json()["data"]["next_seq"] == n + 1
    assert segment.put(0, parts[0]).status_code == 200, "a repeated chunk is acknowledged again"
    assert segment.finish(len(parts)).status_code == 200
    assert segment.finish(len(parts)).status_code == 200
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                      lambda d: d["answers"][0]["recordings"][0]["status"] in ("ready", "failed"), "the recording")
    rec = detail["answers"][0]["recordings"][0]
    assert rec["status"] == "ready" and abs(rec["duration_ms"] - 4000) < 150
    assert (rec["offset_ms"], rec["lead_ms"]) == (0, 1500), "begun over the question: the answer starts 1.5 s into it"
    whole = api.anonymous.get(rec["media_url"])
    assert whole.status_code == 200 and whole.headers["accept-ranges"] == "bytes" and whole.headers["content-type"] == "video/webm"
    part = api.anonymous.get(rec["media_url"], headers={"Range": "bytes=100-199"})
    assert part.status_code == 206 and part.content == whole.content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert api.anonymous.get(rec["media_url"], headers={"Range": "bytes=999999999-"}).status_code == 416
    assert api.anonymous.get(rec["media_url"].split("?")[0]).status_code == 401
    assert api.anonymous.get(rec["media_url"].replace("recordings/0", "recordings/1")).status_code == 401
    probe = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", "-"], input=whole.content, capture_output=True)
    assert abs(float(probe.stdout) - 4.0) < 0.15


def test_chunk_faults(recording, webm):
    segment, _ = recording
    segment.open()
    wrong = segment.put(0, webm[:1000], hashlib.sha256(b"other").hexdigest())
    assert wrong.status_code == 422 and wrong.json()["error"]["code"] == "chunk_hash"
    assert segment.put(0, webm[:1000], "zz").status_code == 422
    gap = segment.put(3, webm[:1000])
    assert gap.status_code == 409 and gap.json()["error"]["code"] == "chunk_gap" and gap.json()["error"]["details"] == {"expected": 0}
    assert segment.put(0, webm[:1000]).status_code == 200
    other = segment.put(0, webm[1000:2000])
    assert other.status_code == 409 and other.json()["error"]["code"] == "chunk_differs"
    assert segment.put(1, b"").status_code == 422
    assert segment.put(1, b"x" * (4 * 1024 * 1024 + 1)).status_code == 413
    short = segment.finish(5)
    assert short.status_code == 409 and short.json()["error"]["details"] == {"expected": 1}
    assert segment.finish(1).status_code == 200
    assert segment.put(1, webm[1000:2000]).json()["error"]["code"] == "segment_closed"


def test_recording_that_is_no_recording_fails_plainly(api, recording):
    segment, session = recording
    segment.open()
    segment.put(0, b"this is not a film")
    segment.finish(1)
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                      lambda d: d["answers"][0]["recordings"][0]["status"] in ("ready", "failed"), "the verdict")
    assert detail["answers"][0]["recordings"][0]["status"] == "failed"
    assert detail["answers"][0]["recordings"][0]["media_url"] is None


@pytest.mark.parametrize("media_type", ["text/html", "video/x-matroska", "", "video/webmx"])
def test_other_media_types_are_refused(recording, media_type):
    reply = recording[0].open(media_type)
    assert reply.status_code == 422 and reply.json()["error"]["field"] == "media_type"


def test_foreign_answers_cannot_be_recorded(api, recording):
    segment, session = recording
    other, other_session = api.candidate(api.interview(), "foreign@example.org")
    assert other.put(segment.url.replace(session, other_session), params={"media_type": "video/webm"}).status_code == 404


def test_withdrawal_erases_the_recording(api, recording, webm):
    segment, session = recording
    segment.open()
    segment.put(0, webm[:5000])
    folder = api.server.directory / "data/media/sessions" / session
    assert folder.exists()
    assert segment.client.post(f"/api/v1/public/sessions/{session}/withdraw").status_code == 200
    assert not folder.exists()
    assert segment.put(1, webm[5000:9000]).status_code in (404, 410)
    assert segment.client.get(f"/api/v1/public/sessions/{session}").json()["data"]["status"] == "withdrawn"


def test_erasing_a_session(api, recording, webm):
    segment, session = recording
    segment.open()
    segment.put(0, webm[:5000])
    assert api.other.delete(f"/api/v1/sessions/{session}").status_code == 404
    assert api.recruiter.delete(f"/api/v1/sessions/{session}").status_code == 200
    assert api.recruiter.get(f"/api/v1/sessions/{session}").status_code == 404
    assert not (api.server.directory / "data/media/sessions" / session).exists()


def noted(client, session):
    return [(e["kind"], e["detail"]) for e in client.get(f"/api/v1/public/sessions/{session}/data").json()["events"]]


def test_another_window_and_pasted_text_are_noted_while_the_interview_runs(api):
    client, session = api.candidate(api.interview(), "attention@example.org")
    base = f"/api/v1/public/sessions/{session}"
    def note(**body):
        return client.post(base + "/events", json=body).status_code
    assert note(kind="tab_hidden") == 200 and noted(client, session) == [], "not before it begins"
    answer = client.post(base + "/start").json()["data"]["answers"][0]["id"]
    assert [note(kind="tab_hidden"), note(kind="tab_visible"), note(kind="pasted", characters=240)] == [200] * 3
    assert noted(client, session) == [("tab_hidden", ""), ("tab_visible", ""), ("pasted", "240 characters")]
    refused = client.post(base + "/events", json={"kind": "paused"})
    assert refused.status_code == 422 and refused.json()["error"]["field"] == "kind", "only what a page may tell"
    assert note(kind="pasted", characters=-1) == 422 and note(kind="pasted", text="what was pasted") == 422 and note() == 422
    for _ in range(205):
        assert note(kind="tab_hidden") == 200
    assert len(noted(client, session)) == 202, "there is an end to it"
    while answer:
        state = client.post(f"{base}/answers/{answer}/text", json={"text": SPOKEN}).json()["data"]
        answer = next((a["id"] for a in state["answers"] if a["status"] == "open"), None)
    assert state["status"] == "completed" and note(kind="pasted") == 200 and len(noted(client, session)) == 202


def test_the_upload_probe_forgets_what_it_gets(api):
    client, session = api.candidate(api.interview(), "probe@example.org")
    url = f"/api/v1/public/sessions/{session}/probe"
    before = sum(1 for _ in (api.server.directory / "data").rglob("*"))
    for size in (1, 65_536, 512 << 10):
        assert client.put(url, content=bytes(size), headers={"Content-Type": "application/octet-stream"}).status_code == 200
    assert client.put(url, content=bytes((512 << 10) + 1)).status_code == 413
    assert sum(1 for _ in (api.server.directory / "data").rglob("*")) == before
    assert api.anonymous.put(url, content=b"x").status_code == 401
