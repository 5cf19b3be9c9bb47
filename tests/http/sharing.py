"""Shares an interview with a reviewer."""

import sqlite3
import time


def share(api, interview, client):
    """In the database: what is tried here is what sharing opens, not how it is done."""
    me = client.get("/api/v1/auth/me").json()["data"]["id"].replace("-", "")
    one = interview["id"].replace("-", "")
    with sqlite3.connect(api.server.directory / "data/viva.db", timeout=30) as db:
        db.execute("INSERT OR IGNORE INTO interview_reviewers (interview_id, user_id, created_at) VALUES (?, ?, ?)",
                   (bytes.fromhex(one), bytes.fromhex(me), int(time.time() * 1000)))
    db.close()
