"""The engines over REST: files of every kind in, files and times out, drafts of questions, and how the engines are."""

import base64
import io
import struct
import subprocess
import threading
import wave

import pytest

SECONDS = 2.0
FILES = {  # how ffmpeg makes them, and a name and media type that must not matter
    "wav": (["-f", "wav"], "voice.wav", "audio/wav"),
    "flac": (["-f", "flac"], "voice.mp3", "audio/mpeg"),
    "ogg": (["-c:a", "libopus", "-f", "ogg"], "voice", "application/octet-stream"),
    "webm": (["-c:a", "libopus", "-f", "webm"], "voice.webm", "video/webm"),
    "mp4": (["-c:a", "aac", "-f", "mp4", "-movflags", "+empty_moov"], "voice.m4a", "audio/mp4"),
    "mp3": (["-c:a", "libmp3lame", "-f", "mp3"], "voice.wav", "audio/wav"),
}


def make_sound(arguments, source=f"sine=frequency=300:duration={SECONDS}"):
    return subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source, "-ac", "1", *arguments, "-"],
                          capture_output=True, check=True).stdout


def transcribe(client, content, name="voice.wav", media="audio/wav", **fields):
    return client.post("/api/v1/ai/transcribe", files={"file": (name, content, media)}, data=fields)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_files_of_every_kind_are_heard(api, kind):
    arguments, name, media = FILES[kind]
    reply = transcribe(api.recruiter, make_sound(arguments), name, media, language="en")
    assert reply.status_code == 200, reply.text
    heard = reply.json()["data"]
    assert heard["language"] == "en"
    assert heard["text"].startswith("one two three four")  # the fake hears a word in each half second
    assert abs(heard["duration"] - SECONDS) < 0.2
    assert heard["segments"] and heard["segments"][0]["start"] == 0 and abs(heard["segments"][-1]["end"] - SECONDS) < 0.2


def test_the_sound_of_a_film_is_heard(api):
    film = subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=64x64:duration=1", "-f", "lavfi",
                           "-i", "sine=duration=1", "-c:v", "libvpx", "-c:a", "libopus", "-f", "webm", "-"],
                          capture_output=True, check=True).stdout
    assert transcribe(api.recruiter, film).json()["data"]["text"].startswith("one two")


def test_silence_is_an_empty_text(api):
    reply = transcribe(api.recruiter, make_sound(["-f", "wav"], "anullsrc=duration=1"))
    assert reply.status_code == 200
    assert reply.json()["data"]["text"] == "" and reply.json()["data"]["segments"] == []


@pytest.mark.parametrize("content, status, code", [
    (b"", 422, "audio_empty"),
    (b"no sound at all, but some text", 415, "audio_unsupported"),
    (b"RIFF\xff\xff\xff\xffWAVEfmt ", 415, "audio_unreadable"),
    (b"OggS" + bytes(1000), 415, "audio_unreadable"),
    (b"#EXTM3U\n#EXT-X-TARGETDURATION:1\nfile:///etc/passwd\n", 415, "audio_unsupported"),
    (b"ffconcat version 1.0\nfile /etc/passwd\n", 415, "audio_unsupported"),
    (b"%PDF-1.7\n", 415, "audio_unsupported"),
])
def test_what_is_no_sound_names_the_field(api, content, status, code):
    reply = transcribe(api.recruiter, content)
    assert (reply.status_code, reply.json()["error"]["code"], reply.json()["error"]["field"]) == (status, code, "file")


def test_a_film_without_sound_is_refused(api):
    film = make_sound(["-c:v", "libvpx", "-f", "webm", "-an"], "testsrc=size=64x64:duration=1")
    assert transcribe(api.recruiter, film).json()["error"]["code"] == "audio_unreadable"


def test_half_an_hour_is_the_most(api):
    """A small file that would become two gigabytes of samples is stopped on the way."""
    reply = transcribe(api.recruiter, make_sound(["-ar", "8000", "-f", "flac"], "anullsrc=duration=1900"))
    assert reply.status_code == 413
    assert reply.json()["error"] == {"code": "audio_too_long", "field": "file", "details": None}


def test_fields_of_the_form_are_checked(api):
    sound = make_sound(["-f", "wav"])
    for fields, field in (({"language": "klingon"}, "language"), ({"language": "EN"}, "language"), ({"model": "x"}, "model"),
                          ({"prompt": "x" * 1001}, "prompt")):
        reply = transcribe(api.recruiter, sound, **fields)
        assert (reply.status_code, reply.json()["error"]["field"]) == (422, field)
    missing = api.recruiter.post("/api/v1/ai/transcribe", files={"voice": ("a.wav", sound, "audio/wav")})
    assert (missing.status_code, missing.json()["error"]["code"], missing.json()["error"]["field"]) == (422, "field_unknown", "voice")
    nothing = api.recruiter.post("/api/v1/ai/transcribe", files={"language": (None, "en")})
    assert (nothing.status_code, nothing.json()["error"]["code"], nothing.json()["error"]["field"]) == (422, "field_required", "file")
    raw = api.recruiter.post("/api/v1/ai/transcribe", content=sound, headers={"Content-Type": "audio/wav"})
    assert raw.status_code == 415


def test_tts_as_wav_and_as_opus(api):
    text = "How do you do?"
    wav = api.recruiter.post("/api/v1/ai/tts", json={"text": text})
    assert wav.status_code == 200 and wav.headers["Content-Type"] == "audio/wav"
    with wave.open(io.BytesIO(wav.content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
        seconds = file.getnframes() / 22050
    opus = api.recruiter.post("/api/v1/ai/tts", json={"text": text, "format": "opus"})
    assert opus.headers["Content-Type"] == "audio/ogg" and opus.content[:4] == b"OggS" and b"OpusHead" in opus.content[:64]
    assert len(opus.content) < len(wav.content) / 3
    for file in (wav.content, opus.content):
        assert abs(transcribe(api.recruiter, file).json()["data"]["duration"] - seconds) < 0.1
    fast = api.recruiter.post("/api/v1/ai/tts", json={"text": text, "speed": 2})
    assert len(fast.content) < len(wav.content) * 2 / 3


def test_tts_with_times(api):
    reply = api.recruiter.post("/api/v1/ai/tts/timed", json={"text": "How do you do?", "format": "wav"})
    assert reply.status_code == 200, reply.text
    timed = reply.json()["data"]
    sound = base64.b64decode(timed["audio"], validate=True)
    assert timed["media_type"] == "audio/wav" and sound[:4] == b"RIFF" and timed["sample_rate"] == struct.unpack("<I", sound[24:28])[0]
    assert abs(timed["duration_ms"] - (len(sound) - 44) / 2 / timed["sample_rate"] * 1000) < 1
    assert [w["word"] for w in timed["words"]] == ["How", "do", "you", "do?"]
    phonemes = timed["phonemes"]
    assert phonemes[0]["start"] == 0 and abs(phonemes[-1]["end"] * 1000 - timed["duration_ms"]) < 1
    assert all(a["end"] == b["start"] for a, b in zip(phonemes, phonemes[1:]))
    assert all(w["start"] < w["end"] for w in timed["words"])
    opus = api.recruiter.post("/api/v1/ai/tts/timed", json={"text": "How do you do?", "format": "opus"}).json()["data"]
    assert opus["media_type"] == "audio/ogg" and base64.b64decode(opus["audio"])[:4] == b"OggS"
    assert opus["phonemes"] == phonemes


@pytest.mark.parametrize("path", ["/api/v1/ai/tts", "/api/v1/ai/tts/timed"])
def test_tts_refuses_what_it_cannot_say(api, path):
    for body, field in (({"text": ""}, "text"), ({"text": "x" * 2001}, "text"), ({"text": "a", "voice": "x"}, "voice"),
                        ({"text": "a", "speed": 3}, "speed"), ({"text": "a", "format": "mp3"}, "format"), ({}, "text")):
        reply = api.recruiter.post(path, json=body)
        assert (reply.status_code, reply.json()["error"]["field"]) == (422, field)


def test_health_tells_engine_model_and_real_latency(api):
    before = api.recruiter.get("/api/v1/ai/health").json()["data"]
    api.recruiter.post("/api/v1/ai/tts", json={"text": "Hello."})
    after = api.recruiter.get("/api/v1/ai/health").json()["data"]
    assert after["tts"]["calls"] == before["tts"]["calls"] + 1 and after["tts"]["latency_ms"] >= 0
    assert after["stt"]["calls"] == before["stt"]["calls"]
    for engine in after.values():
        assert engine["ready"] and engine["engine"] == "fake" and engine["message"] == ""


def test_health_without_engines_says_what_is_missing(fresh, contract):
    from conftest import Api
    api = Api(fresh(STT_PROVIDER="whisper", TTS_PROVIDER="piper", VAD_PROVIDER="silero"), contract)
    for engine in api.recruiter.get("/api/v1/ai/health").json()["data"].values():
        assert not engine["ready"] and engine["message"] and engine["calls"] == 0 and engine["latency_ms"] is None
    for reply in (transcribe(api.recruiter, b"x"), api.recruiter.post("/api/v1/ai/tts", json={"text": "Hello."})):
        assert reply.status_code == 503 and reply.json()["error"]["code"] == "engine_missing"


def test_voices_and_avatars(api):
    voices = api.reviewer.get("/api/v1/ai/voices").json()["data"]["items"]
    avatars = api.reviewer.get("/api/v1/ai/avatars").json()["data"]["items"]
    assert voices and avatars
    assert {a["voice"] for a in avatars} <= {v["value"] for v in voices}


ROLE = {"job_role": "Field engineer", "interview_type": "behavioral", "difficulty": "senior", "focus_areas": ["ownership", "teamwork"], "count": 6}


@pytest.mark.parametrize("how", ["json", "urlencoded", "multipart"])
def test_questions_are_drafted_from_json_and_from_forms(api, how):
    if how == "json":
        reply = api.recruiter.post("/api/v1/ai/questions", json=ROLE)
    elif how == "urlencoded":
        reply = api.recruiter.post("/api/v1/ai/questions", data=ROLE)
    else:
        parts = [(k, (None, str(v))) for k, vs in ROLE.items() for v in (vs if isinstance(vs, list) else [vs])]
        reply = api.recruiter.post("/api/v1/ai/questions", files=parts)
        assert reply.request.headers["Content-Type"].startswith("multipart/form-data")
    assert reply.status_code == 200, reply.text
    questions = reply.json()["data"]["questions"]
    assert len({q["text"] for q in questions}) == 6
    assert [q["category"] for q in questions] == ["warmup", *["behavioral"] * 4, "closing"]
    assert all(q["points"] for q in questions)


def test_drafts_are_not_stored_and_fit_an_interview(api):
    before = api.recruiter.get("/api/v1/interviews").json()["data"]["total"]
    drafts = api.recruiter.post("/api/v1/ai/questions", json={"job_role": "Nurse"}).json()["data"]["questions"]
    assert len(drafts) == 5
    assert api.recruiter.get("/api/v1/interviews").json()["data"]["total"] == before
    one = api.interview(publish=False)
    saved = api.recruiter.put(f"/api/v1/interviews/{one['id']}/questions", json={"questions": drafts})
    assert saved.status_code == 200
    assert [q["text"] for q in saved.json()["data"]["questions"]] == [q["text"] for q in drafts]


def test_questions_refuse_what_they_cannot_be_drafted_from(api):
    for body, field in (({}, "job_role"), ({"job_role": "x", "count": 21}, "count"), ({"job_role": "x", "count": 0}, "count"),
                        ({"job_role": "x", "focus_areas": ["luck"]}, "focus_areas[0]"), ({"job_role": "x", "owner": "y"}, "owner")):
        reply = api.recruiter.post("/api/v1/ai/questions", json=body)
        assert (reply.status_code, reply.json()["error"]["field"]) == (422, field)


def test_follow_up_asks_for_the_point_left_out(api):
    body = {"question": "Describe a time you took over something that nobody owned.",
            "answer": "Our wiki was neglected and it mattered to every newcomer.",
            "points": ["What was neglected and why it mattered", "Deciding to take responsibility", "The steps that were taken"]}
    first = api.recruiter.post("/api/v1/ai/follow-up", json=body).json()["data"]
    assert first == {"text": "Could you tell me a little about deciding to take responsibility?", "point": "Deciding to take responsibility",
                     "reason": "missing"}
    assert api.recruiter.post("/api/v1/ai/follow-up", data=body).json()["data"] == first  # the same from a form
    body["asked"] = [first["point"]]
    second = api.recruiter.post("/api/v1/ai/follow-up", json=body).json()["data"]
    assert second["point"] == "The steps that were taken"
    body["asked"].append(second["point"])
    assert api.recruiter.post("/api/v1/ai/follow-up", json=body).json()["data"] == {"text": None, "point": None, "reason": "covered"}
    assert api.recruiter.post("/api/v1/ai/follow-up", json={**body, "answer": ""}).json()["data"]["reason"] == "no_answer"
    assert api.recruiter.post("/api/v1/ai/follow-up", json={**body, "points": []}).json()["data"]["reason"] == "no_points"
    missing = api.recruiter.post("/api/v1/ai/follow-up", json={"question": "x", "points": []})
    assert (missing.status_code, missing.json()["error"]["field"]) == (422, "answer")


def test_requests_beyond_what_may_wait_are_told_to_come_back(fresh, contract):
    """One worker in two may be at the engines: with two workers, a second request is refused while the first one runs,
    and other requests are answered all the while."""
    from conftest import Api
    server = fresh(WORKERS=2)
    api = Api(server, contract)
    slow = make_sound(["-ar", "8000", "-f", "flac"], "anullsrc=duration=1700")
    replies = []
    first = threading.Thread(target=lambda: replies.append(transcribe(api.recruiter, slow)))
    first.start()
    refused = None
    while refused is None and first.is_alive():
        reply = api.admin.post("/api/v1/ai/tts", json={"text": "Hello."})
        refused = reply if reply.status_code == 503 else None
    assert api.admin.get("/api/v1/auth/me").status_code == 200
    first.join()
    assert refused is not None and refused.json()["error"]["code"] == "speech_busy" and int(refused.headers["Retry-After"]) > 0
    assert replies[0].status_code == 200
    assert api.admin.post("/api/v1/ai/tts", json={"text": "Hello."}).status_code == 200
