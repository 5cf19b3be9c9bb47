"""`viva grade`: what it takes, what it refuses and by which name, what it says of answers that cannot be judged; with the
vectors of the tests, and with the real ones where the models are (skipped, and said so, where they are not)."""

import json
import os
import pathlib

import pytest

from conftest import Server

QUESTION = "Tell me about a time you found a mistake in data that other people already trusted. What did you do?"
POINTS = ["How the mistake was noticed", "Checking the raw source to find the cause", "Telling the people who used the figures",
          "Correcting the report"]
GOOD = ("In the weekly sales report I noticed that one region had suddenly doubled. I went back to the raw source files to find the cause. "
        "Then I told the people who used the figures. We corrected the report the same day.")
REFERENCE = "The mistake was noticed in a report. The raw source was checked to find the cause. The people who used the figures were told."


def real_models():
    """Where the unit tests look for them too."""
    cache = os.environ.get("VIVA_CACHE") or os.path.join(os.environ.get("HOME", "/nonexistent"), ".cache/viva")
    return pathlib.Path(os.environ.get("VIVA_TEST_MODELS_DIR") or os.path.join(cache, "models"))


@pytest.fixture(params=["fake", "minilm"])
def grade(request, tmp_path):
    """grade(line, ...) -> (what came out, what was wrong, exit code). Lines are objects, or text as it is."""
    settings = {"EMBED_PROVIDER": request.param}
    if request.param == "minilm":
        if not (real_models() / "embed").is_dir():
            pytest.skip(f"no models in {real_models()}: only the tests' vectors are tried")
        settings |= {"MODELS_DIR": real_models(), "VIVA_CACHE": real_models().parent}
    server = Server(tmp_path, **settings)

    def run(*lines, end="\n", args=()):
        text = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + end for line in lines)
        path = tmp_path / "answers.jsonl"
        path.write_bytes(text.encode())
        done = server.run("grade", *args, path, check=False)
        return [json.loads(x) for x in done.stdout.splitlines()], done.stderr, done.returncode, done.stdout

    run.server = server
    return run


def line(answer, **more):
    return {"question": QUESTION, "points": POINTS, "answer": answer, **more}


def one(grade, item):
    found, wrong, code, _ = grade(item)
    assert (wrong, code, len(found)) == ("", 0, 1)
    return found[0]


def test_a_good_answer_has_a_level_with_its_evidence(grade):
    got = one(grade, line(GOOD))
    assert set(got) == {"score", "level", "confidence", "reason", "evidence", "version"}
    assert got["reason"] is None and 3 < got["level"] <= 5 and 0.5 < got["score"] <= 1 and 0 < got["confidence"] <= 1
    assert [e["point"] for e in got["evidence"]] == POINTS
    for e in got["evidence"]:
        assert (e["quote"] is None) == (e["met"] == "missed") and (e["quote"] is None or e["quote"] in GOOD), e
    assert sum(e["met"] == "met" for e in got["evidence"]) >= 2


def test_the_mark_is_of_max(grade):
    full = one(grade, line(GOOD))
    for most in (5, 100, 0.5):
        scaled = one(grade, line(GOOD, max=most))
        assert abs(scaled["score"] - full["score"] * most) <= 0.0006 * max(1, most) and scaled["level"] == full["level"]


def test_a_reference_alone_is_enough(grade):
    by_text = one(grade, {"question": QUESTION, "reference": REFERENCE, "answer": GOOD})
    assert by_text["score"] > 0.5 and len(by_text["evidence"]) >= 2
    assert one(grade, {"question": QUESTION, "reference": [REFERENCE], "answer": GOOD}) == by_text
    nearest = one(grade, {"question": QUESTION, "reference": ["A cake needs flour and four eggs.", REFERENCE], "answer": GOOD})
    assert nearest == by_text, "of several the nearest counts"
    assert one(grade, {"reference": REFERENCE, "answer": GOOD})["score"] > 0.5, "the question may be missing"


def test_points_go_before_a_reference(grade):
    assert one(grade, line(GOOD, reference="A cake needs flour and four eggs.")) == one(grade, line(GOOD))


@pytest.mark.parametrize("answer, words, score", [
    ("", "There is no answer", 0),
    (" \t\n ", "There is no answer", 0),
    ("Yes.", "one word", None),
    ("I told people.", "too short", None),
    ("Ich habe den Fehler in den Daten bemerkt und dann mit der Leiterin der Abteilung die Zahlen korrigiert, aber nicht alle.", "another language", None),
])
def test_what_cannot_be_judged_says_so_plainly(grade, answer, words, score):
    got = one(grade, line(answer))
    assert got["level"] is None and got["confidence"] is None
    assert words in got["reason"] and got["reason"].endswith(".")
    assert score is None or got["score"] == score


def test_nothing_to_judge_by_says_so_plainly(grade):
    for item in ({"answer": GOOD}, {"answer": GOOD, "points": []}, {"answer": GOOD, "reference": ""}, {"answer": GOOD, "points": None}):
        got = one(grade, item)
        assert got["level"] is None and got["score"] is None and "Nobody has said what a good answer" in got["reason"]
    echo = one(grade, {"question": QUESTION, "points": ["A mistake in data"], "answer": GOOD})
    assert echo["level"] is None and "repeats words of the question" in echo["reason"]


def test_off_the_point_is_the_lowest_level(grade):
    got = one(grade, line("My brother has a small red bicycle and rides it to the lake on sundays with his friends."))
    assert got["level"] == 1 and got["score"] == 0 and got["reason"] is None and all(e["met"] == "missed" for e in got["evidence"])


def test_half_an_hour_of_talk_is_judged_by_what_is_in_it(grade):
    talk = " ".join(f"On day {n} of that month we also went through the garden and looked at the apple trees." for n in range(280))
    assert len(talk.split()) > 4500
    got = one(grade, line(talk + " " + GOOD))
    short = one(grade, line(GOOD))
    assert abs(got["level"] - short["level"]) <= 0.5
    assert one(grade, line(talk))["level"] < 2


def test_the_same_bytes_each_time(grade):
    items = [line(GOOD), line(GOOD.upper()), line("Yes."), line("", max=5), {"answer": GOOD, "reference": [REFERENCE, GOOD]}]
    first, second = grade(*items, args=["--features"]), grade(*items, args=["--features"])
    assert first[3] == second[3] and len(first[0]) == len(items)
    assert first[0][0]["features"] and "features" not in grade(*items)[0][0]
    apart = "".join(grade(item, args=["--features"])[3] for item in items)
    assert apart == first[3], "what stands beside it changes nothing"


def test_line_ends_and_letters_of_any_kind(grade):
    plain = grade(line(GOOD), line("Yes."))[3]
    assert grade(line(GOOD), line("Yes."), end="\r\n")[3] == plain
    assert grade("", line(GOOD), "  ", line("Yes."))[3] == plain, "empty lines are none"
    assert grade("\ufeff" + json.dumps(line(GOOD)), line("Yes."))[3] == plain
    curly = one(grade, line("“Señor Müller” – 東京 noticed it: I went back to the raw source files to find the cause 🔎, naïvely."))
    quotes = [e["quote"] for e in curly["evidence"] if e["quote"]]
    assert quotes and all("raw source" in q for q in quotes[:1])
    escaped = json.dumps(line("“Señor Müller” – 東京 noticed it: I went back to the raw source files to find the cause 🔎, naïvely."))
    assert grade(escaped)[0] == [curly]
    without_end = grade.server.run("grade", "-", input=json.dumps(line(GOOD)))
    assert json.loads(without_end.stdout) == one(grade, line(GOOD)), "standard input, and no line end"


WRONG = [
    ("{", "JSON ends too early"),
    ("not JSON", "JSON"),
    ("[]", "it must be a JSON object"),
    ({"question": QUESTION, "points": POINTS}, "answer is missing"),
    (line(None), "answer must be a text"),
    (line(7), "answer must be a text"),
    (line(GOOD, question=["x"]), "question must be a text"),
    (line(GOOD, points="a tool"), "points must be a list"),
    (line(GOOD, points=["a tool", 3]), "points[1] must be a text"),
    (line(GOOD, points=["a tool", "how it ended", " "]), "points[2] is empty"),
    (line(GOOD, points=["a tool"] * 101), "points has too many"),
    ({"answer": GOOD, "reference": {"text": "x"}}, "reference must be a text"),
    ({"answer": GOOD, "reference": ["x", None]}, "reference[1] must be a text"),
    (line(GOOD, max="5"), "max must be a number above 0"),
    (line(GOOD, max=0), "max must be a number above 0"),
    (line(GOOD, max=-5), "max must be a number above 0"),
    ('{"answer": "a", "answer": "b"}', "twice"),
    ('{"answer": "a\\u0000b"}', "NUL"),
]


def test_wrong_lines_are_named_and_the_others_are_done(grade):
    found, wrong, code, _ = grade(line(GOOD), *[item for item, _ in WRONG], line("Yes."))
    assert code == 1 and len(found) == 2 and found[0]["level"] and "one word" in found[1]["reason"]
    told = wrong.splitlines()
    assert len(told) == len(WRONG)
    for number, (item, words) in enumerate(WRONG, 2):
        assert told[number - 2].startswith(f"viva: line {number}: ") and words in told[number - 2], (item, told[number - 2])


def test_bytes_that_are_no_letters(grade, tmp_path):
    path = tmp_path / "bytes.jsonl"
    path.write_bytes(b'{"answer": "\xff\xfe"}\n' + json.dumps(line(GOOD)).encode() + b"\n")
    done = grade.server.run("grade", path, check=False)
    assert done.returncode == 1 and "line 1" in done.stderr and "UTF-8" in done.stderr and len(done.stdout.splitlines()) == 1


def test_what_it_is_called_with(grade, tmp_path):
    for args, code, words in ((["grade"], 2, "one file"), (["grade", "--all", "x"], 2, "option"), (["grade", "a", "b"], 2, "one file"),
                              (["grade", str(tmp_path / "none.jsonl")], 1, "none.jsonl cannot be read")):
        done = grade.server.run(*args, check=False)
        assert done.returncode == code and words in done.stderr and done.stdout == "", args
    (tmp_path / "empty.jsonl").write_text("")
    done = grade.server.run("grade", tmp_path / "empty.jsonl")
    assert done.stdout == done.stderr == ""
    assert "points" in grade.server.run("grade", "--help").stdout


def test_without_the_model_it_says_what_to_do(tmp_path):
    (tmp_path / "x.jsonl").write_text(json.dumps(line(GOOD)) + "\n")
    done = Server(tmp_path, EMBED_PROVIDER="minilm").run("grade", tmp_path / "x.jsonl", check=False)
    assert done.returncode == 1 and done.stdout == "" and "viva models fetch" in done.stderr
