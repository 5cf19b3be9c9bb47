"""Shares an interview with a reviewer."""

import sqlite3
import time

from conftest import ON_MYSQL, databases, mariadb


def share(api, interview, client):
    """In the database: what is tried here is what sharing opens, not how it is done."""
    me = client.get("/api/v1/auth/me").json()["data"]["id"].replace("-", "")
    one = interview["id"].replace("-", "")
    row = f"interview_reviewers (interview_id, user_id, created_at) VALUES (x'{one}', x'{me}', {int(time.time() * 1000)})"
    if ON_MYSQL:
        mariadb(f"INSERT IGNORE INTO {row}", databases[api.server.env["DATA_DIR"]])
        return
    with sqlite3.connect(api.server.directory / "data/viva.db", timeout=30) as db:
        db.execute(f"INSERT OR IGNORE INTO {row}")
    db.close()
