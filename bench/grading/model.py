"""The calibration of `viva grade`: features -> share of the full mark, by boosted trees that never fall when a feature rises."""

import json
import subprocess

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

import data


def features(binary, rows):
    """(names, matrix, shares as shipped, null where not scored) by the scorer itself."""
    out = subprocess.run([binary, "grade", "--features", "-"], input=data.lines(rows), text=True, check=True, capture_output=True)
    grades = [json.loads(line) for line in out.stdout.splitlines()]
    assert len(grades) == len(rows)
    names = list(grades[0]["features"])
    shipped = np.array([np.nan if g["score"] is None else g["score"] for g in grades])
    return names, np.array([[g["features"][n] for n in names] for g in grades]), shipped, grades


def new(n):
    return HistGradientBoostingRegressor(max_iter=200, max_depth=2, learning_rate=0.05, min_samples_leaf=30, l2_regularization=5,
                                         monotonic_cst=[1] * n, early_stopping=False, random_state=0)


def fit(x, y):
    return new(x.shape[1]).fit(x, y)


def share(model, x):
    """As report_model.c: nothing found is 0."""
    p = model.predict(x).clip(0, 1)
    p[(x <= 0).all(1)] = 0
    return p
