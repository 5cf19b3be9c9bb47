#!/usr/bin/env python3
"""How well the live path hears, beside faster-whisper (same model, int8, greedy, whole files); and that it makes nothing up.

  hearing.py VIVA [--data DIR] [--models-dir DIR] [--seconds N] [--only accuracy|nothing|words]

Recordings of DIR (transcripts.tsv: file, language, reference) are spoilt in the ways below and go through `viva listen`,
which is told the interview's language as a live session is. The peer's texts are kept by the sound's hash in $VIVA_CACHE.
Asserts nothing.
"""

import argparse
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tools", "models"), HERE]

import models  # noqa: E402
from bench import peer  # noqa: E402

try:
    import numpy as np
except ImportError:  # the peer's environment has it
    os.execv(peer()[0], [peer()[0], *sys.argv])

from nothing import GROUPS  # noqa: E402
from sounds import coloured, level, mix, resample, write_wav  # noqa: E402
from wer import distance, matched, normalise  # noqa: E402

SNRS = (20, 10, 5)


def load(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", "16000", "-f", "s16le", "-"], check=True,
                         stdout=subprocess.PIPE).stdout
    return np.frombuffer(raw, np.int16).astype(np.float32) / 32768


def babble(rng, n, pool):
    """Six people who are not the speaker, talking at once."""
    out = np.zeros(n)
    for _ in range(6):
        x = np.concatenate([pool[i] for i in rng.permutation(len(pool))[:6]])
        out += np.resize(np.roll(x, int(rng.integers(len(x)))), n) / max(level(x), 1e-6)
    return out


def conditions(others):
    """name -> (samples, generator) -> (samples, rate, channels)."""
    yield "clean", lambda x, rng: (x, 16000, 1)
    for snr in SNRS:
        yield "white %d dB" % snr, lambda x, rng, s=snr: (mix(x, rng.standard_normal(len(x)), s), 16000, 1)
        yield "babble %d dB" % snr, lambda x, rng, s=snr: (mix(x, babble(rng, len(x), others), s), 16000, 1)
        yield "fan %d dB" % snr, lambda x, rng, s=snr: (mix(x, coloured(rng, len(x), -1.5, hum=0.5), s), 16000, 1)
    yield "quiet -30 dB", lambda x, rng: (x * 10 ** -1.5, 16000, 1)
    yield "clipped +20 dB", lambda x, rng: (np.clip(x / np.abs(x).max() * 10, -1, 1) * 0.9, 16000, 1)
    yield "48 kHz stereo", lambda x, rng: (stereo(x), 48000, 2)


def stereo(x):
    wide = resample(x, 16000, 48000)
    return np.stack([wide, wide * 0.5], 1).reshape(-1)


def write_all(data, folder):
    """path -> (condition, language, reference)."""
    with open(os.path.join(data, "transcripts.tsv"), encoding="utf-8") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    sounds = {r["file"]: load(os.path.join(data, r["file"])) for r in rows}
    english = [r["file"] for r in rows if r["language"] == "en"]
    files = {}
    for r in rows:
        others = [sounds[k] for k in english if k.split("-")[0] != r["file"].split("-")[0]]
        quiet = np.zeros(8000, np.float32)
        spoken = np.concatenate([quiet, sounds[r["file"]], quiet])
        for name, spoil in conditions(others):
            if r["language"] != "en" and name != "clean":
                continue
            rng = np.random.default_rng(int(hashlib.sha256((name + r["file"]).encode()).hexdigest()[:8], 16))
            path = os.path.join(folder, "%d.wav" % len(files))
            pcm, rate, channels = spoil(spoken, rng)
            write_wav(path, pcm, rate, channels)
            files[path] = (name if r["language"] == "en" else "in " + r["language"], r["language"], r["reference"])
    return files


def listen(viva, env, files, *options):
    """path -> ([(final words, confidence, other language, [[word, start, end, probability]...])], events that carried words,
    the final words as they were before the second pass)."""
    out = subprocess.run([viva, "listen", "--json", "--instant", "--no-captions", "--revised", *options, *files], check=True, text=True,
                         stdout=subprocess.PIPE, env=env).stdout
    finals, texts, first = {path: {} for path in files}, {path: [] for path in files}, {path: [] for path in files}
    for line in out.splitlines():
        e = json.loads(line)
        if e.get("text"):
            texts[e["file"]].append(e["text"])
        if "confidence" in e:
            kept = finals[e["file"]]
            if e["event"] != "revised":
                first[e["file"]].append(e["text"])
            elif e["start"] not in kept:
                raise ValueError("revised, and never said: %s" % line)
            kept[e["start"]] = (e["text"], e["confidence"], e.get("other_language"), e.get("words") or [])
    return {path: (list(finals[path].values()), texts[path], first[path]) for path in files}


def peer_texts(files):
    folder = os.path.join(models.CACHE, "bench", "peer-texts")
    os.makedirs(folder, exist_ok=True)
    keys = {path: os.path.join(folder, models.sha256(path)) for path in files}
    missing = [path for path, key in keys.items() if not os.path.exists(key)]
    if missing:
        python, model = peer()
        out = subprocess.run([python, os.path.join(HERE, "peer.py"), model, "2", *missing], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
        for line in out.splitlines():
            row = line.split("\t")
            with open(keys[row[0]], "w", encoding="utf-8") as f:
                f.write(row[5] if len(row) > 5 else "")
    texts = {}
    for path, key in keys.items():
        with open(key, encoding="utf-8") as f:
            texts[path] = f.read()
    return texts


EDGES = (0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def sure_words(reference, finals):
    """(probability, right) of each word that was heard."""
    said = [(normalise(w[0]), w[3]) for f in finals for w in f[3]]
    right = matched(normalise(reference), [part for parts, _ in said for part in parts])
    at = 0
    for parts, p in said:
        if parts:
            yield p, all(right[at:at + len(parts)])
        at += len(parts)


def calibration(pairs):
    """a, b of 1 / (1 + exp(-(a logit(p) + b))), by Newton's method: what makes p say how often it is right."""
    p, y = np.clip([q for q, _ in pairs], 0.005, 0.995), np.array([float(r) for _, r in pairs])
    x = np.stack([np.log(p / (1 - p)), np.ones(len(p))], 1)
    w = np.array([1.0, 0.0])
    for _ in range(30):
        q = 1 / (1 + np.exp(-x @ w))
        w += np.linalg.solve((x * (q * (1 - q))[:, None]).T @ x + 1e-6 * np.eye(2), x.T @ (y - q))
    return w


def reliability(title, pairs):
    """A table: of what was said to be right with a probability, how much is. The last line is the mean gap (ECE)."""
    p, right = np.array([a for a, _ in pairs]), np.array([float(b) for _, b in pairs])
    print("\n%-18s %7s %10s %8s" % (title, "words", "says", "is right"))
    gap = 0.0
    for low, high in zip(EDGES, EDGES[1:]):
        here = (p >= low) & (p < high)
        if here.any():
            gap += abs(p[here].mean() - right[here].mean()) * here.mean()
            print("%.2f to %.2f       %7d %9.1f%% %7.1f%%" % (low, min(high, 1), here.sum(), 100 * p[here].mean(), 100 * right[here].mean()))
    print("all                %7d %9.1f%% %7.1f%%   mean gap %.1f%%; slope %.2f, offset %.2f (1 and 0: calibrated)" % (
        len(p), 100 * p.mean(), 100 * right.mean(), 100 * gap, *calibration(pairs)))


def accuracy(viva, env, data):
    with tempfile.TemporaryDirectory() as folder:
        files = write_all(data, folder)
        heard = {}
        for language in {f[1] for f in files.values()}:
            mine = [p for p, f in files.items() if f[1] == language]
            heard.update(listen(viva, env, mine, "--language", language))
        foreign = listen(viva, env, [p for p, f in files.items() if f[1] != "en"], "--language", "en")
        theirs = peer_texts(files)
    table, buckets, sure = {}, {}, {}
    for path, (name, language, reference) in files.items():
        words, (finals, _, first) = normalise(reference), heard[path]
        wrong = distance(words, normalise(" ".join(f[0] for f in finals)))
        row = table.setdefault(name, [0, 0, 0, 0])
        row[0] += len(words)
        row[1] += distance(words, normalise(" ".join(first)))
        row[2] += wrong
        row[3] += distance(words, normalise(theirs[path]))
        if language == "en":
            sure[path] = list(sure_words(reference, finals))
        if language == "en" and finals:
            size = [len(f[0]) for f in finals]
            mean = sum(f[1] * n for f, n in zip(finals, size)) / max(sum(size), 1)
            bucket = buckets.setdefault(min(int(mean * 10), 9), [0, 0, 0])
            for i, v in enumerate((1, wrong, len(words))):
                bucket[i] += v
    print("%-18s %6s %12s %12s %16s" % ("word error rate", "words", "at once", "kept", "faster-whisper"))
    for name, (n, *wrong) in table.items():
        print("%-18s %6d %11.1f%% %11.1f%% %15.1f%%" % (name, n, *(100 * w / n for w in wrong)))
    reliability("a word's probability", [pair for pairs in sure.values() for pair in pairs])
    print("\n%-18s %10s %16s" % ("confidence", "recordings", "word error rate"))
    for b in sorted(buckets):
        print("%.1f to %.1f         %10d %15.1f%%" % (b / 10, b / 10 + 0.1, buckets[b][0], 100 * buckets[b][1] / max(buckets[b][2], 1)))
    noticed = sum(any(f[2] == files[p][1] for f in finals) for p, (finals, _, _) in foreign.items())
    false = sum(any(f[2] for f in heard[p][0]) for p, f in files.items() if f[1] == "en")
    print("\nother languages noticed in an English interview: %d of %d; English taken for another: %d of %d" % (
        noticed, len(foreign), false, sum(f[1] == "en" for f in files.values())))


def nothing(viva, env, seconds):
    print("%-18s %9s %24s" % ("nobody speaks", "seconds", "events that held words"))
    with tempfile.TemporaryDirectory() as folder:
        for group, kinds in GROUPS.items():
            for kind in kinds:
                path = os.path.join(folder, kind.__name__ + ".wav")
                write_wav(path, kind(np.random.default_rng(2), seconds))
                found = listen(viva, env, [path], "--language", "en")[path][1]
                os.unlink(path)
                print("%-18s %9d %24d  %s" % (group + ": " + kind.__name__, seconds, len(found), " | ".join(found)[:80]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("viva")
    parser.add_argument("--data", default=os.path.join(ROOT, "..", "shared", "data", "speech"))
    parser.add_argument("--models-dir", default=os.environ.get("MODELS_DIR") or os.path.join(models.CACHE, "models"))
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--only", choices=["accuracy", "nothing", "words"])
    args = parser.parse_args()
    env = {**os.environ, "MODELS_DIR": args.models_dir}
    if args.only in (None, "accuracy"):
        accuracy(args.viva, env, args.data)
    if args.only in (None, "nothing"):
        nothing(args.viva, env, args.seconds)
    if args.only in (None, "words"):
        subprocess.run([sys.executable, os.path.join(HERE, "words.py"), args.viva, "--models-dir", args.models_dir], check=True)


if __name__ == "__main__":
    main()
