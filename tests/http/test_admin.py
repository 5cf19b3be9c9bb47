"""Administration: everybody's interviews and their owners, the audit log, the queue."""

import csv
import io

import pytest

from conftest import wait_for

BASE = "/api/v1/admin"
ZERO = "01890000-0000-7000-8000-000000000000"


def me(client):
    return client.get("/api/v1/auth/me").json()["data"]


def items(reply):
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]["items"]


def entries(api, **filters):
    return items(api.admin.get(f"{BASE}/audit", params=filters))


def test_interviews_of_everyone(api):
    mine = api.interview(title="Listed for the administrator", organisation="Rare Ltd")
    api.candidate(mine, "listed@example.org")
    listed = items(api.admin.get(f"{BASE}/interviews", params={"search": "Rare Ltd"}))
    assert [i["id"] for i in listed] == [mine["id"]]
    assert listed[0]["owner_email"] == "recruiter@example.org" and listed[0]["candidates"] == 1
    draft = api.interview(api.other, publish=False, title="A draft of another")
    by_owner = items(api.admin.get(f"{BASE}/interviews", params={"owner_id": me(api.other)["id"], "status": "draft"}))
    assert draft["id"] in {i["id"] for i in by_owner} and mine["id"] not in {i["id"] for i in by_owner}
    titles = [i["title"] for i in items(api.admin.get(f"{BASE}/interviews", params={"sort": "-title", "page_size": 100}))]
    assert titles == sorted(titles, reverse=True) and len(titles) > 1
    assert items(api.admin.get(f"{BASE}/interviews", params={"archived": "yes"})) == []


@pytest.mark.parametrize("query", [{"sort": "owner"}, {"archived": "perhaps"}, {"owner_id": "x"}, {"status": "gone"}, {"page": 0}])
def test_interviews_refuse_what_means_nothing(api, query):
    reply = api.admin.get(f"{BASE}/interviews", params=query)
    assert reply.status_code == 422 and reply.json()["error"]["field"] == next(iter(query))


def test_transfer_moves_the_interview_and_is_recorded(api):
    one = api.interview(title="To be given away")
    url = f"/api/v1/interviews/{one['id']}"
    to = me(api.other)["id"]
    moved = api.admin.post(f"{BASE}/interviews/{one['id']}/transfer", json={"owner_id": to})
    assert moved.status_code == 200 and moved.json()["data"]["owner_id"] == to
    assert api.other.get(url).status_code == 200 and api.recruiter.get(url).status_code == 404
    event = entries(api, subject_id=one["id"], action="interview.transfer")[0]
    assert event["details"] == {"from": me(api.recruiter)["id"], "to": to}
    assert event["actor_name"] == "Ada Admin" and event["request_id"] == moved.headers["X-Request-Id"]


def test_transfer_only_to_somebody_who_can_own(api):
    one = api.interview()
    for owner in (me(api.reviewer)["id"], ZERO):
        reply = api.admin.post(f"{BASE}/interviews/{one['id']}/transfer", json={"owner_id": owner})
        assert reply.status_code == 422 and reply.json()["error"]["code"] == "owner_unfit"
    reply = api.admin.post(f"{BASE}/interviews/{ZERO}/transfer", json={"owner_id": me(api.other)["id"]})
    assert reply.status_code == 404
    assert api.recruiter.get(f"/api/v1/interviews/{one['id']}").status_code == 200
    assert entries(api, subject_id=one["id"], action="interview.transfer") == []


def test_everything_of_somebody_who_leaves(api):
    leaver = api.make("leaver@example.org", "recruiter")
    user = me(leaver)["id"]
    made = [api.interview(leaver, title=f"Left behind {n}") for n in range(2)]
    heir = me(api.other)["id"]
    url = f"{BASE}/users/{user}/transfer-interviews"
    for to in (user, me(api.reviewer)["id"], ZERO):
        assert api.admin.post(url, json={"to": to}).json()["error"]["code"] == "owner_unfit"
    assert api.admin.post(f"{BASE}/users/{ZERO}/transfer-interviews", json={"to": heir}).status_code == 404
    assert api.admin.post(url, json={"to": heir}).json()["data"] == {"transferred": 2}
    assert all(api.other.get(f"/api/v1/interviews/{i['id']}").status_code == 200 for i in made)
    assert api.admin.post(url, json={"to": heir}).json()["data"] == {"transferred": 0}
    details = [e["details"] for e in entries(api, subject_id=user, action="user.transfer_interviews")]
    assert details == [{"to": heir, "interviews": 0}, {"to": heir, "interviews": 2}]


def test_an_account_can_go_once_its_interviews_are_somebody_elses(api):
    leaver = api.make("leaving@example.org", "recruiter")
    user = me(leaver)["id"]
    one = api.interview(leaver)
    client, session = api.candidate(one, "stays@example.org")
    assert api.admin.delete(f"{BASE}/users/{user}").status_code == 409
    assert api.admin.post(f"{BASE}/users/{user}/transfer-interviews", json={"to": me(api.other)["id"]}).status_code == 200
    assert api.admin.delete(f"{BASE}/users/{user}").status_code == 200
    assert api.other.get(f"/api/v1/sessions/{session}").status_code == 200
    assert client.get(f"/api/v1/public/sessions/{session}").status_code == 200
    made = entries(api, subject_id=one["id"], action="interview.create")[0]
    assert made["actor_id"] == user and made["actor_name"] is None  # what they did stays known


def test_audit_filters(api):
    one = api.interview()
    api.admin.post(f"{BASE}/interviews/{one['id']}/transfer", json={"owner_id": me(api.other)["id"]})
    event = entries(api, subject_id=one["id"], action="interview.transfer")[0]
    admin = me(api.admin)["id"]
    for filters in ({"action": "interview."}, {"action": "interview.transfer"}, {"actor_id": admin}, {"subject_kind": "interview"},
                    {"from": event["at"]}):
        assert event["id"] in {e["id"] for e in entries(api, page_size=100, **filters)}, filters
    for filters in ({"action": "interview"}, {"action": "user."}, {"actor_id": ZERO}, {"subject_kind": "user"}, {"to": event["at"]}):
        assert event["id"] not in {e["id"] for e in entries(api, page_size=100, **filters)}, filters
    times = [e["at"] for e in entries(api, page_size=100)]
    assert times == sorted(times, reverse=True)
    for wrong in ({"from": "yesterday"}, {"actor_id": "me"}, {"action": "x" * 65}):
        assert api.admin.get(f"{BASE}/audit", params=wrong).status_code == 422


def test_audit_as_a_file(api):
    one = api.interview()
    api.admin.post(f"{BASE}/interviews/{one['id']}/transfer", json={"owner_id": me(api.other)["id"]})
    reply = api.admin.get(f"{BASE}/audit.csv", params={"subject_id": one["id"], "action": "interview.transfer"})
    assert reply.status_code == 200 and reply.headers["Content-Type"].startswith("text/csv")
    assert "audit.csv" in reply.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    event = entries(api, subject_id=one["id"], action="interview.transfer")[0]
    assert len(rows) == 1
    assert {k: rows[0][k] for k in ("id", "at", "actor_name", "action", "subject_id")} == {
        k: event[k] for k in ("id", "at", "actor_name", "action", "subject_id")}


def jobs(api, **filters):
    return items(api.admin.get(f"{BASE}/jobs", params={"page_size": 100, **filters}))


def test_a_failed_job_is_tried_again(api):
    """What is no film fails for good; an administrator may have it tried again, and it fails again, as a new attempt."""
    import hashlib

    candidate, session = api.candidate(api.interview(), "garbled@example.org")
    state = candidate.post(f"/api/v1/public/sessions/{session}/start").json()["data"]
    segment = f"/api/v1/public/sessions/{session}/answers/{state['answers'][0]['id']}/segments/0"
    candidate.put(segment, params={"media_type": "video/webm"})
    body = b"this is no film"
    put = candidate.put(f"{segment}/chunks/0", content=body, headers={"X-Chunk-SHA256": hashlib.sha256(body).hexdigest()})
    assert put.status_code == 200, put.text
    candidate.post(f"{segment}/finish", json={"chunks": 1})
    failed = wait_for(lambda: jobs(api, state="failed", kind="remux"), bool, "the job's failing")[0]
    assert "film" in failed["last_error"]

    again = api.admin.post(f"{BASE}/jobs/{failed['id']}/retry")
    assert again.status_code == 200, again.text
    later = wait_for(lambda: jobs(api, state="failed", kind="remux"), bool, "its failing again")[0]
    assert later["id"] == failed["id"] and later["updated_at"] > failed["updated_at"]
    event = entries(api, subject_id=failed["id"])[0]
    assert event["action"] == "job.retry" and event["details"] == {"kind": "remux"}


def test_only_what_failed_is_tried_again(api):
    done = jobs(api, state="done")
    if not done:
        client, session = api.candidate(api.interview(), "jobs@example.org")
        api.answer_all(client, session, ["Yes."] * 3)
        done = wait_for(lambda: jobs(api, state="done"), bool, "a job's end")
    reply = api.admin.post(f"{BASE}/jobs/{done[0]['id']}/retry")
    assert reply.status_code == 409 and reply.json()["error"]["code"] == "job_state"
    assert api.admin.post(f"{BASE}/jobs/{ZERO}/retry").status_code == 404
    assert api.admin.get(f"{BASE}/jobs", params={"state": "lost"}).status_code == 422
