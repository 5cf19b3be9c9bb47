#!/usr/bin/env python3
"""Weights of backend/live/endpoint.c, over(), from what endpoint.py --guesses wrote: a logistic regression by Newton's
method on each half of the answers, tried on the other. Prints both, and how well single signs tell true ends from pauses
(area under the curve). What a sentence promises is not fitted: there is too little of it."""

import argparse
import json
import math

SIGNS = ["breaks off", "ear", "hangs", "length", "1"]


def clip(x, low, high):
    return max(low, min(high, x))


def odds(p):
    p = clip(p, 1e-6, 1 - 1e-6)
    return clip(math.log(p / (1 - p)), -4.5, 4.5)


def signs(g):
    words = len(g["text"].split())
    return [clip(math.log(max(g["trail"], 1e-4) / max(g["stop"] + g["end"], 1e-6)), -6, 2), odds(g["turn"]),
            float(g["verdict"] == "hanging"), math.log((clip(words, 6, 25) + 1) / 16), 1.0]


def cases(path):
    with open(path, encoding="utf-8") as f:
        for n, answer in enumerate(json.load(f)):
            spots = [(start, kind) for start, _, kind in answer["pauses"]] + [(answer["end"], "end")]
            for start, kind in spots:
                near = [g for g in answer["guesses"] if abs(g["since"] - start) < 0.35 and "trail" in g and "turn" in g]
                if near:
                    yield n, kind, signs(min(near, key=lambda g: abs(g["since"] - start)))


def solve(a, b):
    n = len(b)
    m = [row[:] + [x] for row, x in zip(a, b)]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(m[r][i]))
        m[i], m[p] = m[p], m[i]
        for r in range(n):
            if r != i and m[i][i]:
                k = m[r][i] / m[i][i]
                m[r] = [x - k * y for x, y in zip(m[r], m[i])]
    return [m[i][n] / m[i][i] for i in range(n)]


def fit(rows, ridge=0.5):
    """Both classes weigh the same."""
    ends = sum(y for _, y in rows)
    weigh = {1: len(rows) / (2 * ends), 0: len(rows) / (2 * (len(rows) - ends))}
    w = [0.0] * len(SIGNS)
    for _ in range(30):
        grad, hess = [-ridge * x for x in w], [[ridge * (i == j) for j in range(len(w))] for i in range(len(w))]
        for x, y in rows:
            p = 1 / (1 + math.exp(-clip(sum(a * b for a, b in zip(w, x)), -30, 30)))
            for i in range(len(w)):
                grad[i] += weigh[y] * (y - p) * x[i]
                for j in range(len(w)):
                    hess[i][j] += weigh[y] * p * (1 - p) * x[i] * x[j]
        w = [a + b for a, b in zip(w, solve(hess, grad))]
    return w


def area(scores):
    """Share of pairs of a true end and a pause that are the right way round."""
    ends, pauses = [s for s, y in scores if y], [s for s, y in scores if not y]
    if not ends or not pauses:
        return float("nan")
    return sum((e > p) + (e == p) / 2 for e in ends for p in pauses) / (len(ends) * len(pauses))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("guesses")
    rows = list(cases(p.parse_args().guesses))
    kinds = sorted({k for _, k, _ in rows} - {"end"})
    print("%d true ends, %s" % (sum(k == "end" for _, k, _ in rows), ", ".join("%d %s" % (sum(k == x for _, k, _ in rows), x) for x in kinds)))
    for half in (0, 1):
        train = [(x, int(k == "end")) for n, k, x in rows if n % 2 == half]
        w = fit(train)
        print("half %d: %s" % (half, ", ".join("%s %.2f" % (s, x) for s, x in zip(SIGNS, w))))
        for kind in kinds:
            held = [(x, int(k == "end")) for n, k, x in rows if n % 2 != half and k in (kind, "end")]
            print("  held out, %-16s all %.3f, %s" % (kind, area([(sum(a * b for a, b in zip(w, x)), y) for x, y in held]),
                  ", ".join("%s %.3f" % (s, area([(-x[i] if s in ("breaks off", "hangs") else x[i], y) for x, y in held])) for i, s in enumerate(SIGNS[:-1]))))


if __name__ == "__main__":
    main()
