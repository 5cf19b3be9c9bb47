"""Graded answers as lines for `viva grade`. The sets are XML: a question, reference answers, and answers with a score."""

import glob
import json
import os
import xml.etree.ElementTree as ET


def load(folder):
    """[{question, reference, answer, score (0..1), group, part}], from folder/training and folder/unseen_answers."""
    rows = []
    for part in ("training", "unseen_answers"):
        for path in sorted(glob.glob(os.path.join(folder, part, "*.xml"))):
            rows += read(path, part)
    return rows


def read(path, part):
    root, rows = ET.parse(path).getroot(), []
    references = ["".join(r.itertext()).strip() for r in root.iter("referenceAnswer")]
    for x in root.iter("studentAnswer"):
        try:
            score = float(x.findtext("score").replace(",", "."))
        except (AttributeError, ValueError):
            continue  # a handful have no readable score
        rows.append({"question": (root.findtext("questionText") or "").strip(), "reference": references,
                     "answer": (x.findtext("response") or "").strip(), "score": score, "group": os.path.basename(path), "part": part})
    full = max([r["score"] for r in rows] or [1]) or 1
    for r in rows:
        r["score"] /= full
    return rows


def lines(rows):
    return "".join(json.dumps({k: r[k] for k in ("question", "reference", "answer")}) + "\n" for r in rows)
