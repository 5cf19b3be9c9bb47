#!/usr/bin/env python3
"""How often is somebody interrupted who speaks for half a minute?

Four answers of answers.txt after one another in one voice, with pauses as people make them where answers.txt has a mark,
and between the four; through `viva simulate`, so with all that an interview knows: what was taken back, and how long this
candidate pauses. The candidate goes on after a pause whatever the interviewer does. Engines take no time.

An interruption is an answer that ended before its sound did. It is taken back when the answer goes on; after one that is
not, the rest of the sound stays unsaid.
"""

import argparse
import array
import asyncio
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "live"))
from endpoint import FILLED, PATIENCE, RATE, TAIL, VOICES, in_room, spoken, write  # noqa: E402
from load import Server, make_interview  # noqa: E402

TOGETHER = 4  # answers of answers.txt in a long one
JOINED = "joined"
# Median in seconds, spread of its logarithm, how often there is one. Between sentences people pause for about half a second,
# and longer where they think; within a clause seldom, but then to think.
PAUSE = {"%": (0.65, 0.55, 1.0), JOINED: (0.8, 0.5, 1.0), "/": (0.45, 0.45, 0.4), "|": (0.9, 0.5, 0.2), FILLED: (0.9, 0.5, 0.7)}
SHORTEST, LONGEST = 0.2, 3.5


def long_answer(binary, cache, texts, number, rng):
    pitch, speed = VOICES[number % len(VOICES)]
    sound, places = array.array("h"), []
    for text in texts:
        samples, marks = spoken(binary, cache, text, pitch, speed, "")
        places += [(len(sound), JOINED)] * bool(sound) + [(len(sound) + at, kind) for at, kind in sorted(marks)]
        sound += samples
    out, last = array.array("h", bytes(2 * int(0.6 * RATE))), 0
    for at, kind in places:
        median, spread, share = PAUSE[kind]
        if rng.random() < share:
            seconds = min(LONGEST, max(SHORTEST, median * math.exp(rng.gauss(0, spread))))
            out += sound[last:at] + array.array("h", bytes(2 * int(seconds * RATE)))
            last = at
    out += sound[last:]
    end = len(out) / RATE
    return in_room(out, rng), end


def answers(binary, cache, folder, rng):
    """Writes 1.wav, 2.wav, ...; returns where the speech of each ends."""
    with open(os.path.join(os.path.dirname(__file__), "answers.txt"), encoding="utf-8") as f:
        texts = [line.strip() for line in f if line.strip() and line[0] != "#"]
    rng.shuffle(texts)
    ends = []
    for first in range(0, len(texts) - TOGETHER + 1, TOGETHER):
        sound, end = long_answer(binary, cache, texts[first:first + TOGETHER], len(ends), rng)
        ends.append(end)
        write(os.path.join(folder, "%d.wav" % len(ends)), sound)
    return ends


def simulate(server, link, folder, patience):
    names = ("END_SILENCE_SURE_MS", "END_SILENCE_MS", "END_SILENCE_HANGING_MS")
    env = dict(server.env, **{name: str(int(1000 * s)) for name, s in zip(names, patience)})
    out = subprocess.run([server.binary, "simulate", "--interview", link, "--answers", folder, "--json", "--instant"],
                         env=env, check=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in out.decode().splitlines()]


def report(name, events, ends):
    began = {e["position"]: e["t"] for e in events if e["event"] == "file"}
    over = [(e["position"], e["t"] - began[e["position"]]) for e in events if e["event"] == "answer_ended" and e["kind"] == "endpoint"]
    early = [[t for k, t in over if k == i + 1 and t < end - 0.05] for i, end in enumerate(ends)]
    unsaid = {e["position"] for e in events if e["event"] == "rest_unspoken" and e["seconds"] > TAIL + 0.05}
    delays = sorted(t - ends[k - 1] for k, t in over if t >= ends[k - 1] - 0.05)
    print("  %-18s %5.2f  %4.0f %%  %4.0f %%  %6.2f s %6.2f s" % (
        name, sum(map(len, early)) / len(ends), 100 * sum(map(bool, early)) / len(ends), 100 * len(unsaid) / len(ends),
        statistics.median(delays), delays[math.ceil(0.95 * len(delays)) - 1]))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--patience", action="append", default=[], help="sure/undecided/hanging, in seconds; by default those with a name")
    p.add_argument("--cache", default=os.path.join(os.path.expanduser("~"), ".cache", "viva", "bench-endpoint"))
    args = p.parse_args()
    os.makedirs(args.cache, exist_ok=True)
    tried = {text: tuple(map(float, text.split("/"))) for text in args.patience} or PATIENCE
    server = Server(args.binary, {})
    try:
        with tempfile.TemporaryDirectory() as folder:
            ends = answers(server.binary, args.cache, folder, random.Random(args.seed))
            words = ["What did you learn in month %d?" % (i + 1) for i in range(len(ends))]
            link = asyncio.run(make_interview(server, len(ends), words=words))
            print("%d answers of %.0f s; interruptions for each, answers with one, answers of which a part stayed unsaid; from the end of the speech on"
                  % (len(ends), statistics.mean(ends)))
            print("  %-18s %5s  %6s  %6s  %8s %8s" % ("", "each", "with", "unsaid", "median", "p95"))
            for name, patience in tried.items():
                report(name, simulate(server, link, folder, patience), ends)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
