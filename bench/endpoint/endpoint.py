#!/usr/bin/env python3
"""When does an answer end? Answers with thinking pauses at known places, through `viva listen`.

Two kinds: recorded speech (BENCH_SPEECH), with silence put in at its quietest places, and answers synthesised here, with
silence put in between words: within a sentence ("|" in the texts below: where somebody would think) and after one ("#").
A cut-off is an answer_ended before the true end of the speech; the delay is from there to the answer_ended after it. Both
are what the candidate meets: recognition's own time is in them, on a simulated clock, unless --instant.
"""

import argparse
import array
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import wave

RATE = 16000
PAUSES = [0.3, 0.5, 0.8, 1.2, 1.7, 2.3, 3.0, 4.0]
TAIL = 6.0  # seconds of silence after the true end

ANSWERS = [
    "In my last job I looked after the delivery schedule for | three depots. When the biggest supplier failed, I called every customer myself and | agreed new dates.",
    "I would start by asking what the users actually | complain about, because the loudest problem is not always the most common one. # Then I would measure it.",
    "We had a disagreement about the database, so I | wrote down both options with their costs, and | we tried the cheaper one for two weeks.",
    "First I check the logs, then I look at | what changed since yesterday, and if nothing stands out I reproduce it on | my own machine.",
    "My team lead left in the middle of the project. # I took over the planning, split the work into | smaller pieces, and asked for a weekly call with the client.",
    "I learned to say no earlier. Last year I accepted every | request that came in, and the quality suffered.",
    "The hardest part was convincing the warehouse that | the numbers were right. I walked through the shelves with them for | a whole morning and we counted together.",
    "I prefer to write the test before I | touch the code, since it tells me when I am finished.",
    "It depends on the risk. # If people can be hurt I stop everything, and if it is only money I | estimate how much before I wake anybody up.",
    "I once deleted a table in production. I told my manager | within a minute, restored the backup, and afterwards I added a check that | asks for the name of the table.",
    "My strength is that I stay calm when | everybody else is shouting. # It helps in a call centre.",
    "I have worked with three kinds of customers, and | the ones who complain taught me the most.",
    "To learn the system I drew a map of | every service and who calls whom, and then I asked | the people who wrote it to correct me.",
    "We measured the time before and after, and the | new process was about a third faster.",
    "Yes, I have led a team of | five people for two years.",
    "If the deadline cannot move I cut the scope, and I tell the client | which parts come later and why.",
]


def sh(*argv, **kw):
    return subprocess.run(argv, check=True, capture_output=True, **kw).stdout


def read(path):
    return array.array("h", sh("ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"))


def write(path, samples):
    with wave.open(path, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(samples.tobytes())


def room(seconds, rng):
    """A quiet room, about -66 dB."""
    return array.array("h", (int(rng.gauss(0, 16)) for _ in range(int(seconds * RATE))))


def energy(samples, at, width=800):
    part = samples[max(0, at - width // 2):at + width // 2]
    return sum(x * x for x in part) / max(1, len(part))


def trim(samples):
    step = RATE // 100
    loud = [i for i in range(0, len(samples), step) if math.sqrt(energy(samples, i, step * 2)) > 300]
    return samples[max(0, loud[0] - step):loud[-1] + 2 * step] if loud else samples


def quietest(samples, around, reach):
    spots = range(max(0, int((around - reach) * RATE)), min(len(samples), int((around + reach) * RATE)), 80)
    return min(spots, key=lambda i: energy(samples, i, 640))


def with_pauses(samples, places, rng):
    """places: [(sample, kind)]. Returns the sound, the pauses [(start, end, kind)] and the true end, in seconds."""
    out, pauses, last = room(0.6, rng), [], 0
    for at, kind in places:
        out += samples[last:at]
        start, length = len(out) / RATE, rng.choice(PAUSES)
        out += room(length, rng)
        pauses.append((start, len(out) / RATE, kind))
        last = at
    out += samples[last:]
    end = len(out) / RATE
    return out + room(TAIL, rng), pauses, end


def recorded(folder, rng, most):
    with open(os.path.join(folder, "transcripts.tsv"), encoding="utf-8") as f:
        names = [line.split("\t")[0] for line in f][1:]
    for name in names:
        samples = trim(read(os.path.join(folder, name)))
        seconds = len(samples) / RATE
        if not 2.5 <= seconds <= 16:
            continue
        spots = sorted({quietest(samples, rng.uniform(1.2, seconds - 1.0), 0.5) for _ in range(2 if seconds > 6 else 1)})
        yield (name,) + with_pauses(samples, [(s, "read aloud") for s in spots], rng)
        most -= 1
        if most == 0:
            return


def synthesised(binary, folder, rng, most):
    for i, text in enumerate(ANSWERS[:most]):
        plain, marks, count = [], {}, 0
        for token in text.split():
            if token in "|#":
                marks[count] = "within a sentence" if token == "|" else "between sentences"
            else:
                plain.append(token)
                count += 1
        wav, times = os.path.join(folder, "say%d.wav" % i), os.path.join(folder, "say%d.json" % i)
        sh(binary, "say", " ".join(plain), "--out", wav, "--times", times)
        words = json.load(open(times, encoding="utf-8"))["words"]
        raw, samples = read(wav), None
        first, last = int(words[0]["start"] * RATE), int(words[-1]["end"] * RATE)
        samples = raw[first:min(len(raw), last + RATE // 50)]
        places = []
        for k, kind in marks.items():
            around = (words[k - 1]["end"] + words[k]["start"]) / 2 - words[0]["start"]
            places.append((quietest(samples, around, 0.04 if kind[0] == "w" else 0.1), kind))
        yield ("answer %d" % (i + 1),) + with_pauses(samples, places, rng)


def listen(binary, patience, files, args):
    argv = [binary, "listen", "--json", "--no-captions", "--patience", patience]
    argv += ["--instant"] if args.instant else []
    argv += args.extra.split() if args.extra else []
    events = {}
    for line in sh(*argv, *files).decode().splitlines():
        e = json.loads(line)
        events.setdefault(e["file"], []).append(e)
    return events


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, math.ceil(p * len(values)) - 1)] if values else float("nan")


def table(patience, cases, events, verbose):
    cut, pauses, delays, missed, answers_cut = {}, {}, [], 0, 0
    for path, (name, spots, end) in cases.items():
        ends = [e["t"] for e in events.get(path, []) if e["event"] == "answer_ended"]
        early = [t for t in ends if t < end - 0.05]
        answers_cut += bool(early)
        for start, stop, kind in spots:
            pauses[kind] = pauses.get(kind, 0) + 1
            hit = [t for t in early if start <= t <= stop + 0.3]
            cut[kind] = cut.get(kind, 0) + bool(hit)
            if verbose and hit:
                text = [e["text"] for e in events[path] if e["event"] == "answer_ended" and e["t"] in hit][0]
                print("    cut: %-24s %.1f s pause, after %.2f s: %s" % (name, stop - start, hit[0] - start, text[-60:]))
        late = [t - end for t in ends if t >= end - 0.05]
        if late:
            delays.append(late[0])
            if verbose and late[0] > 1.5:
                print("    late: %-24s %.2f s: %s" % (name, late[0], [e for e in events[path] if e["event"] == "answer_ended"][-1]["text"][-60:]))
        else:
            missed += not early
    n = sum(pauses.values())
    print("  %-8s cut off %4.1f %% of %d pauses, %4.1f %% of %d answers; after the true end: median %.2f s, p95 %.2f s%s"
          % (patience, 100 * sum(cut.values()) / n, n, 100 * answers_cut / len(cases), len(cases),
             statistics.median(delays) if delays else float("nan"), percentile(delays, 0.95), ", %d never" % missed if missed else ""))
    for kind in sorted(pauses):
        print("           %-20s %4.1f %% of %d" % (kind, 100 * cut.get(kind, 0) / pauses[kind], pauses[kind]))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", required=True)
    p.add_argument("--speech", required=True, help="folder of sound files with transcripts.tsv")
    p.add_argument("--patience", default="quick,normal,patient")
    p.add_argument("--rounds", type=int, default=2, help="how often each speech is used, with other pauses")
    p.add_argument("--most", type=int, default=1000, help="of each kind")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--instant", action="store_true", help="recognition takes no time on the simulated clock")
    p.add_argument("--extra", default="", help="more options for viva listen")
    p.add_argument("--keep", help="folder for the sounds")
    p.add_argument("--verbose", action="store_true")
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        folder = args.keep or tmp
        os.makedirs(folder, exist_ok=True)
        cases = {}
        for r in range(args.rounds):
            rng = random.Random(args.seed * 100 + r)
            for name, sound, spots, end in [*recorded(args.speech, rng, args.most), *synthesised(args.binary, tmp, rng, args.most)]:
                path = os.path.join(folder, "%s-%d.wav" % (name.split(".")[0].replace(" ", "-"), r))
                write(path, sound)
                cases[path] = (name, spots, end)
        print("%d answers with %d pauses of %.1f to %.1f s" % (len(cases), sum(len(c[1]) for c in cases.values()), PAUSES[0], PAUSES[-1]))
        for patience in args.patience.split(","):
            table(patience, cases, listen(args.binary, patience, list(cases), args), args.verbose)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
