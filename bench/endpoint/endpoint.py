#!/usr/bin/env python3
"""When does an answer end? Answers with thinking pauses at known places, through `viva listen`.

Recorded speech (--speech) with silence put in at its quietest places, and the answers of answers.txt spoken by the
installed voice at three pitches, with silence put in at the places marked there, one to three an answer; over all of it
the noise of a room. Each sound is heard once, with endless patience, and what was thought of each pause (`--guesses`)
is held against every patience: a cut-off is an answer that would have ended before the true end of the speech, and
the delay is from there to its end. --direct runs the patiences themselves, recognition's own time included.
"""

import argparse
import array
import hashlib
import json
import math
import os
import random
import statistics
import subprocess
import sys
import wave

RATE = 16000
PAUSES = [0.3, 0.5, 0.8, 1.2, 1.7, 2.3, 3.0, 4.0]
TAIL = 6.0  # seconds of silence after the true end
ROOMS = [10, 20, 50, 130]  # root mean square of a sample: -70 to -48 dB
VOICES = [(1.0, 1.0), (1.18, 1.1), (0.9, 0.9)]  # pitch, speed
KINDS = {"|": "within a clause", "/": "between clauses", "%": "between sentences", "read": "read aloud"}
FILLED = "after um, uh"
RECOVERED = 3.0  # seconds after its end in which an answer is taken up again (REOPEN_MS, live/engine_barge.c; it counts from the first sound)
# As backend/live/patience.c has them: sure, undecided, hanging.
PATIENCE = {"quick": (0.45, 0.9, 2.5), "normal": (0.5, 2.0, 4.5), "patient": (1.0, 3.0, 7.0)}
SURE, UNDECIDED, HANGS = 0.75, 0.6, 0.3
ENDLESS = 12.0


def sh(*argv, **kw):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, **kw).stdout


def read(path, *filters):
    return array.array("h", sh("ffmpeg", "-v", "error", "-i", path, *filters, "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"))


def write(path, samples):
    with wave.open(path, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(samples.tobytes())


def energy(samples, at, width=800):
    part = samples[max(0, at - width // 2):at + width // 2]
    return sum(x * x for x in part) / max(1, len(part))


def trim(samples):
    step = RATE // 100
    least = 0.04 * math.sqrt(sum(x * x for x in samples) / len(samples))
    loud = [i for i in range(0, len(samples), step) if math.sqrt(energy(samples, i, step * 2)) > least]
    return samples[max(0, loud[0] - step):loud[-1] + 2 * step] if loud else samples


def quietest(samples, begin, end):
    spots = range(max(0, int(begin * RATE)), max(1, min(len(samples), int(end * RATE))), 80)
    return min(spots, key=lambda i: energy(samples, i, 640))


def in_room(out, rng):
    """Silence behind it, and the noise of a room over all of it."""
    out += array.array("h", bytes(2 * int(TAIL * RATE)))
    loud = rng.choice(ROOMS)
    room = [int(rng.gauss(0, loud)) for _ in range(RATE)]
    for i, x in enumerate(out):
        out[i] = max(-32768, min(32767, x + room[(i + i // RATE * 4001) % RATE]))
    return out


def with_pauses(samples, places, rng):
    """places: [(sample, kind)]. Returns the sound in a room, the pauses [(start, end, kind)] and the true end, in seconds."""
    out, pauses, last = array.array("h", bytes(2 * int(0.6 * RATE))), [], 0
    for at, kind in places:
        out += samples[last:at]
        start, length = len(out) / RATE, rng.choice(PAUSES)
        out += array.array("h", bytes(2 * int(length * RATE)))
        pauses.append((start, start + length, kind))
        last = at
    out += samples[last:]
    end = len(out) / RATE
    return in_room(out, rng), pauses, end


def recorded(folder, rng):
    with open(os.path.join(folder, "transcripts.tsv"), encoding="utf-8") as f:
        names = [line.split("\t")[0] for line in f][1:]
    for name in names:
        if name.startswith("lang-"):
            continue
        samples = trim(read(os.path.join(folder, name)))
        seconds = len(samples) / RATE
        if not 2.5 <= seconds <= 16:
            continue
        middles = [rng.uniform(1.2, seconds - 1.0) for _ in range(2 if seconds > 6 else 1)]
        spots = sorted({quietest(samples, m - 0.5, m + 0.5) for m in middles})
        yield (name.split(".")[0],) + with_pauses(samples, [(s, "read") for s in spots], rng)


def marked(text):
    words, marks = [], []
    for token in text.split():
        if token in ("|", "/", "%"):
            marks.append((len(words), token))
        else:
            words.append(token)
    return words, [(k, FILLED if words[k - 1].strip(",.").lower() in ("um", "uh") else m) for k, m in marks]


def spoken(binary, cache, text, pitch, speed, voice):
    """The sound of the words from the first to the last, and where each mark is: [(earliest, latest, kind)]."""
    words, marks = marked(text)
    path = os.path.join(cache, hashlib.sha256(repr((words, pitch, speed, voice)).encode()).hexdigest()[:20])
    if not os.path.exists(path + ".json"):
        sh(binary, "say", " ".join(words), "--out", path + ".wav", "--times", path + ".json", "--speed", str(speed),
           *(["--voice", voice] if voice else []))
    with open(path + ".json", encoding="utf-8") as f:
        said = json.load(f)
    times, rate = said["words"], said["sample_rate"]
    shift = [] if pitch == 1 else ["-af", "asetrate=%g,aresample=%d,atempo=%g" % (rate * pitch, RATE, 1 / pitch)]
    first, last = times[0]["start"], times[-1]["end"]
    samples = read(path + ".wav", *shift)[int(first * RATE):int((last + 0.05) * RATE)]
    places = []
    for k, kind in marks:
        early, late = times[k - 1]["end"], times[k]["start"]
        middle = (early + late) / 2
        places.append((quietest(samples, min(early, middle - 0.04) - first, max(late, middle + 0.04) - first), kind))
    return samples, places


def synthesised(binary, cache, rng, half, voices):
    with open(os.path.join(os.path.dirname(__file__), "answers.txt"), encoding="utf-8") as f:
        texts = [line.strip() for line in f if line.strip() and line[0] != "#"]
    for i, text in enumerate(texts):
        if half is not None and i % 2 != half:
            continue
        pitch, speed = VOICES[i % len(VOICES)]
        samples, places = spoken(binary, cache, text, pitch, speed, voices[i % len(voices)])
        chosen = sorted(rng.sample(places, min(rng.choice([1, 2, 2, 3]), len(places))))
        yield ("answer-%02d" % i,) + with_pauses(samples, chosen, rng)


def made(folder, rng):
    """Sounds of other voices: NAME.wav, and NAME.json with marks [[earliest, latest, mark]]."""
    for name in sorted(n[:-5] for n in os.listdir(folder) if n.endswith(".json")):
        with open(os.path.join(folder, name + ".json"), encoding="utf-8") as f:
            marks = json.load(f)["marks"]
        samples, places = read(os.path.join(folder, name + ".wav")), []
        for early, late, mark in marks:
            middle = (early + late) / 2
            places.append((quietest(samples, min(early, middle - 0.04), max(late, middle + 0.04)), mark))
        yield (name,) + with_pauses(samples, sorted(rng.sample(places, min(rng.choice([1, 2, 2, 3]), len(places)))), rng)


def listen(binary, files, options, env=None):
    events = {}
    command = [binary, "listen", "--json", "--no-captions", "--language", "en", *options]
    out = sh(*command, *files, env=dict(os.environ, **(env or {}))).decode()
    for line in out.splitlines():
        e = json.loads(line)
        events.setdefault(e["file"], []).append(e)
    return events


def wait(over, patience):
    """live/patience.c, patience_wait; main() checks that both say the same."""
    sure, undecided, hanging = patience
    if over >= SURE:
        return sure
    if over >= UNDECIDED:
        return undecided + (sure - undecided) * (over - UNDECIDED) / (SURE - UNDECIDED)
    if over > HANGS:
        return hanging + (undecided - hanging) * (over - HANGS) / (UNDECIDED - HANGS)
    return hanging


def needed(guess, patience):
    if guess["verdict"] in ("none", "thinking", "repeat"):
        return ENDLESS
    return 0 if guess["verdict"] == "done" else wait(guess["over"], patience)


def ends_from_guesses(events, patience):
    """When answers end: after each guess unless speech goes on before."""
    guesses = [e for e in events if e["event"] == "guess"]
    ends = []
    for i, g in enumerate(guesses):
        at = max(g["t"], g["since"] + needed(g, patience)) + 0.02
        goes_on = guesses[i + 1]["resumed"] if i + 1 < len(guesses) else float("inf")
        if at < goes_on:
            ends.append(at)
    return ends


def with_resumption(cases, events):
    """When the speech after each guess begins: known from where the pauses were put, otherwise from the next guess."""
    for path, (_, spots, _) in cases.items():
        guesses = [e for e in events.get(path, []) if e["event"] == "guess"]
        for before, g in zip(guesses, guesses[1:]):
            stops = [stop for start, stop, _ in spots if start - 0.35 <= before["since"] <= stop]
            g["resumed"] = stops[0] if stops else min(before["t"] + 0.1, g["since"])


class Score:
    def __init__(self):
        self.cut, self.all, self.kept = {}, {}, 0
        self.delays, self.answers, self.answers_cut = [], 0, 0

    def count(self, what, cut):
        self.all[what] = self.all.get(what, 0) + 1
        self.cut[what] = self.cut.get(what, 0) + cut

    def add(self, spots, end, ends):
        early = [t for t in ends if t < end - 0.05]
        self.answers += 1
        self.answers_cut += bool(early)
        for start, stop, kind in spots:
            hit = [t for t in early if start <= t <= stop + 0.3]
            self.count("all", bool(hit))
            self.count(KINDS.get(kind, kind), bool(hit))
            self.count("%.1f s" % (stop - start), bool(hit))
            self.kept += bool(hit) and stop - hit[0] > RECOVERED
        late = [t - end for t in ends if t >= end - 0.05]
        if late:
            self.delays.append(late[0])

    def share(self, what):
        return 100 * self.cut[what] / self.all[what] if self.all.get(what) else float("nan")

    def line(self, name):
        d = sorted(self.delays) or [float("nan")]
        return "  %-22s %5.1f %% %5.1f %% %6.1f %%  %5.2f s %5.2f s" % (
            name, self.share("all"), 100 * self.kept / max(1, self.all.get("all", 0)), 100 * self.answers_cut / max(1, self.answers),
            statistics.median(d), d[min(len(d) - 1, math.ceil(0.95 * len(d)) - 1)])


def score(cases, ends_of):
    s = Score()
    for path, (_, spots, end) in cases.items():
        s.add(spots, end, ends_of(path))
    return s


def report(cases, ends_of_patience):
    print("  %-22s %7s %7s %8s  %7s %7s" % ("", "cut", "not*", "answers", "median", "p95"))
    scores = {}
    for name, patience in PATIENCE.items():
        scores[name] = score(cases, lambda path: ends_of_patience(path, name, patience))
        print(scores[name].line(name))
    print("  * cut, and the candidate went on later than %g s after: not taken back" % RECOVERED)
    keys = list(KINDS.values()) + [FILLED] + ["%.1f s" % p for p in PAUSES]
    for key in keys:
        if scores["normal"].all.get(key):
            print("    %-20s of %3d cut: " % (key, scores["normal"].all[key]) + ", ".join("%s %4.1f %%" % (n, s.share(key)) for n, s in scores.items()))
    return scores


def curve(cases, events):
    print("  sure/undecided/hanging, s")
    for patience in [(0.3, 0.6, 1.5), (0.45, 0.9, 2.5), (0.5, 1.4, 4.5), (0.65, 1.4, 4.5), (0.5, 2.0, 3.5), (0.5, 2.0, 4.5), (0.5, 2.6, 4.5), (0.65, 2.0, 6.0), (1.0, 3.0, 7.0)]:
        s = score(cases, lambda path: ends_from_guesses(events.get(path, []), patience))
        print(s.line("%g/%g/%g" % patience))


def check_wait(events):
    """The run's own patience is endless in two parts, so that its waits tell the curve."""
    for list_ in events.values():
        for g in list_:
            if g["event"] == "guess" and g["wait"] > 0 and abs(g["wait"] - needed(g, (ENDLESS, ENDLESS + 8, ENDLESS + 18))) > 0.002:
                sys.exit("wait() is not what live/patience.c does: %s" % g)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", required=True)
    p.add_argument("--speech", help="folder of sound files with transcripts.tsv")
    p.add_argument("--made", help="folder of answers spoken by other voices, instead of the installed one")
    p.add_argument("--voices", default="", help="ids of installed voices, by commas")
    p.add_argument("--half", choices=["even", "odd"], help="only these lines of answers.txt")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--direct", action="store_true", help="also run each patience itself, with recognition's own time")
    p.add_argument("--cache", default=os.path.join(os.path.expanduser("~"), ".cache", "viva", "bench-endpoint"))
    p.add_argument("--guesses", help="write what was thought of each pause here, for fit.py")
    p.add_argument("--verbose", action="store_true")
    args = p.parse_args()
    os.makedirs(args.cache, exist_ok=True)
    rng, cases = random.Random(args.seed), {}
    half = {"even": 0, "odd": 1}.get(args.half)
    kinds = [recorded(args.speech, rng)] if args.speech else []
    kinds.append(made(args.made, rng) if args.made else synthesised(args.binary, args.cache, rng, half, args.voices.split(",")))
    for kind in kinds:
        for name, sound, spots, end in kind:
            path = os.path.join(args.cache, "%s-%d.wav" % (name, args.seed))
            write(path, sound)
            cases[path] = (name, spots, end)
    print("%d answers with %d pauses of %.1f to %.1f s" % (len(cases), sum(len(c[1]) for c in cases.values()), PAUSES[0], PAUSES[-1]))
    endless = [str(int(1000 * (ENDLESS + more))) for more in (0, 8, 18)]
    events = listen(args.binary, list(cases), ["--guesses", "--instant"],
                    dict(zip(("END_SILENCE_SURE_MS", "END_SILENCE_MS", "END_SILENCE_HANGING_MS"), endless)))
    check_wait(events)
    with_resumption(cases, events)
    if args.guesses:
        with open(args.guesses, "w", encoding="utf-8") as f:
            json.dump([{"name": n, "pauses": s, "end": e, "guesses": [g for g in events.get(path, []) if g["event"] == "guess"]}
                       for path, (n, s, e) in cases.items()], f)
    for title, chosen in (("all", lambda n: True), ("recorded", lambda n: not n.startswith("answer")), ("synthesised", lambda n: n.startswith("answer"))):
        part = {path: c for path, c in cases.items() if chosen(c[0])}
        if part and (title == "all" or len(part) < len(cases)):
            print(title)
            report(part, lambda path, name, patience: ends_from_guesses(events.get(path, []), patience))
    print("curve over settings, all")
    curve(cases, events)
    if args.direct:
        print("run themselves, recognition's own time included")
        runs = {name: listen(args.binary, list(cases), ["--patience", name]) for name in PATIENCE}
        report(cases, lambda path, name, _: [e["t"] for e in runs[name].get(path, []) if e["event"] == "answer_ended"])


if __name__ == "__main__":
    main()
