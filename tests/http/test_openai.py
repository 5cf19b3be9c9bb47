"""Speech as OpenAI's API has it: the unmodified `openai` client, its errors, the keys of machines; and, where the models
are, what was spoken by the real engines is heard by them."""

import io
import os
import pathlib
import re
import subprocess
import wave

import openai
import pytest
from conftest import ROOT, Api, Server

KEY, OTHER = "machine-key-0123456789abcdefghijklmnop", "second-key-9876543210zyxwvutsrqponmlk"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("openai"), SPEECH_API_KEYS=f"{KEY}, {OTHER}").migrate().start()
    yield server
    server.stop()
    log = server.log
    assert "Sanitizer" not in log and "runtime error" not in log
    assert KEY not in log and OTHER not in log


@pytest.fixture(scope="module")
def client(server):
    return openai.OpenAI(base_url=server.base + "/v1", api_key=KEY, max_retries=0)


@pytest.fixture(scope="module")
def plain(server, contract):
    """httpx, every reply checked against the OpenAPI document."""
    return server.client(contract, KEY)


def tone(seconds=2, silent=False):
    source = f"anullsrc=duration={seconds}" if silent else f"sine=frequency=300:duration={seconds}"
    return subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source, "-ac", "1", "-f", "wav", "-"],
                          capture_output=True, check=True).stdout


def test_the_client_speaks_and_hears(client):
    sound = client.audio.speech.create(model="tts-1", voice="alloy", input="Good morning, and welcome.", response_format="wav")
    assert sound.read()[:4] == b"RIFF"
    heard = client.audio.transcriptions.create(model="whisper-1", file=("speech.wav", sound.read()))
    assert heard.text.startswith("one two three")
    assert heard.usage.type == "duration" and heard.usage.seconds >= 2


def test_the_client_gets_every_form_of_text(client):
    file = ("tone.wav", tone())
    ask = client.audio.transcriptions.create
    assert ask(model="whisper-1", file=file, response_format="text") == "one two three four\n"
    assert ask(model="whisper-1", file=file, response_format="srt") == "1\n00:00:00,000 --> 00:00:02,000\none two three four\n\n"
    assert ask(model="whisper-1", file=file, response_format="vtt") == "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\none two three four\n\n"
    verbose = ask(model="whisper-1", file=file, response_format="verbose_json", timestamp_granularities=["segment"], language="en",
                  prompt="numbers", temperature=0)
    assert (verbose.language, verbose.text, round(verbose.duration, 2)) == ("en", "one two three four", 2.0)
    assert [(s.id, s.start, s.end, s.text) for s in verbose.segments] == [(0, 0, 2, "one two three four")]
    assert not verbose.words, "not asked for"
    timed = ask(model="whisper-1", file=file, response_format="verbose_json", timestamp_granularities=["word"])
    assert [(w.word, w.start, w.end) for w in timed.words] == [("one", 0, 0.5), ("two", 0.5, 1), ("three", 1, 1.5), ("four", 1.5, 2)]
    silence = ask(model="whisper-1", file=("silence.wav", tone(1, silent=True)))
    assert silence.text == ""


@pytest.mark.parametrize("format, media, magic", [
    (None, "audio/mpeg", b"ID3"), ("mp3", "audio/mpeg", b"ID3"), ("opus", "audio/ogg", b"OggS"), ("aac", "audio/aac", b"\xff\xf1"),
    ("flac", "audio/flac", b"fLaC"), ("wav", "audio/wav", b"RIFF"), ("pcm", "audio/pcm", None)])
def test_the_client_gets_every_format_of_sound(client, format, media, magic):
    chosen = {"response_format": format} if format else {}
    with client.audio.speech.with_streaming_response.create(model="tts-1", voice="nova", input="How do you do?", **chosen) as reply:
        assert reply.headers["Content-Type"] == media
        content = reply.read()
    wav = client.audio.speech.create(model="tts-1", voice="nova", input="How do you do?", response_format="wav").read()
    with wave.open(io.BytesIO(wav)) as file:
        seconds = file.getnframes() / file.getframerate()
    if format == "pcm":
        assert abs(len(content) / 2 / 24000 - seconds) < 0.001
        return
    assert content.startswith(magic)
    decoded = subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-i", "-", "-f", "s16le", "-ar", "24000", "-"], input=content,
                             capture_output=True, check=True).stdout
    assert abs(len(decoded) / 2 / 24000 - seconds) < 0.15


def test_the_client_lists_models(client):
    names = [m.id for m in client.models.list()]
    assert names[0] == "fake" and {"whisper-1", "tts-1"} <= set(names) and len(names) == len(set(names))
    assert client.models.retrieve("whisper-1").owned_by == "viva"
    with pytest.raises(openai.NotFoundError) as error:
        client.models.retrieve("gpt-4o")
    assert error.value.code == "model_not_found"


def test_own_names_of_models_and_voices(client):
    sound = client.audio.speech.create(model="fake", voice="en_US-joe-medium", input="Hello.", speed=2, response_format="wav").read()
    slow = client.audio.speech.create(model="fake", voice="onyx", input="Hello.", speed=0.5, response_format="wav").read()
    assert len(slow) > 3 * len(sound)
    assert client.audio.transcriptions.create(model="fake", file=("x", sound)).text


@pytest.mark.parametrize("change, status, param, code", [
    ({"model": "whisper-1"}, 404, "model", "model_not_found"),  # it hears, it does not speak
    ({"model": "gpt-9"}, 404, "model", "model_not_found"),
    ({"voice": "nobody"}, 400, "voice", "voice_unknown"),
    ({"input": ""}, 400, "input", "field_length"),
    ({"input": "..."}, 400, "input", None),
    ({"input": "x" * 4097}, 400, "input", "field_length"),
    ({"speed": 4}, 400, "speed", "field_range"),
    ({"response_format": "midi"}, 400, "response_format", "field_choice"),
    ({"stream_format": "sse"}, 400, "stream_format", "field_choice"),
    ({"temperature": 1}, 400, "temperature", "field_unknown"),
])
def test_what_is_wrong_with_speech_is_told_as_openai_does(plain, change, status, param, code):
    reply = plain.post("/v1/audio/speech", json={"model": "tts-1", "voice": "alloy", "input": "Hello.", **change})
    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["type"]) == (status, param, "invalid_request_error"), reply.text
    assert error["message"] and (code is None or error["code"] == code)


@pytest.mark.parametrize("change, content, status, param", [
    ({"model": "tts-1"}, None, 404, "model"),
    ({"model": ""}, None, 400, "model"),
    ({"language": "klingon"}, None, 400, "language"),
    ({"response_format": "xml"}, None, 400, "response_format"),
    ({"timestamp_granularities[]": "segment"}, None, 400, "timestamp_granularities[]"),
    ({"stream": "true"}, None, 400, "stream"),
    ({}, b"no sound at all", 400, "file"),
    ({}, b"", 400, "file"),
    ({"extra": "x"}, None, 400, "extra"),
])
def test_what_is_wrong_with_a_file_is_told_as_openai_does(plain, change, content, status, param):
    file = {"file": ("a.wav", tone(1) if content is None else content, "audio/wav")}
    reply = plain.post("/v1/audio/transcriptions", files=file, data={"model": "whisper-1", **change})
    assert (reply.status_code, reply.json()["error"]["param"]) == (status, param), reply.text


def test_errors_before_the_handler_have_that_form_too(server, plain, contract):
    no_body = plain.post("/v1/audio/transcriptions")
    assert (no_body.status_code, no_body.json()["error"]["param"]) == (400, "model")
    wrong_type = plain.post("/v1/audio/speech", content=b"x", headers={"Content-Type": "text/plain"})
    assert (wrong_type.status_code, wrong_type.json()["error"]["code"]) == (400, "media_unsupported")
    broken = plain.post("/v1/audio/speech", content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "json_malformed")
    large = plain.post("/v1/audio/transcriptions", files={"file": ("a.wav", bytes((64 << 20) + 1))}, data={"model": "whisper-1"})
    assert (large.status_code, large.json()["error"]["code"]) == (413, "body_too_large")
    method = plain.get("/v1/audio/speech")
    assert (method.status_code, method.json()["error"]["code"]) == (405, "method_not_allowed")
    unknown = plain.get("/v1/chat/completions")  # 404, and not the page of the application
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")
    malformed = plain.get("/v1/models/%09")
    assert (malformed.status_code, malformed.json()["error"]["code"]) == (400, "path_malformed")
    anonymous = server.client(contract).get("/v1/models")
    assert anonymous.status_code == 401 and anonymous.json()["error"]["type"] == "invalid_request_error"


def test_the_client_raises_its_own_exceptions(server, client):
    for key in ("wrong", KEY[:-1], KEY + "x", f"{KEY},{OTHER}", ""):
        with pytest.raises(openai.AuthenticationError) as error:
            openai.OpenAI(base_url=server.base + "/v1", api_key=key or "x", max_retries=0).models.list()
        assert error.value.code == "invalid_api_key"
    with pytest.raises(openai.BadRequestError) as error:
        client.audio.transcriptions.create(model="whisper-1", file=("a.txt", b"text, not sound"))
    assert error.value.param == "file"
    with pytest.raises(openai.NotFoundError):
        client.audio.speech.create(model="gpt-9", voice="alloy", input="Hello.")


def test_keys_open_the_speech_api_alone(server, plain, contract):
    assert server.client(contract, OTHER).get("/v1/models").status_code == 200
    for path in ("/api/v1/interviews", "/api/v1/auth/me", "/api/v1/ai/health", "/api/v1/admin/users"):
        assert plain.get(path).status_code == 401, path


def test_people_may_use_it_with_their_token(api):
    for who, status in ((api.recruiter, 200), (api.admin, 200), (api.reviewer, 403)):
        reply = who.get("/v1/models")
        assert reply.status_code == status
        assert status == 200 or reply.json()["error"]["type"] == "invalid_request_error"
    assert api.recruiter.get("/v1/models/tts-1").json()["id"] == "tts-1"
    assert api.recruiter.get("/v1/models/none").status_code == 404
    token = api.recruiter.headers["Authorization"].removeprefix("Bearer ")
    user = openai.OpenAI(base_url=api.server.base + "/v1", api_key=token, max_retries=0)
    assert user.audio.speech.create(model="tts-1", voice="alloy", input="Hello.").read()[:3] == b"ID3"


def test_without_keys_no_key_opens(api):
    assert api.server.client(api.contract, KEY).get("/v1/models").status_code == 401


def test_too_many_requests_are_told_as_openai_does(fresh, contract):
    server = fresh(RATE_LIMIT_SCALE="0.01", SPEECH_API_KEYS=KEY)
    client = server.client(contract, KEY)
    replies = [client.get("/v1/models") for _ in range(20)]
    refused = next(r for r in replies if r.status_code != 200)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert (refused.json()["error"]["type"], refused.json()["error"]["code"]) == ("requests", "rate_limit_exceeded")
    with pytest.raises(openai.RateLimitError):
        openai.OpenAI(base_url=server.base + "/v1", api_key=KEY, max_retries=0).models.list()


def test_weak_keys_stop_the_start_and_are_not_shown(tmp_path):
    done = Server(tmp_path, SPEECH_API_KEYS="short-and-secret").run("check", check=False)
    assert done.returncode != 0 and "SPEECH_API_KEYS" in done.stderr + done.stdout
    assert "short-and-secret" not in done.stderr + done.stdout


def test_without_engines_the_models_are_none(fresh, contract):
    server = fresh(STT_PROVIDER="whisper", TTS_PROVIDER="piper", VAD_PROVIDER="silero", SPEECH_API_KEYS=KEY)
    client = openai.OpenAI(base_url=server.base + "/v1", api_key=KEY, max_retries=0)
    assert list(client.models.list()) == []
    for ask in (lambda: client.audio.speech.create(model="tts-1", voice="alloy", input="Hello."),
                lambda: client.audio.transcriptions.create(model="whisper-1", file=("a.wav", tone(1)))):
        with pytest.raises(openai.InternalServerError) as error:
            ask()
        assert error.value.status_code == 503 and error.value.code == "engine_missing"


MODELS = os.environ.get("VIVA_TEST_MODELS_DIR", "")
RELEASE = pathlib.Path(os.environ.get("VIVA_RELEASE_BINARY", ROOT / "build/release/viva"))


@pytest.mark.skipif(not (MODELS and pathlib.Path(MODELS).is_dir() and RELEASE.exists()), reason="needs the models and the release binary")
def test_real_engines_hear_what_they_said(tmp_path):
    """One round through the real models, in the formats that a client is likely to choose."""
    server = Server(tmp_path, binary=RELEASE, STT_PROVIDER="whisper", TTS_PROVIDER="piper", VAD_PROVIDER="silero", MODELS_DIR=MODELS,
                    SPEECH_API_KEYS=KEY).migrate().start()
    try:
        client = openai.OpenAI(base_url=server.base + "/v1", api_key=KEY, max_retries=0)
        said = "Please tell me about a problem that took you several tries to solve."
        assert {"whisper-base", "whisper-1", "tts-1"} <= {m.id for m in client.models.list()}
        for format in ("mp3", "opus"):
            sound = client.audio.speech.create(model="tts-1", voice="onyx", input=said, response_format=format).read()
            heard = client.audio.transcriptions.create(model="whisper-1", file=(f"said.{format}", sound), response_format="verbose_json")
            assert re.findall(r"[a-z]+", heard.text.lower()) == re.findall(r"[a-z]+", said.lower())
            assert heard.language == "en" and heard.segments
    finally:
        server.stop()
