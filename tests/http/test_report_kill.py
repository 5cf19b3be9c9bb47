"""kill -9 in the middle of making a report: after the restart it is there once, and all of it.

A trigger that counts for minutes stops the server inside the very transaction that is to be cut off; the test takes the
trigger away before the restart, and the lease of the dead process with it, so that nobody waits for its end."""

import sqlite3

import pytest

from conftest import ON_MYSQL, Api, wait_for

pytestmark = pytest.mark.skipif(ON_MYSQL, reason="stops the server by a trigger in the file")

SPOKEN = "We checked the raw sensor data to find the cause, told the people who used the figures and corrected the report."
COUNTING = "SELECT COUNT(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT i FROM n)"
POINTS = {
    # where it is cut off: (the trigger, whether the report is stored by then)
    "storing": ("CREATE TRIGGER stop_here BEFORE UPDATE OF content ON reports BEGIN {}; END", False),
    "scores": ("CREATE TRIGGER stop_here BEFORE UPDATE OF score ON responses BEGIN {}; END", False),
    "done": ("CREATE TRIGGER stop_here BEFORE UPDATE OF state ON jobs WHEN NEW.state = 'done' AND NEW.kind = 'report' BEGIN {}; END", True),
}


def writing(path):
    """Whether somebody is in the middle of a write transaction."""
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute("ROLLBACK")
        return False
    except sqlite3.OperationalError:
        return True
    finally:
        db.close()


def rows(path, sql):
    db = sqlite3.connect(path, timeout=30)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def change(path, sql):
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        db.execute(sql)
    finally:
        db.close()


def session_of(api, client, session):
    return client.get(f"/api/v1/sessions/{session}").json()["data"]


@pytest.mark.parametrize("point", sorted(POINTS))
def test_killed_in_the_middle_of_a_report(fresh, contract, point):
    trigger, stored = POINTS[point]
    server = fresh()
    api = Api(server, contract)
    (path,) = server.directory.rglob("viva.db")
    one = api.interview(questions=3)
    client, session = api.candidate(one, "cut@example.org")
    state = client.post(f"/api/v1/public/sessions/{session}/start").json()["data"]
    change(path, trigger.format(COUNTING))
    for _ in range(3):
        answer = next(a for a in state["answers"] if a["status"] == "open")
        reply = client.post(f"/api/v1/public/sessions/{session}/answers/{answer['id']}/text", json={"text": SPOKEN})
        assert reply.status_code == 200, "the interview ends before the report is made"
        state = reply.json()["data"]
    under_way = lambda: writing(path) and rows(path, "SELECT state, attempts FROM jobs WHERE kind = 'report'") == [("running", 1)]
    held = lambda: under_way() and under_way() and rows(path, "SELECT version FROM reports") == [(1 if stored else 0,)]
    wait_for(held, lambda yes: yes, "the report's transaction")
    server.kill()

    assert rows(path, "SELECT state FROM jobs WHERE kind = 'report'") == [("running",)], "nothing of the transaction is left"
    before = rows(path, "SELECT status, version, overall_score, content, asks FROM reports")
    assert [r[1] for r in before] == [1 if stored else 0] and len(before) == 1
    assert all((s is None) != stored for (s,) in rows(path, "SELECT score FROM responses"))
    change(path, "DROP TRIGGER stop_here")
    change(path, "UPDATE jobs SET lease_until = 1 WHERE state = 'running'")
    server.start()

    recruiter = api.login("recruiter@example.org")
    done = wait_for(lambda: session_of(api, recruiter, session),
                    lambda s: s["report"]["status"] == "ready" and rows(path, "SELECT state FROM jobs WHERE kind = 'report'") == [("done",)], "the report")
    report = recruiter.get(f"/api/v1/sessions/{session}/report").json()["data"]
    assert (report["version"], report["reason"], report["next_reason"]) == (1, "completed", "none"), "made once"
    assert len(report["questions"]) == 3 and all(q["score"] for q in report["questions"]) and report["overall_score"]
    assert report["content"]["answered"] == 3 and report["summary"] and report["content"]["made_with"]["scorer"] == report["scorer_version"]
    assert rows(path, "SELECT COUNT(*) FROM report_versions") == [(0,)] and rows(path, "SELECT COUNT(*) FROM reports") == [(1,)]
    assert sorted(s for (s,) in rows(path, "SELECT score FROM responses")) == sorted(q["score"] for q in report["questions"])
    assert rows(path, "SELECT state, attempts FROM jobs WHERE kind = 'report'") == [("done", 2)]
    if stored:
        assert rows(path, "SELECT status, version, overall_score, content, asks FROM reports") == before, "what was stored is not made again"
    assert done["report"]["id"] == report["id"]
