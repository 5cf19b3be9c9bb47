#!/usr/bin/env python3
"""The times that recognition gives words, beside those of the voice that spoke them.

  words.py VIVA [--models-dir DIR] [--model base|tiny.en]...

Sentences are synthesised by our own voice at three paces and, where libflite1 is installed, by three voices of flite, and
heard as they are, with white noise at 10 dB and through a fan at 10 dB. A word counts when it was understood. Asserts nothing.
"""

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sounds import coloured, mix, read_wav, resample, write_wav  # noqa: E402
from wer import normalise  # noqa: E402

SENTENCES = [
    "The database was slow, so I measured every query for a week before I changed anything.",
    "Yes. I would rather ask twice than build the wrong thing.",
    "Before that I worked in a bakery, where I learned to get up early and to count very carefully.",
    "We lost two days because nobody had written down who owned the certificate.",
    "He was angry at first, but after I showed him the numbers, he thanked me and moved the deadline.",
    "Testing is not something that I do at the end; I start with it, even when the code is small.",
    "What I enjoy most is explaining a hard problem to somebody new, until they see it themselves.",
    "Last summer, our team of seven people moved forty customers to the new platform in three weeks.",
]


def ours(viva, env, pace):
    for text in SENTENCES:
        with tempfile.TemporaryDirectory() as d:
            out, times = os.path.join(d, "x.wav"), os.path.join(d, "x.json")
            subprocess.run([viva, "say", text, "--out", out, "--times", times, "--speed", str(pace)], check=True, env=env)
            pcm, rate = read_wav(out)
            with open(times, encoding="utf-8") as f:
                yield resample(pcm, rate), [(w["word"], w["start"], w["end"]) for w in json.load(f)["words"]]


def voices(viva, env):
    for pace in (0.8, 1, 1.3):
        yield "viva joe, pace %g" % pace, list(ours(viva, env, pace))
    try:
        from flite_words import Flite
        for name in Flite.VOICES:
            voice = Flite(name)
            yield "flite " + name, [voice.say(text) for text in SENTENCES]
    except OSError:
        print("words.py: no libflite: its voices are left out", file=sys.stderr)


def key(word):
    return "".join(normalise(word))


def errors(spoken, heard):
    """(start, end) errors in ms of the words that both have, in order."""
    heard = [w for w in heard if key(w["word"])]
    matcher = difflib.SequenceMatcher(None, [key(w[0]) for w in spoken], [key(w["word"]) for w in heard], autojunk=False)
    for block in matcher.get_matching_blocks():
        for k in range(block.size):
            s, h = spoken[block.a + k], heard[block.b + k]
            yield 1000 * (h["start"] - s[1]), 1000 * (h["end"] - s[2])


def row(name, found, words):
    e = np.array(found)
    a = np.abs(e)
    print("%-34s %5d/%-4d %7.0f %5.0f %+6.0f %9.0f %5.0f %+6.0f" % (
        name, len(e), words, np.median(a[:, 0]), np.percentile(a[:, 0], 90), np.median(e[:, 0]), np.median(a[:, 1]),
        np.percentile(a[:, 1], 90), np.median(e[:, 1])), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("viva")
    parser.add_argument("--models-dir", default=os.environ.get("MODELS_DIR", ""))
    parser.add_argument("--model", action="append")
    args = parser.parse_args()
    env = {**os.environ, **({"MODELS_DIR": args.models_dir} if args.models_dir else {})}
    spoken = list(voices(args.viva, env))
    rng = np.random.default_rng(7)
    noises = {"": lambda x: x, ", white 10 dB": lambda x: mix(x, rng.standard_normal(len(x)), 10),
              ", fan 10 dB": lambda x: mix(x, coloured(rng, len(x)), 10)}
    print("%-34s %10s %31s" % ("errors of word times, ms", "words", "start: median, p90, bias    end: the same"))
    for model in args.model or ["base", "tiny.en"]:
        everything, total = [], 0
        with tempfile.TemporaryDirectory() as folder:
            files = {}
            for name, speeches in spoken:
                for noise, change in noises.items():
                    for i, (pcm, words) in enumerate(speeches):
                        path = os.path.join(folder, "%d.wav" % len(files))
                        write_wav(path, change(pcm))
                        files[path] = (name if not noise else "all" + noise, words)
            out = subprocess.run([args.viva, "transcribe", "--json", "--words", "--model", model, *files], check=True, text=True,
                                 stdout=subprocess.PIPE, env=env).stdout
        groups = {}
        for line in out.splitlines():
            heard = json.loads(line)
            name, words = files[heard["file"]]
            found = list(errors(words, heard.get("words", [])))
            group = groups.setdefault(name, [[], 0])
            group[0] += found
            group[1] += len(words)
            everything += found
            total += len(words)
        for name, (found, words) in groups.items():
            row("%s: %s" % (model, name), found, words)
        row(model + ": all", everything, total)


if __name__ == "__main__":
    main()
