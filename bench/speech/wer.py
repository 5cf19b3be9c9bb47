"""Word error rate over a whole set, with the normaliser that both sides go through. Standard library only."""

import re
import unicodedata

_ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
         "seventeen eighteen nineteen").split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELLED = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "okay": "ok", "yknow": "you know",
            "gonna": "going to", "wanna": "want to"}
_FILLERS = {"um", "uh", "uhm", "hmm", "mm", "mhm", "er", "erm", "ah"}


def number_words(n):
    if n < 20:
        return _ONES[n]
    if n < 100:
        return _TENS[n // 10 - 2] + (" " + _ONES[n % 10] if n % 10 else "")
    for size, name in ((10 ** 9, "billion"), (10 ** 6, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            return number_words(n // size) + " " + name + (" " + number_words(n % size) if n % size else "")
    return str(n)


def normalise(text):
    """Words in lower case: no punctuation, no fillers, numbers and titles spelled out."""
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("%", " percent ")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\d+", lambda m: " " + (number_words(int(m[0])) if len(m[0]) < 13 else m[0]) + " ", text)
    text = re.sub(r"[^\w' ]|_", " ", text)
    out = []
    for word in text.split():
        word = word.strip("'")
        out += _SPELLED.get(word, word).split()
    return [w for w in out if w and w not in _FILLERS]


def distance(reference, hypothesis):
    """Insertions, deletions and substitutions between two lists of words."""
    row = list(range(len(hypothesis) + 1))
    for i, r in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, h in enumerate(hypothesis, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (r != h))
    return row[-1]


def matched(reference, hypothesis):
    """Of each word of the hypothesis whether it is right, in an alignment with the fewest errors."""
    rows = [list(range(len(hypothesis) + 1))]
    for i, r in enumerate(reference, 1):
        rows.append([i])
        for j, h in enumerate(hypothesis, 1):
            rows[i].append(min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (r != h)))
    right, i, j = [False] * len(hypothesis), len(reference), len(hypothesis)
    while i > 0 and j > 0:
        same = reference[i - 1] == hypothesis[j - 1]
        if rows[i][j] == rows[i - 1][j - 1] + (not same):
            right[j - 1] = same
            i, j = i - 1, j - 1
        elif rows[i][j] == rows[i][j - 1] + 1:
            j -= 1
        else:
            i -= 1
    return right


def word_error_rate(pairs):
    """Of (reference, hypothesis) texts, as one set: errors over reference words."""
    errors = words = 0
    for reference, hypothesis in pairs:
        r = normalise(reference)
        errors += distance(r, normalise(hypothesis))
        words += len(r)
    return errors / max(words, 1)
