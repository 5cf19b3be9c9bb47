"""Shares an interview with a reader, as its owner does; twice is harmless."""


def share(api, interview, client):
    me = client.get("/api/v1/auth/me").json()["data"]["id"]
    reply = api.recruiter.post(f"/api/v1/interviews/{interview['id']}/reviewers", json={"user_id": me})
    assert reply.status_code == 200, reply.text
