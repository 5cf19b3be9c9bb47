#!/usr/bin/env python3
"""How old is a spoken word when its caption is shown? See README.md in this folder."""

import argparse
import asyncio
import difflib
import json
import platform
import re
import statistics
import time
from pathlib import Path

import websockets

from load import FRAME, SILENCE, Candidate, Server, decode, make_interview

GAP = [SILENCE] * 15  # between two files: 0.3 s, too short to end an answer


def words_of(text):
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())


def loud(frame):
    return sum(abs(int.from_bytes(frame[i:i + 2], "little", signed=True)) for i in range(0, 2 * FRAME, 8)) > 80 * 150


def word_ends(frames, text):
    """Where each word ends, in s: its letters' share of the time that somebody speaks. Right to about 0.2 s."""
    spoken = [i for i, f in enumerate(frames) if loud(f)]
    words = words_of(text)
    total, at, out = sum(len(w) + 1 for w in words), 0, []
    for w in words:
        at += len(w) + 1
        out.append((w, (spoken[min(len(spoken) - 1, int(len(spoken) * at / total))] + 1) * 0.02))
    return out


class Listener(Candidate):
    """Says one file after the other in its first answer, and remembers when each word was first shown."""

    async def interview(self, files):
        ws = await self.connect()
        self.items, self.shown, self.done = {}, [], asyncio.Event()
        task = None
        async for message in ws:
            if isinstance(message, bytes):
                continue
            m = json.loads(message)
            kind = m["type"]
            if kind == "utterance.created":
                await ws.send(json.dumps({"type": "playback.finished", "utterance_id": m["utterance_id"]}))
            elif kind == "answer.started":
                task = task or asyncio.create_task(self.say(ws, files))
            elif "input_audio_transcription" in kind:
                self.items[m["item_id"]] = m["transcript"]
                if self.args.verbose:
                    print(f"{time.monotonic() - self.start:6.2f} {kind[-9:]} {m}")
                self.shown.append((time.monotonic(), words_of(" ".join(self.items.values())), kind.endswith("delta")))
            elif kind == "answer.ended":
                break
        await task
        await ws.close()

    async def say(self, ws, files):
        frames = [SILENCE] * 25 + [f for part in files for f in part + GAP] + [SILENCE] * 300
        self.start = time.monotonic()
        try:
            for i, frame in enumerate(frames):
                await self.send_frame(ws, frame)
                await asyncio.sleep(max(0, self.start + 0.02 * (i + 1) - time.monotonic()))
        except websockets.ConnectionClosed:
            pass


def ages(shown, start, spoken):
    """For each word that the final text has: from its end to the first caption that had it, and kept its place."""
    final = shown[-1][1]
    said = [w for w, _ in spoken]
    first = [None] * len(said)
    for at, words, _ in shown:
        for a, b, n in difflib.SequenceMatcher(None, said, words, autojunk=False).get_matching_blocks():
            for k in range(a, a + n):
                if first[k] is None:
                    first[k] = at
    return [at - start - end for at, (_, end) in zip(first, spoken) if at is not None], len(final)


async def measure(args, server, link, sounds):
    every = []
    for run in range(args.runs):
        files = [sounds[(run * args.files + k) % len(sounds)] for k in range(args.files)]
        c = Listener(run, server, link, None, args)
        cpu = server.cpu()
        began = time.monotonic()
        await c.interview([f for f, _ in files])
        spoken, at = [], 0.5
        for frames, text in files:
            spoken += [(w, at + t) for w, t in word_ends(frames, text)]
            at += 0.02 * (len(frames) + len(GAP))
        got, n = ages(c.shown, c.start, spoken)
        every += got
        deltas = sum(1 for _, _, d in c.shown if d)
        print(f"run {run}: {len(got)} of {len(spoken)} words, median {statistics.median(got):.2f} s, "
              f"p95 {statistics.quantiles(got, n=20)[-1]:.2f} s, {deltas} captions, "
              f"{(server.cpu() - cpu) / (time.monotonic() - began):.2f} cores", flush=True)
    return every


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--binary", default="build/release/viva")
    p.add_argument("--speech", required=True, help="folder with sound files and transcripts.tsv (file, text)")
    p.add_argument("--files", type=int, default=3, help="files in one answer")
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--runs", type=int, default=4)
    args = p.parse_args()
    texts = {}
    for line in (Path(args.speech) / "transcripts.tsv").read_text().splitlines():
        cells = line.split("\t")
        if len(cells) >= 2 and (Path(args.speech) / cells[0]).exists() and not cells[0].startswith(("lang", "spont")):
            texts[cells[0]] = cells[-1]
    sounds = [(decode(Path(args.speech) / name), text) for name, text in sorted(texts.items())]
    sounds = [s for s in sounds if 4 < 0.02 * len(s[0]) < 20]
    server = Server(args.binary, {"END_SILENCE_MS": "4000", "END_SILENCE_SURE_MS": "4000"})  # pauses in the files do not end the answer
    try:
        link = asyncio.run(make_interview(server, 3))
        every = asyncio.run(measure(args, server, link, sounds))
    finally:
        server.stop()
    every.sort()
    print(f"{platform.processor() or platform.machine()}: {len(every)} words: median {statistics.median(every):.2f} s, "
          f"p90 {statistics.quantiles(every, n=10)[-1]:.2f} s, p95 {statistics.quantiles(every, n=20)[-1]:.2f} s, "
          f"within 1 s {100 * sum(a <= 1 for a in every) / len(every):.0f} %")


if __name__ == "__main__":
    main()
