#!/usr/bin/env python3
"""The candidate makes a sound while the interviewer speaks: how soon is it silent, does it go on, who has the turn? See README.md."""

import argparse
import array
import asyncio
import contextlib
import json
import os
import random
import re
import statistics
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import websockets

import noises
from load import FRAME, RATE, Candidate, Server, machine, make_interview

QUESTION = ("Please describe one situation from your work in which a plan that you had made with others turned out to be wrong, "
            "how you noticed it, what you changed about it, and what the others thought of that.")
BACKCHANNELS = ("Uh-huh.", "Hmm.", "Okay.", "Right.", "Yeah.", "I see.", "Yes.", "Sure.", "Got it.", "Oh, okay.")
# A reader spells "mhm": these are its phonemes, said by the second synthesiser.
HUMS = ("[[m'hm]]", "[[m,m_h'm]]", "[[mh'@m]]", "[[m'@hm]]", "[[@h'@]]", "[[mm:]]")
HUMMED_BY = ("en-us", "en-us+f3", "en-gb")
INTERRUPTIONS = ("No, that was the other team.", "Wait, before you go on, I forgot something.", "Actually there is more to it.",
                 "I did that last year with two colleagues.", "Can I ask you something first?", "Sorry, which plan do you mean?")
# The installed voice as it is, lower and higher (another person, as it were), and two of a synthesiser of another kind.
VOICES = (("piper", 1.0), ("piper", 0.88), ("piper", 1.14), ("en-us", 1.0), ("en-us+f3", 1.0))
AFTER = 1.6    # s of the question that are heard before
ONSET_DB = -20  # under its loudest: where a sound begins
LOUDEST = 0.3
FLOOR = 0.0003
BACK = 0.6     # s that the interviewer goes back when it goes on


def say(binary, env, text, voice, folder):
    name, higher = voice
    path = f"{folder}/{abs(hash((text, voice)))}.wav"
    if name == "piper":
        subprocess.run([binary, "say", text, "--out", path], env=env, check=True, stdout=subprocess.DEVNULL)
    else:
        subprocess.run(["espeak-ng", "-v", name, "-s", "160", "-w", path, text], check=True)
    return decode(path, higher)


def decode(path, higher=1.0):
    """higher: pitch and tempo."""
    rate = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", str(path)],
                          check=True, capture_output=True, text=True).stdout
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-af", f"asetrate={int(int(rate) * higher)},aresample={RATE}", "-ac", "1", "-f", "f32le", "-"],
                         check=True, capture_output=True).stdout
    return list(array.array("f", raw))


def at_level(x, loudest):
    most = max(map(abs, x))
    return [v * loudest / most for v in x]


def onset(x):
    least = max(map(abs, x)) * 10 ** (ONSET_DB / 20)
    return next(i for i, v in enumerate(x) if abs(v) >= least) / RATE


def sounds(args, env):
    """Kind, name, sound."""
    out = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, texts in (("back-channel", BACKCHANNELS), ("interruption", INTERRUPTIONS)):
            for text in texts:
                for voice in VOICES[:args.voices]:
                    out.append((kind, text, at_level(say(args.binary, env, text, voice, folder), LOUDEST)))
        out += [("back-channel", f"hummed {text}", at_level(say(args.binary, env, text, (voice, 1.0), folder), LOUDEST))
                for text in HUMS for voice in HUMMED_BY[:args.voices]]
    out += [("noise", name, at_level(x, loud)) for name, loud, x in noises.every()]
    for path in sorted(Path(args.speech).glob("[0-9]*-000[0-9].flac")):
        out.append(("interruption", "recorded", at_level(decode(path)[:int(2.5 * RATE)], LOUDEST)))
    return [s for s in out if re.search(args.only, f"{s[0]} {s[1]}")]


class Trial:
    def __init__(self, kind, name, sound):
        self.kind, self.name, self.sound = kind, name, sound
        self.began = self.paused = self.resumed = self.taken = None


class Interrupter(Candidate):
    """Has the question repeated, and makes a sound over it each time."""

    def __init__(self, server, link, args):
        super().__init__(0, server, link, None, args)
        self.rng = random.Random(3)
        self.utterance, self.pcm, self.length, self.whole, self.kind = None, [], 0, False, ""
        self.at, self.since = 0.0, None  # where the utterance is, and when that was; None: it does not play
        self.queue, self.trial, self.echo = [], None, 0.0
        self.over = asyncio.Event()
        self.words = []

    def position(self):
        return self.at if self.since is None else self.at + time.monotonic() - self.since

    async def tell(self, kind, **fields):
        await self.ws.send(json.dumps({"type": kind, **fields}))

    async def plays(self):
        self.since = time.monotonic()
        await self.tell("playback.started", utterance_id=self.utterance, from_ms=int(1000 * self.at))

    def stops(self):
        self.at, self.since = self.position(), None

    async def hear(self):
        async for message in self.ws:
            if isinstance(message, bytes):
                self.pcm.extend(array.array("h", message[5:]))
                continue
            m, now = json.loads(message), time.monotonic()
            kind, t = m["type"], self.trial
            if self.args.verbose and kind not in ("utterance.created", "pong"):
                print(f"{now - t.began if t and t.began else float('nan'):8.3f} {json.dumps(m)[:320]}")
            if kind == "utterance.created":
                self.utterance, self.kind, self.length, self.rate = m["utterance_id"], m["kind"], m["duration_ms"] / 1000, m["sample_rate"]
                self.pcm, self.at, self.whole = array.array("h"), 0.0, False
                await self.plays()
            elif kind == "utterance.part" and m["utterance_id"] == self.utterance:
                self.length += m["duration_ms"] / 1000
            elif kind == "utterance.audio.done" and m["utterance_id"] == self.utterance:
                self.whole = True
            elif kind in ("utterance.paused", "utterance.cancelled"):
                self.stops()
                if t and t.began and kind == "utterance.paused":
                    t.paused = t.paused or now
                if t and t.began and kind == "utterance.cancelled":
                    t.taken, self.utterance = now, None
            elif kind == "utterance.resumed":
                self.at = max(0, self.at - BACK)
                if t and t.began:
                    t.resumed = now
                await self.plays()
            elif kind == "answer.started":
                self.answer = m["answer_id"]
                self.open.set()
                if t and t.began:
                    self.over.set()
            elif kind.endswith("transcription.completed"):
                self.words.append(m["transcript"])
            elif kind == "error":
                print("error:", m["code"], m["message"])

    def known(self, t):
        """What became of the sound: the rest of the question need not be heard."""
        now = time.monotonic()
        return t is not None and t.began is not None and not self.queue and (
            now - t.resumed > 1.5 if t.resumed else t.paused is None and now - t.began > len(t.sound) / RATE + 1.5)

    async def microphone(self):
        """The microphone: what is to be said, our own sound from the loudspeaker, and a quiet room."""
        start, n = time.monotonic(), 0
        delayed = int(0.12 * RATE)
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                t = self.trial
                if self.utterance is not None and self.since is not None and (self.whole and self.position() >= self.length or self.known(t)):
                    self.stops()
                    done, self.utterance = self.utterance, None
                    await self.tell("playback.finished", utterance_id=done)
                if t and t.began is None and self.kind == "question" and self.since is not None and self.position() >= AFTER:
                    t.began, self.queue = time.monotonic() + onset(t.sound), list(t.sound)
                frame, self.queue = self.queue[:FRAME], self.queue[FRAME:]
                frame = [v + self.rng.gauss(0, FLOOR) for v in frame + [0.0] * (FRAME - len(frame))]
                if self.echo and self.since is not None:
                    at = int(self.position() * RATE) - delayed
                    step = self.rate / RATE
                    for i in range(FRAME):
                        k = int((at + i) * step)
                        frame[i] += self.echo * self.pcm[k] / 32768 if 0 <= k < len(self.pcm) else 0
                await self.send_frame(self.ws, struct.pack(f"<{FRAME}h", *(int(max(-1, min(1, v)) * 32767) for v in frame)))
                n += 1
                await asyncio.sleep(max(0, start + 0.02 * n - time.monotonic()))

    async def interview(self, trials, echo_db):
        self.echo = 0 if echo_db is None else 10 ** (echo_db / 20)
        self.ws = await self.connect()
        tasks = [asyncio.create_task(self.hear()), asyncio.create_task(self.microphone())]
        await asyncio.wait_for(self.open.wait(), 120)
        for t in trials:
            await asyncio.sleep(1.5)
            self.over.clear()
            self.trial = t
            await self.tell("question.repeat")
            try:
                await asyncio.wait_for(self.over.wait(), 60)
            except TimeoutError:
                print(f"{t.kind} {t.name}: nothing came of it in a minute")
            while self.queue:
                await asyncio.sleep(0.1)
            if self.args.verbose:
                print(f"---- {t.kind} {t.name}: paused {t.paused} resumed {t.resumed} taken {t.taken}")
        for task in tasks:
            task.cancel()
        await self.ws.close()


def ms(values):
    if not values:
        return "-"
    values = sorted(1000 * v for v in values)
    return f"{statistics.median(values):.0f} ({values[0]:.0f}..{values[-1]:.0f})"


def table(trials, title, groups):
    print(f"\n{title:<26} {'n':>3} {'stopped':>8} {'after ms (least..most)':>24} {'went on':>8} {'silent for ms':>22} {'turn taken':>11}")
    for name, some in groups.items():
        paused = [t for t in some if t.paused]
        on = [t for t in some if t.resumed and not (t.taken and t.taken > t.resumed)]
        print(f"{name:<26} {len(some):>3} {len(paused):>8} {ms([t.paused - t.began for t in paused]):>24} {len(on):>8} "
              f"{ms([t.resumed - t.paused for t in on]):>22} {sum(t.taken is not None for t in some):>11}")


def by(trials, key):
    groups = {}
    for t in trials:
        groups.setdefault(key(t), []).append(t)
    return groups


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--binary", default="build/release/viva")
    p.add_argument("--speech", required=True, help="folder of recorded speech, for interruptions")
    p.add_argument("--voices", type=int, default=len(VOICES))
    p.add_argument("--only", default="", help="a pattern of kind and name")
    p.add_argument("--echo", type=float, help="the interviewer's sound in the microphone, dB")
    p.add_argument("--verbose", action="store_true")
    args = p.parse_args()
    args.binary = str(Path(args.binary).resolve())
    server = Server(args.binary, {"END_SILENCE_MS": "60000", "END_SILENCE_SURE_MS": "60000", "END_SILENCE_HANGING_MS": "60000"})
    try:
        trials = [Trial(*s) for s in sounds(args, server.env)]
        link = asyncio.run(make_interview(server, 1, words=[QUESTION]))
        print(f"{machine()}, load average {os.getloadavg()[0]:.1f} before; echo {'none' if args.echo is None else f'{args.echo:.0f} dB'}", flush=True)
        asyncio.run(Interrupter(server, link, args).interview(trials, args.echo))
    finally:
        server.stop()
    table(trials, "kind", by(trials, lambda t: t.kind))
    table(trials, "sound", by(trials, lambda t: t.name))


if __name__ == "__main__":
    main()
