"""The candidate at an open microphone while the interviewer speaks, with the real engines and in real time: our own sound out of the loudspeaker, a real
interruption, and what is none."""

import array
import json
import subprocess
import time

import pytest

from conftest import Api, Server
from test_live import MODELS, RELEASE, SPEECH, START, Talk, words

CLIP = "1688-142285-0003.flac"  # "I really liked that account of himself better than anything else he said."
FRAME = 320
RATE = 16000
ECHO_DB, ECHO_MS = -20, 120
LONGEST_S = 90

pytestmark = pytest.mark.skipif(not MODELS or not (SPEECH / CLIP).exists(), reason="VIVA_TEST_MODELS_DIR and the recordings of shared/ are needed")


@pytest.fixture(scope="module")
def real(tmp_path_factory, contract):
    # answers end by the button alone: when they would is bench/endpoint's question
    patient = {"END_SILENCE_SURE_MS": 60000, "END_SILENCE_MS": 60000, "END_SILENCE_HANGING_MS": 60000}
    server = Server(tmp_path_factory.mktemp("barge"), binary=RELEASE, STT_PROVIDER="whisper", TTS_PROVIDER="piper", VAD_PROVIDER="silero",
                    TURN_PROVIDER="smart-turn", MODELS_DIR=MODELS, **patient).migrate().start()
    yield Api(server, contract)
    server.stop()


def decode(source, *options):
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", str(source), *options, "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"], capture_output=True, check=True)
    return array.array("h", done.stdout)


def hummed(phonemes, path):
    """A reader spells "mhm"; these are its phonemes."""
    subprocess.run(["espeak-ng", "-s", "130", "-w", path, f"[[{phonemes}]]"], check=True)
    return decode(path)


def spoken(server, text, path):
    """In the interviewer's own voice: what is recognised, not who says it, decides."""
    server.run("say", text, "--out", path)
    return decode(path)


class Room(Talk):
    """A candidate's browser in real time: the interviewer's sound is heard out, and comes back into the microphone when there is a loudspeaker."""

    def __init__(self, api, session, token, loudspeaker=False):
        super().__init__(api, session, token, start=False)
        self.echo = 10 ** (ECHO_DB / 20) if loudspeaker else 0
        self.playing, self.pcm, self.at, self.since, self.length = None, array.array("h"), 0.0, None, None
        self.mouth, self.number, self.frames, self.begun = array.array("h"), 0, 0, time.monotonic()
        self.send("session.start", **START)

    def position(self):
        return self.at + (time.monotonic() - self.since if self.since else 0)

    def take(self, message):
        if isinstance(message, bytes):
            self.pcm.frombytes(message[5:])
            return
        event = json.loads(message)
        self.events.append(event)
        kind = event["type"]
        assert kind != "error", event
        if kind == "utterance.created":
            self.playing, self.pcm, self.at, self.length = event, array.array("h"), 0.0, None
            self.plays()
        elif kind == "utterance.audio.done" and self.playing and event["utterance_id"] == self.playing["utterance_id"]:
            self.length = event["samples"] / self.playing["sample_rate"]
        elif kind in ("utterance.paused", "utterance.cancelled"):
            self.at, self.since = self.position(), None
            self.playing = None if kind == "utterance.cancelled" else self.playing
        elif kind == "utterance.resumed":
            self.plays()

    def plays(self):
        self.since = time.monotonic()
        self.send("playback.started", utterance_id=self.playing["utterance_id"], from_ms=int(1000 * self.at))

    def comes_back(self):
        if not self.echo or self.playing is None or self.since is None:
            return [0] * FRAME
        step = self.playing["sample_rate"] / RATE
        at = int((self.position() - ECHO_MS / 1000) * RATE)
        return [int(self.echo * self.pcm[k]) if 0 <= (k := int((at + i) * step)) < len(self.pcm) else 0 for i in range(FRAME)]

    def beat(self):
        """20 ms: what was sent is taken in, and the microphone's next packet goes out."""
        self.frames += 1
        until = self.begun + 0.02 * self.frames
        while True:
            try:
                self.take(self.ws.recv(timeout=max(0, until - time.monotonic())))
            except TimeoutError:
                break
        if self.playing and self.since and self.length is not None and self.position() >= self.length:
            self.send("playback.finished", utterance_id=self.playing["utterance_id"])
            self.playing, self.since = None, None
        said, self.mouth = self.mouth[:FRAME], self.mouth[FRAME:]
        heard = self.comes_back()
        packet = array.array("h", (max(-32768, min(32767, v + (said[i] if i < len(said) else 0))) for i, v in enumerate(heard)))
        self.ws.send(b"\x01" + self.number.to_bytes(4, "little") + packet.tobytes())
        self.number += 1

    def until(self, kind, after=0):
        """The first event of the kind after so many events."""
        end = time.monotonic() + LONGEST_S
        while True:
            for event in self.events[after:]:
                if event["type"] == kind:
                    return event
            assert time.monotonic() < end, f"no {kind} came; last {[e['type'] for e in self.events[-8:]]}"
            self.beat()

    def wait(self, seconds):
        for _ in range(int(seconds * 50)):
            self.beat()

    def hears_question(self, seconds):
        """Until so much of the next question was heard."""
        after = len(self.events)
        while self.until("utterance.created", after)["kind"] != "question":
            after = self.events.index(self.until("utterance.created", after)) + 1
        while self.position() < seconds:
            self.beat()
        return len(self.events)

    def kinds(self, after=0):
        return [e["type"] for e in self.events[after:]]


def room(real, name, **options):
    client, number = real.candidate(real.interview(questions=1), f"{name}@example.org")
    return Room(real, number, client.token, **options), client, number


def test_our_own_sound_at_minus_20_db_stops_nothing_and_is_no_answer(real):
    talk, client, number = room(real, "loudspeaker", loudspeaker=True)
    answer = talk.until("answer.started")
    assert [u["kind"] for u in talk.events if u["type"] == "utterance.created"] == ["greeting", "question"], "both were said to their ends"
    assert len(talk.pcm) > RATE and not [k for k in talk.kinds() if k in ("utterance.paused", "utterance.cancelled")]
    talk.wait(2)
    talk.send("answer.done", answer_id=answer["answer_id"])
    assert talk.until("answer.ended")["text"] == ""
    talk.ws.close()


def test_who_speaks_over_the_question_has_the_turn_from_the_first_word(real):
    talk, client, number = room(real, "interrupts", loudspeaker=True)
    after = talk.hears_question(1.5)
    talk.mouth.extend(decode(SPEECH / CLIP))
    started = talk.until("answer.started", after)
    kinds = talk.kinds(after)
    assert "utterance.paused" in kinds and kinds.index("utterance.paused") < kinds.index("utterance.cancelled") < kinds.index("answer.started")
    assert started["elapsed_ms"] >= 300, "it began before the first word"
    while talk.mouth:
        talk.beat()
    talk.wait(0.5)
    talk.send("answer.done", answer_id=started["answer_id"])
    text = words(talk.until("answer.ended")["text"])
    assert text[:2] == ["i", "really"] and "account" in text, text  # under our own sound a word may be heard as another
    assert text[-2:] == ["he", "said"], text
    talk.ws.close()


@pytest.mark.parametrize("said", ["mhm", "okay"])
def test_a_back_channel_stops_it_for_a_moment_only(real, tmp_path, said):
    talk, client, number = room(real, said)
    sound = hummed("m'hm", tmp_path / "said.wav") if said == "mhm" else spoken(real.server, "Okay.", tmp_path / "said.wav")
    after = talk.hears_question(1.5)
    talk.mouth.extend(sound)
    started = talk.until("answer.started", after)
    kinds = [k for k in talk.kinds(after) if k in ("utterance.paused", "utterance.resumed", "utterance.cancelled")]
    assert kinds in ([], ["utterance.paused", "utterance.resumed"]), kinds
    assert talk.playing is None, "the question was said to its end"
    talk.wait(1)
    talk.send("answer.done", answer_id=started["answer_id"])
    assert talk.until("answer.ended")["text"] == ""
    talk.ws.close()
