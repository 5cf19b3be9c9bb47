"""Fits the calibration on folder/training and nothing else, and writes backend/services/report_trees.h.

usage: fit.py BINARY FOLDER OUT. BINARY's own trees do not matter, its features do. What changes the features needs a new fit.
"""

import hashlib
import sys

import data
import model


def nodes_of(estimator):
    nodes, roots = [], []
    for (predictor,) in estimator._predictors:
        roots.append(len(nodes))
        for n in predictor.nodes:
            leaf = bool(n["is_leaf"])
            nodes.append("{%d, %.9g, %d, %d, %.9g}" % (
                (-1, 0, 0, 0, n["value"]) if leaf else (n["feature_idx"], n["num_threshold"], n["left"], n["right"], 0)))
    return nodes, roots


def rows_of(items, per_line):
    return "".join("    " + ", ".join(items[i:i + per_line]) + ",\n" for i in range(0, len(items), per_line))


def main():
    binary, folder, out = sys.argv[1:4]
    rows = [r for r in data.load(folder) if r["part"] == "training"]
    names, x, _, _ = model.features(binary, rows)
    fitted = model.fit(x, [r["score"] for r in rows])
    nodes, roots = nodes_of(fitted)
    body = "static const double trees_base = %.9g;\n" % float(fitted._baseline_prediction.ravel()[0])
    body += "static const struct tree_node trees[] = {\n%s};\n" % rows_of(nodes, 3)
    body += "static const int trees_roots[] = {\n%s};\n" % rows_of(["%d" % r for r in roots], 20)
    digest = hashlib.sha256((",".join(names) + body).encode()).hexdigest()[:12]
    with open(out, "w", encoding="ascii") as f:
        f.write("/* Written by bench/grading/fit.py from %d graded answers: do not edit.\n" % len(rows))
        f.write(" * Features: %s. */\n/* clang-format off */\n" % ", ".join(names))
        f.write('#define TREES_HASH "%s"\n%s' % (digest, body))
    print("%d trees, %d nodes, %s" % (len(roots), len(nodes), digest))


if __name__ == "__main__":
    main()
