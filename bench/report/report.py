#!/usr/bin/env python3
"""How long a report takes: from the request to the report, through the API and the durable job, with the real sentence vectors.

The interview is typed, then its rows are put as if it had been spoken (utterances of a sentence, with the times of words), so that
transcripts of any length can be measured without speaking for that long. Prints a table; asserts nothing."""

import argparse
import json
import random
import sqlite3
import sys
import time
import uuid
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "live"))
from load import EMAIL, PASSWORD, Server  # noqa: E402

WORD_MS = 400  # 150 words a minute
SAID = ("when i was at the water company there was a pump that failed every winter", "i had to find out why before the next one",
        "so i took the old records and compared them with the weather of each day", "nobody had looked at the pressure at night",
        "we talked about it with the people who repair the pipes and wrote it down", "in the end it was a valve that closed too slowly",
        "i told everybody who had worked with the wrong figures and corrected the report", "that took three weeks and saved a lot of money",
        "of course not everything went well and some of it i would do otherwise today", "we had two meetings a week and a list on the wall")


def words_of(points, count, rng):
    """Sentences, one in six of them about a point."""
    out, n = [], 0
    while n < count:
        text = rng.choice(points) if points and rng.random() < 1 / 6 else rng.choice(SAID)
        tail = rng.choice(("", " you know", " in a way", " as far as i remember", " at that time"))
        out.append((text + tail)[0].upper() + (text + tail)[1:] + ".")
        n += len(out[-1].split())
    return out


def spoken(db, answer, sentences):
    at = 1500
    for seq, text in enumerate(sentences):
        words = []
        for word in text.split():
            words.append([word, at, at + WORD_MS - 60, 0.9])
            at += WORD_MS
        at += 700
        db.execute("INSERT INTO utterances (id, response_id, seq, speaker, start_ms, end_ms, text, words, confidence) VALUES (?, ?, ?, 'candidate', ?, ?, ?, ?, 0.9)",
                   (uuid.uuid4().bytes, answer, seq, words[0][1], words[-1][2], text, json.dumps(words)))
    db.execute("UPDATE responses SET mode = 'voice', text = ?, ended_at = started_at + ? WHERE id = ?", (" ".join(sentences), at, answer))


def wait(http, session, version):
    while True:
        report = http.get(f"/api/v1/sessions/{session}/report").raise_for_status().json()["data"]
        if report["status"] == "failed":
            sys.exit("the report failed")
        if report["status"] == "ready" and report["version"] == version:
            return report
        time.sleep(0.05)


def interview(server, http, name, answers, minutes, rng):
    made = http.post("/api/v1/interviews", json={"title": name, "job_role": "Engineer", "interview_type": "mixed", "difficulty": "mid",
                                                 "focus_areas": ["teamwork", "problem_solving"], "question_count": answers, "follow_ups": 0}).raise_for_status().json()["data"]
    one = http.post(f"/api/v1/interviews/{made['id']}/questions/generate", json={}).raise_for_status().json()["data"]
    http.post(f"/api/v1/interviews/{made['id']}/publish").raise_for_status()
    with httpx.Client(base_url=server.url, timeout=120) as public:
        who = public.post(f"/api/v1/public/interviews/{one['link']}/register", json={
            "full_name": "Bench", "email": "candidate@example.org", "consent_recording": True, "consent_ai": True}).raise_for_status().json()["data"]
        public.headers["Authorization"] = "Bearer " + who["session_token"]
        session = who["session_id"]
        state = public.post(f"/api/v1/public/sessions/{session}/start").raise_for_status().json()["data"]
        for _ in one["questions"]:
            open_one = next(a for a in state["answers"] if a["status"] == "open")
            state = public.post(f"/api/v1/public/sessions/{session}/answers/{open_one['id']}/text", json={"text": "Soon."}).raise_for_status().json()["data"]
    wait(http, session, 1)
    words = int(minutes * 60000 / WORD_MS / answers)
    total = 0
    db = sqlite3.connect(f"{server.dir.name}/data/viva.db", timeout=30)
    for q in one["questions"]:
        row = db.execute("SELECT id FROM responses WHERE question_id = ?", (uuid.UUID(q["id"]).bytes,)).fetchone()
        sentences = words_of(q["points"], words, rng)
        total += len(sentences)
        spoken(db, row[0], sentences)
    db.commit()
    db.close()
    report = http.get(f"/api/v1/sessions/{session}/report").json()["data"]
    before, cpu = time.monotonic(), server.cpu()
    http.post(f"/api/v1/reports/{report['id']}/regenerate").raise_for_status()
    report = wait(http, session, 2)
    took, used = time.monotonic() - before, server.cpu() - cpu
    size = len(json.dumps(report)) / 1024
    print(f"| {name} | {answers} | {words * answers} | {total} | {took:.1f} s | {used:.1f} s | {size:.0f} KiB | {report['overall_score']} |", flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--binary", required=True)
    p.add_argument("--only", type=int, default=0, help="this many of the rows")
    args = p.parse_args()
    server = Server(args.binary, {})
    try:
        with httpx.Client(base_url=server.url, timeout=120) as http:
            http.post("/api/v1/auth/register", json={"email": EMAIL, "password": PASSWORD, "full_name": "Bench"})
            login = http.post("/api/v1/auth/login", json={"username": EMAIL, "password": PASSWORD}).raise_for_status().json()["data"]
            http.headers["Authorization"] = "Bearer " + login["access_token"]
            print("| interview | answers | words | sentences | report after | processor | size | level |\n|---|---|---|---|---|---|---|---|")
            rows = (("20 minutes", 8, 20), ("60 minutes", 10, 60), ("one answer of 30 minutes", 1, 30))
            for name, answers, minutes in rows[:args.only or None]:
                interview(server, http, name, answers, minutes, random.Random(7))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
