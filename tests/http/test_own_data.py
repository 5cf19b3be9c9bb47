"""Answers as whole files, what a candidate gets of their own, and what somebody else who knows address and link does not."""

import json
import re
import subprocess

import pytest

from conftest import wait_for
from resumes import pdf

SPOKEN = "We checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."


@pytest.fixture(scope="module")
def sounds(tmp_path_factory):
    """Four seconds of tone in each container, and a film."""
    folder = tmp_path_factory.mktemp("sounds")
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=4"]
    film = ["-f", "lavfi", "-i", "testsrc=size=160x120:rate=15:duration=4"]
    made = {"wav": tone, "flac": tone, "ogg": [*tone, "-c:a", "libopus"], "mp3": tone, "webm": [*tone, "-c:a", "libopus"], "m4a": tone,
            "film.webm": [*film, *tone, "-c:v", "libvpx", "-b:v", "100k", "-c:a", "libopus"], "silent.webm": [*film, "-c:v", "libvpx"]}
    for name, args in made.items():
        subprocess.run(["ffmpeg", "-loglevel", "error", *args, str(folder / f"a.{name}")], check=True)
    return {name: (folder / f"a.{name}").read_bytes() for name in made}


def begin(api, email, questions=2):
    one = api.interview(questions=questions)
    client, session = api.candidate(one, email)
    base = f"/api/v1/public/sessions/{session}"
    state = client.post(base + "/start").json()["data"]
    return one, client, session, base, state["answers"][0]["id"]


def register(api, one, email, token=None):
    body = {"full_name": "Casey Candidate", "email": email, "consent_recording": True, "consent_ai": True, **({"session_token": token} if token else {})}
    reply = api.anonymous.post(f"/api/v1/public/interviews/{one['link']}/register", json=body)
    assert reply.status_code == 201, reply.text
    return api.server.client(api.contract, reply.json()["data"]["session_token"])


def parse_vtt(text):
    """The cues of a WebVTT file, by the grammar of the specification: [(start_s, end_s, voice, text)]."""
    blocks = text.split("\n\n")
    assert blocks[0] == "WEBVTT"
    cues, last = [], 0
    for block in blocks[1:]:
        lines = block.split("\n")
        if not block or lines[0].startswith("NOTE"):
            assert "-->" not in block
            continue
        times = re.fullmatch(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})", lines[0])
        assert times and len(lines) == 2, block
        h, m, s, ms, h2, m2, s2, ms2 = map(int, times.groups())
        start, end = h * 3600 + m * 60 + s + ms / 1000, h2 * 3600 + m2 * 60 + s2 + ms2 / 1000
        assert last <= start < end, "in order, and lasting"
        voice = re.fullmatch(r"<v ([^<>&\n]|&amp;|&lt;|&gt;)+>([^<>&]|&amp;|&lt;|&gt;)*", lines[1])
        assert voice, lines[1]
        name, words = lines[1][3:].split(">", 1)
        cues.append((start, end, name, words))
        last = start
    return cues


@pytest.mark.parametrize("name,kept", [("wav", "audio/webm"), ("flac", "audio/webm"), ("ogg", "audio/webm"), ("mp3", "audio/webm"), ("webm", "audio/webm"),
                                       ("m4a", "audio/mp4")])
def test_answer_by_sound_file(api, sounds, name, kept):
    one, client, session, base, answer = begin(api, f"{name}@example.org")
    reply = client.post(f"{base}/answers/{answer}/audio", files={"file": ("whatever.bin", sounds[name])})
    assert reply.status_code == 200, reply.text
    state = reply.json()["data"]
    assert [a["status"] for a in state["answers"]] == ["ended", "open"] and state["answers"][0]["mode"] == "voice" and state["answers"][0]["text"]
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                      lambda d: d["answers"][0]["recordings"][0]["status"] in ("ready", "failed"), "the recording")
    recording = detail["answers"][0]["recordings"][0]
    assert recording["status"] == "ready" and recording["media_type"] == kept and abs(recording["duration_ms"] - 4000) < 200
    assert detail["answers"][0]["utterances"] and detail["answers"][0]["text"] == state["answers"][0]["text"]
    own = {"answer_id": answer, "segment": 0}
    for params in ({}, own):
        cues = parse_vtt(api.recruiter.get(f"/api/v1/sessions/{session}/transcript.vtt", params=params).text)
        assert cues and cues[0][2] == "Casey Candidate" and " ".join(c[3] for c in cues) == state["answers"][0]["text"]
    assert cues[-1][1] <= recording["duration_ms"] / 1000 + 0.001, "in the recording's own times"
    again = client.post(f"{base}/answers/{answer}/audio", files={"file": ("a", sounds[name])})
    assert again.status_code == 409 and again.json()["error"]["code"] == "answer_ended"


def test_answer_by_film_to_the_end(api, sounds):
    _, client, session, base, answer = begin(api, "film@example.org")
    state = client.post(f"{base}/answers/{answer}/video", files={"file": ("a.webm", sounds["film.webm"])}).json()["data"]
    state = client.post(f"{base}/answers/{state['answers'][1]['id']}/video", files={"file": ("a.webm", sounds["film.webm"])}).json()["data"]
    assert state["status"] == "completed"
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                      lambda d: all(r["status"] == "ready" for a in d["answers"] for r in a["recordings"]), "the recordings")
    film = api.anonymous.get(detail["answers"][0]["recordings"][0]["media_url"])
    assert film.headers["content-type"] == "video/webm"
    streams = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", "-"], input=film.content, capture_output=True)
    assert sorted(streams.stdout.decode().split()) == ["audio", "video"]


def test_files_that_are_no_answer(api, sounds):
    one, client, session, base, answer = begin(api, "bad-file@example.org")
    other, _ = api.candidate(one, "bad-other@example.org")
    for kind, data, code in (("audio", b"", "audio_empty"), ("audio", b"not sound at all", "audio_unsupported"), ("audio", b"RIFF\0\0\0\0WAVE", "audio_unreadable"),
                             ("audio", sounds["silent.webm"], "audio_unreadable"), ("video", sounds["wav"], "film_unsupported"), ("video", pdf(), "audio_unsupported")):
        reply = client.post(f"{base}/answers/{answer}/{kind}", files={"file": ("a", data)})
        assert reply.status_code in (413, 415, 422) and reply.json()["error"]["code"] == code and reply.json()["error"]["field"] == "file", (code, reply.text)
    state = client.get(base).json()["data"]
    assert [a["status"] for a in state["answers"]] == ["open"], "nothing was ended by it"
    assert api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"]["answers"][0]["recordings"] == []
    assert other.post(f"{base}/answers/{answer}/audio", files={"file": ("a", sounds["wav"])}).status_code in (403, 404)
    theirs = api.candidate(one, "bad-third@example.org")
    mine = f"/api/v1/public/sessions/{theirs[1]}/answers/{answer}/audio"
    assert theirs[0].post(mine, files={"file": ("a", sounds["wav"])}).status_code == 404, "an answer of another session"
    client.post(base + "/withdraw")
    assert client.post(f"{base}/answers/{answer}/audio", files={"file": ("a", sounds["wav"])}).status_code in (404, 410)


# ---- one's own data ----

def test_copy_of_ones_own_data(api, sounds):
    one, client, session, base, answer = begin(api, "own@example.org")
    assert client.post(base + "/resume", files={"file": ("cv.pdf", pdf())}).status_code == 201
    state = client.post(f"{base}/answers/{answer}/audio", files={"file": ("a.webm", sounds["webm"])}).json()["data"]
    client.post(f"{base}/answers/{state['answers'][1]['id']}/text", json={"text": SPOKEN})
    assert api.recruiter.post(f"/api/v1/sessions/{session}/notes", json={"text": "Secret-Note"}).status_code == 201
    detail = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"],
                      lambda d: d["report_status"] == "ready" and d["answers"][0]["recordings"][0]["status"] == "ready", "report and recording")
    reply = client.get(base + "/data")
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/json" and "attachment" in reply.headers["content-disposition"]
    data = json.loads(reply.content)
    assert (data["full_name"], data["email"], data["status"]) == ("Casey Candidate", "own@example.org", "completed")
    assert data["consent_recording_at"] and data["consent_ai_at"] and data["registered_at"] and data["completed_at"]
    assert [a["text"] for a in data["answers"]] == [a["text"] for a in detail["answers"]] and data["answers"][0]["lines"]
    assert data["resume"]["file_name"] == "cv.pdf" and "Ten years of sensors" in data["resume"]["text"]
    assert data["assessed"] is True and data["assessed_at"] and "ask" in data["notice"]
    for secret in ("Secret-Note", "score", "explanation", "hidden", "points", "ticket="):
        assert secret not in reply.text, secret
    media = client.get(data["recordings"][0]["media_url"])
    assert media.status_code == 200 and media.content == api.anonymous.get(detail["answers"][0]["recordings"][0]["media_url"]).content
    assert client.get(data["recordings"][0]["media_url"], headers={"Range": "bytes=0-9"}).status_code == 206
    other, _ = api.candidate(one, "own-other@example.org")
    assert other.get(base + "/data").status_code in (403, 404) and other.get(data["recordings"][0]["media_url"]).status_code in (403, 404)
    log = api.admin.get("/api/v1/admin/audit", params={"action": "candidate.data_copy"}).json()["data"]["items"]
    assert log[0]["subject_id"] == session and log[0]["actor_kind"] == "candidate"


def test_who_knows_address_and_link_goes_on_and_sees_nothing(api, sounds):
    one, client, session, base, answer = begin(api, "known@example.org")
    client.post(base + "/resume", files={"file": ("cv.pdf", pdf())})
    state = client.post(f"{base}/answers/{answer}/audio", files={"file": ("a.webm", sounds["webm"])}).json()["data"]
    said = state["answers"][0]["text"]
    wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"], lambda d: d["answers"][0]["recordings"][0]["status"] == "ready", "it")
    intruder = register(api, one, "known@example.org")
    assert client.get(base).status_code == 401, "the first token ended"
    seen = intruder.get(base).json()["data"]
    assert seen["status"] == "in_progress" and seen["current_position"] == 2, "another device goes on at the same question"
    assert said not in json.dumps(seen) and seen["answers"][0]["text"] == ""
    for method, path in (("get", "/data"), ("get", f"/answers/{answer}/recordings/0/media"), ("get", "/resume"), ("delete", "/resume"), ("post", "/withdraw")):
        reply = intruder.request(method, base + path)
        assert reply.status_code == 403 and reply.json()["error"]["code"] == "other_browser", path
    assert intruder.post(base + "/resume", files={"file": ("x.pdf", pdf())}).status_code == 403
    back = register(api, one, "known@example.org", client.token)
    assert back.get(base).json()["data"]["answers"][0]["text"] == said and intruder.get(base).status_code == 401
    assert back.get(base + "/data").status_code == 200 and back.get(base + "/resume").status_code == 200
    guess = register(api, one, "known@example.org", "x" * 43)
    assert guess.get(base + "/data").status_code == 403, "a made-up token shows nothing"
    third = register(api, one, "known@example.org", re.sub("Bearer ", "", back.headers["Authorization"]))
    assert third.get(base + "/data").status_code == 200, "the chain goes on from the token that was last shown"
    finished = guess.get(base)
    assert finished.status_code == 401
    done = third.post(f"{base}/answers/{seen['answers'][1]['id']}/text", json={"text": SPOKEN})
    assert done.json()["data"]["status"] == "completed" and third.get(base + "/data").status_code == 200


def test_nothing_to_protect_before_the_start(api):
    """Registered only: a second device is as good as the first."""
    one = api.interview()
    _, session = api.candidate(one, "early-device@example.org")
    second = register(api, one, "early-device@example.org")
    base = f"/api/v1/public/sessions/{session}"
    assert second.get(base + "/data").status_code == 200
    assert second.post(base + "/resume", files={"file": ("cv.pdf", pdf())}).status_code == 201
    third = register(api, one, "early-device@example.org")
    assert third.get(base + "/resume").status_code == 403, "now there is a resume"
    assert third.post(base + "/start").status_code == 200


def test_the_other_device_finishes_the_interview(api):
    one, client, session, base, answer = begin(api, "device@example.org")
    client.post(f"{base}/answers/{answer}/text", json={"text": SPOKEN})
    other = register(api, one, "device@example.org")
    state = other.get(base).json()["data"]
    open_answer = next(a for a in state["answers"] if a["status"] == "open")
    assert open_answer["question_text"]
    assert other.post(f"{base}/answers/{open_answer['id']}/text", json={"text": "The second answer."}).json()["data"]["status"] == "completed"
    actions = [e["action"] for e in api.admin.get("/api/v1/admin/audit", params={"subject_id": session, "page_size": 100}).json()["data"]["items"]]
    assert actions.count("candidate.register") == 1 and actions.count("candidate.return") == 1
