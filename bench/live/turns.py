#!/usr/bin/env python3
"""From the end of an answer to the next question's first sound, for one candidate on a socket. See README.md in this folder."""

import argparse
import asyncio
import json
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import websockets

from load import FRAME, RATE, SILENCE, Candidate, Server, machine, make_interview, percentile

ANSWERS = Path(__file__).resolve().parents[1] / "endpoint/answers.txt"
QUIET, BELOW = 150, 8  # as tests/e2e/lib/voice.mjs: a clip ends with its last frame within 18 dB of its loud ones


def frames_of(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"],
                         check=True, stdout=subprocess.PIPE).stdout
    frames = [raw[i:i + 2 * FRAME] for i in range(0, len(raw) - 2 * FRAME + 1, 2 * FRAME)]
    level = [sum(abs(v) for v in struct.unpack(f"<{FRAME}h", f)) / FRAME for f in frames]
    loud = percentile(level, 0.95)
    last = max(i for i, v in enumerate(level) if v > max(QUIET, loud / BELOW))
    return frames[:last + 1]


def spoken(binary, wanted):
    """Whole answers of some length in the installed voice, without thinking pauses: as browser.mjs has them."""
    texts = [re.sub(r" [|/%](?= )", "", l) for l in ANSWERS.read_text().splitlines() if l and not l.startswith("#")]
    texts = [t for t in texts if len(t.split(" ")) >= 24 and not re.search(r"\b(um|uh)\b", t, re.I)][:wanted]
    with tempfile.TemporaryDirectory() as folder:
        for i, text in enumerate(texts):
            subprocess.run([binary, "say", text, "--out", f"{folder}/{i}.wav"], check=True, stdout=subprocess.DEVNULL)
        return [frames_of(f"{folder}/{i}.wav") for i in range(len(texts))]


class Speaker(Candidate):
    """Says one sound for each answer, and is silent until the next question."""

    def begin(self, message):
        self.answer, self.answers = message["answer_id"], self.answers + 1
        self.frames, self.at = [SILENCE] * 25 + self.args.sounds[self.answers % len(self.args.sounds)], 0
        self.words_at, self.press = None, self.args.button

    async def beat(self, now):
        if self.frames is not None and self.at == len(self.frames) - 1:
            self.cpu = self.server.cpu()
        await super().beat(now)

    def on_message(self, m, now):
        if m["type"].endswith("transcription.completed") and self.spoke_until is not None:
            self.words_at = now - self.spoke_until
        if m["type"] == "answer.ended":
            self.said, self.over_at = m["text"], now
        super().on_message(m, now)

    def first_sound(self, now):
        since = self.pressed_at if self.pressed_at is not None else self.spoke_until
        if since is None:
            return
        self.sounds.append((now - since, self.over_at - since, self.words_at, self.server.cpu() - self.cpu, self.said))
        if self.args.each:
            words = "    -" if self.words_at is None else f"{self.words_at:5.2f}"
            print(f"  words {words}  over {self.over_at - since:5.2f}  sound {now - since:5.2f}  {self.said[-60:]}", flush=True)
        self.spoke_until = self.pressed_at = None


async def interview(args, server):
    link = await make_interview(server, args.turns, words=[f"What did you learn in month {i + 1}?" for i in range(args.turns)])
    c = Speaker(0, server, link, None, args)

    async def microphone():
        start, n = time.monotonic(), 0
        while True:
            n += 1
            await asyncio.sleep(max(0, start + 0.02 * n - time.monotonic()))
            try:
                await c.beat(time.monotonic())
            except websockets.ConnectionClosed:
                return
    mic = asyncio.create_task(microphone())
    await c.run()
    mic.cancel()
    return c


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--binary", default="build/release/viva")
    p.add_argument("--turns", type=int, default=20)
    p.add_argument("--button", action="store_true", help="“I'm done” 0.2 s after the last word")
    p.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the server")
    p.add_argument("--each", action="store_true", help="print each turn")
    p.set_defaults(verbose=False)
    args = p.parse_args()
    args.binary = str(Path(args.binary).resolve())
    args.sounds = spoken(args.binary, 8)
    load = Path("/proc/loadavg").read_text().split()[0]
    server = Server(args.binary, dict(s.split("=", 1) for s in args.set))
    try:
        c = asyncio.run(interview(args, server))
    finally:
        server.stop()
    if not c.sounds:
        sys.exit(f"nothing was measured: {c.errors}")
    sound, over, words, cpu, _ = zip(*c.sounds)
    words = [w for w in words if w is not None] or [float("nan")]
    print(f"{machine()}; load average before {load}; {len(sound)} turns, {c.cut} cut")
    for name, values in (("words stored", words), ("answer over", over), ("first sound", sound)):
        print(f"  {name:<20} median {statistics.median(values):5.2f} s  p95 {percentile(values, .95):5.2f} s  least {min(values):5.2f} s")
    print(f"  processor            mean   {statistics.mean(cpu):5.2f} s a turn, from the last word to the sound")


if __name__ == "__main__":
    main()
