"""`viva simulate`: a whole interview out of sound files, on the database of a server that runs."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from conftest import ROOT, Server, wait_for

MODELS = os.environ.get("VIVA_TEST_MODELS_DIR", "")
RELEASE = pathlib.Path(os.environ.get("VIVA_RELEASE_BINARY", ROOT / "build/release/viva"))
SPEECH = pathlib.Path(os.environ.get("VIVA_SHARED", ROOT.parent / "shared")) / "data/speech"


def sounds(folder, *names):
    """A tone of three seconds is an answer to the fakes."""
    folder.mkdir(exist_ok=True)
    for name in names:
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=frequency=300:duration=3", "-ac", "1", folder / name], check=True)
    return folder


def simulate(server, interview, answers, *args, check=True):
    done = server.run("simulate", "--interview", interview, "--answers", str(answers), *args, check=check)
    return done, [json.loads(line) for line in done.stdout.splitlines()] if check and "--json" in args else []


def of(events, name):
    return [e for e in events if e["event"] == name]


def test_an_interview_from_files_leaves_nothing_behind(api, tmp_path):
    interview = api.interview(questions=3)
    answers = sounds(tmp_path / "answers", "10.wav", "2.flac", ".hidden.wav")
    done, events = simulate(api.server, interview["id"], answers, "--json", "--instant")
    assert "There is no file for question 3" in done.stderr
    times = [e["t"] for e in events]
    assert times == sorted(times) and events[0]["event"] == "connected" and events[-1]["event"] == "completed"
    assert [e["kind"] for e in of(events, "utterance")] == ["greeting", "question", "question", "question", "farewell"]
    assert [(e["position"], e["text"]) for e in of(events, "file")] == [(1, "2.flac"), (2, "10.wav")]
    assert [e["position"] for e in of(events, "skipped")] == [3]
    ended = of(events, "answer_ended")
    assert [(e["position"], e["kind"]) for e in ended] == [(1, "endpoint"), (2, "endpoint"), (3, "done_button")]
    assert re.match("one two three", ended[0]["text"]) and ended[2]["text"] == ""
    # What was asked has been heard out before an answer opens, and the words were known before it ended.
    for asked, opened in zip(of(events, "utterance")[1:4], of(events, "answer_started")):
        assert opened["t"] >= asked["t"] + asked["seconds"] - 0.001
    assert of(events, "speech_started") and of(events, "final")[0]["t"] <= ended[0]["t"]
    listed = api.recruiter.get("/api/v1/sessions", params={"interview_id": interview["id"]}).json()["data"]
    assert listed["total"] == 0


def test_who_goes_on_after_a_pause_is_not_cut_off(api, tmp_path):
    """The interviewer begins to speak in the pause, and yields: both parts are one answer."""
    interview = api.interview(questions=2)
    answers = tmp_path / "answers"
    answers.mkdir()
    spoken = "aevalsrc='0.125*sin(2*PI*300*t)*(lt(t,3)+gt(t,6)*lt(t,9))':d=10:s=16000"
    for name in ("1.wav", "2.wav"):
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", spoken, answers / name], check=True)
    _, events = simulate(api.server, interview["id"], answers, "--json", "--instant")
    ended = [e for e in of(events, "answer_ended") if e["position"] == 1]
    assert len(ended) == 2 and len(ended[1]["text"].split()) > len(ended[0]["text"].split())
    began = of(events, "file")[0]["t"]
    assert began + 3 < ended[0]["t"] < began + 6 < began + 9 < ended[1]["t"]
    between = [e["event"] for e in events if ended[0]["t"] <= e["t"] <= ended[1]["t"]]
    assert "utterance_paused" in between and "utterance_cancelled" in between
    assert [e["position"] for e in of(events, "file")] == [1, 2]
    assert not [e for e in of(events, "rest_unspoken") if e["position"] == 1 and e["seconds"] > 1.1]


def test_follow_ups_are_answered_from_files_of_their_own(api, tmp_path):
    """The fakes' words leave every point out."""
    interview = api.interview(questions=2, follow_ups=1)
    answers = sounds(tmp_path / "answers", "1.wav", "1-follow-up-1.wav", "2.wav")
    done, events = simulate(api.server, interview["id"], answers, "--json", "--instant")
    asked = [(e["position"], e.get("follow_up", 0)) for e in of(events, "utterance") if e["kind"] == "question"]
    assert asked == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert [(e["position"], e.get("follow_up", 0), e["text"]) for e in of(events, "file")] == [(1, 0, "1.wav"), (1, 1, "1-follow-up-1.wav"), (2, 0, "2.wav")]
    assert [(e["position"], e["follow_up"]) for e in of(events, "skipped")] == [(2, 1)], "there is no file for it"
    ended = of(events, "answer_ended")
    assert [e["position"] for e in ended] == [1, 2] and len(ended[0]["text"]) > len(ended[1]["text"])
    stray = sounds(tmp_path / "stray", "1.wav", "9-follow-up-2.wav")
    refused = simulate(api.server, interview["id"], stray, "--json", "--instant", check=False)[0]
    assert refused.returncode != 0 and "9-follow-up-2.wav: there is no answer with that name" in refused.stderr


def test_instant_times_are_the_same_each_time(api, tmp_path):
    interview = api.interview(questions=2)
    answers = sounds(tmp_path / "answers", "a.wav", "b.wav")
    first = simulate(api.server, interview["id"], answers, "--json", "--instant")[1]
    assert simulate(api.server, interview["id"], answers, "--json", "--instant")[1] == first


def test_a_kept_one_has_a_report(api, tmp_path):
    interview = api.interview(questions=2)
    answers = sounds(tmp_path / "answers", "1.wav", "2.wav", "3.wav")
    done, _ = simulate(api.server, interview["candidate_url"], answers, "--keep", "--instant")
    session = re.search(r"Kept as session (\S+)", done.stdout).group(1)
    assert "3.wav has no question" in done.stdout and "answer_ended" in done.stdout
    seen = wait_for(lambda: api.recruiter.get(f"/api/v1/sessions/{session}").json()["data"], lambda s: s["report_status"] == "ready", "the report")
    assert seen["status"] == "completed" and seen["candidate"]["full_name"] == "Simulation"


def test_a_draft_is_tried_but_not_kept(api, tmp_path):
    draft = api.interview(questions=1, publish=False)
    answers = sounds(tmp_path / "answers", "1.wav")
    assert of(simulate(api.server, draft["id"], answers, "--json", "--instant")[1], "completed")
    failed, _ = simulate(api.server, draft["id"], answers, "--keep", check=False)
    assert failed.returncode == 1 and "draft" in failed.stderr


def test_what_is_wrong_is_named(api, tmp_path):
    interview = api.interview(questions=1)
    empty, bad = tmp_path / "empty", tmp_path / "bad"
    empty.mkdir()
    bad.mkdir()
    (bad / "notes.txt").write_text("no sound at all")
    for args, code, says in (
        ((interview["id"], empty), 1, f"no sound file in {empty}"),
        ((interview["id"], tmp_path / "nowhere"), 1, "nowhere is no folder"),
        ((interview["id"], bad), 1, "notes.txt"),
        (("0190b0a0-0000-7000-8000-000000000000", bad), 1, "no interview with the id or link"),
        (("unknown-token", bad), 1, "no interview with the id or link"),
    ):
        failed, _ = simulate(api.server, *args, check=False)
        assert (failed.returncode, failed.stdout) == (code, "") and says in failed.stderr, failed.stderr
    for args in (("simulate",), ("simulate", "--interview", "x"), ("simulate", "--answers"), ("simulate", "--loud")):
        assert api.server.run(*args, check=False).returncode == 2
    assert "--answers DIR" in api.server.run("simulate", "--help").stdout


@pytest.mark.skipif(not (MODELS and pathlib.Path(MODELS).is_dir() and RELEASE.exists() and SPEECH.is_dir()),
                    reason="needs the models, recorded speech and the release binary")
def test_real_engines_hear_an_answer(api, tmp_path):
    """The words of a recording come back as the answer's text."""
    interview = api.interview(questions=1)
    answers = tmp_path / "answers"
    answers.mkdir()
    shutil.copy(SPEECH / "jfk.flac", answers / "1.flac")
    server = Server(tmp_path, binary=RELEASE, STT_PROVIDER="whisper", TTS_PROVIDER="piper", VAD_PROVIDER="silero",
                    TURN_PROVIDER="smart-turn", MODELS_DIR=MODELS)
    server.env["DATA_DIR"] = api.server.env["DATA_DIR"]
    server.env["DATABASE_URL"] = api.server.env.get("DATABASE_URL", "")
    events = simulate(server, interview["id"], answers, "--json", "--instant")[1]
    heard = " ".join(e["text"] for e in of(events, "final")).lower()
    assert "my fellow americans" in heard
