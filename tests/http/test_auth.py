"""Accounts, log-in, rotation of refresh tokens."""

import base64
import concurrent.futures
import json

import pytest

from conftest import PASSWORD, person


def login(client, email="recruiter@example.org", password=PASSWORD):
    return client.post("/api/v1/auth/login", data={"username": email, "password": password})


def test_first_user_becomes_administrator_and_registration_closes(fresh, contract):
    client = fresh().client(contract)
    assert client.get("/api/v1/auth/setup").json()["data"] == {"needs_first_user": True}
    first = client.post("/api/v1/auth/register", json={**person("First@Example.org"), "role": "reviewer"})
    assert first.status_code == 201 and first.json()["data"]["role"] == "admin"
    assert first.json()["data"]["email"] == "first@example.org"
    assert client.get("/api/v1/auth/setup").json()["data"] == {"needs_first_user": False}
    second = client.post("/api/v1/auth/register", json=person("second@example.org"))
    assert second.status_code == 403 and second.json()["error"]["code"] == "registration_closed"


def test_two_first_users_at_once_give_one_administrator(fresh, contract):
    server = fresh()
    def register(n):
        with server.client(contract) as client:
            return client.post("/api/v1/auth/register", json=person(f"p{n}@example.org")).status_code
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(register, range(8)))
    assert codes == [201] + [403] * 7


def test_login_by_form_and_json(api):
    form = login(api.anonymous)
    assert form.status_code == 200
    tokens = form.json()["data"]
    assert tokens["token_type"] == "bearer" and tokens["user"]["email"] == "recruiter@example.org" and tokens["expires_in"] > 0
    as_json = api.anonymous.post("/api/v1/auth/login", json={"username": "RECRUITER@example.org", "password": PASSWORD})
    assert as_json.status_code == 200


@pytest.mark.parametrize("email,password", [("recruiter@example.org", "wrong password"), ("nobody@example.org", PASSWORD)])
def test_wrong_login_says_the_same(api, email, password):
    reply = login(api.anonymous, email, password)
    assert reply.status_code == 401
    assert reply.json()["error"]["code"] == "login_failed"
    assert reply.json()["message"] == login(api.anonymous, "nobody2@example.org", "x" * 12).json()["message"]


def test_me(api):
    me = api.recruiter.get("/api/v1/auth/me").json()["data"]
    assert me["role"] == "recruiter" and "password" not in json.dumps(me)


def test_refresh_rotates_and_replay_revokes_the_family(api):
    first = login(api.anonymous).json()["data"]["refresh_token"]
    second = api.anonymous.post("/api/v1/auth/refresh", json={"refresh_token": first})
    assert second.status_code == 200
    second = second.json()["data"]["refresh_token"]
    assert second != first
    replay = api.anonymous.post("/api/v1/auth/refresh", json={"refresh_token": first})
    assert replay.status_code == 401 and replay.json()["error"]["code"] == "refresh_reused"
    after = api.anonymous.post("/api/v1/auth/refresh", json={"refresh_token": second})
    assert after.status_code == 401, "the whole family ends"


def test_parallel_refreshes_have_one_winner(api):
    token = login(api.anonymous).json()["data"]["refresh_token"]
    def refresh(_):
        with api.server.client(api.contract) as client:
            return client.post("/api/v1/auth/refresh", json={"refresh_token": token}).status_code
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        codes = list(pool.map(refresh, range(100)))
    assert codes.count(200) == 1 and set(codes) == {200, 401}


def session_of(api, email="recruiter@example.org"):
    """A log-in of its own: a client, and its refresh token."""
    tokens = login(api.anonymous, email).json()["data"]
    return api.server.client(api.contract, tokens["access_token"]), tokens["refresh_token"]


def ended(client, refresh_token):
    """Both tokens of a log-in say the same."""
    access = client.get("/api/v1/auth/me").status_code == 401
    refresh = client.post("/api/v1/auth/refresh", json={"refresh_token": refresh_token}).status_code == 401
    assert access == refresh
    return access


def test_logout_ends_access_tokens_too(api):
    client, refresh_token = session_of(api)
    assert client.get("/api/v1/auth/me").status_code == 200
    assert api.anonymous.post("/api/v1/auth/logout", json={"refresh_token": refresh_token}).status_code == 200
    assert client.get("/api/v1/auth/me").status_code == 401


def test_login_as_oauth2_clients_send_it(api):
    fields = {"grant_type": "password", "username": "recruiter@example.org", "password": PASSWORD, "scope": "", "client_id": "x", "client_secret": "y"}
    assert api.anonymous.post("/api/v1/auth/login", data=fields).status_code == 200
    wrong = api.anonymous.post("/api/v1/auth/login", data={**fields, "grant_type": "client_credentials"})
    assert wrong.status_code == 422 and wrong.json()["error"]["field"] == "grant_type"


def test_sessions_are_listed_and_ended(api):
    api.make("sessions@example.org", "reviewer")
    with api.server.client(api.contract) as phone:
        phone.headers["User-Agent"] = "Phone/1.0"
        tokens = login(phone, "sessions@example.org").json()["data"]
        phone_refresh = tokens["refresh_token"]
        phone.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        me, my_refresh = session_of(api, "sessions@example.org")
        listed = me.get("/api/v1/auth/sessions").json()["data"]
        assert listed["total"] == 3 and [s["current"] for s in listed["items"]] == [True, False, False]
        assert listed["items"][1]["user_agent"] == "Phone/1.0" and listed["items"][1]["address"] == "127.0.0.1"
        assert "user_id" not in listed["items"][0]
        theirs = listed["items"][1]["id"]
        assert api.recruiter.delete(f"/api/v1/auth/sessions/{theirs}").status_code == 404, "another user's"
        assert me.delete(f"/api/v1/auth/sessions/{theirs}").status_code == 200
        assert ended(phone, phone_refresh) and not me.get("/api/v1/auth/me").is_error
        assert me.delete(f"/api/v1/auth/sessions/{theirs}").status_code == 404
        assert me.delete("/api/v1/auth/sessions").status_code == 200
        left = me.get("/api/v1/auth/sessions", params={"page_size": 1}).json()["data"]
        assert left["total"] == 1 and left["items"][0]["current"]
        assert not ended(me, my_refresh)


def test_me_is_changed_for_the_version_that_was_read(api):
    client = api.make("change-me@example.org", "recruiter")
    read = client.get("/api/v1/auth/me")
    tag = read.headers["ETag"]
    named = client.patch("/api/v1/auth/me", json={"full_name": "New Name"}, headers={"If-Match": tag})
    assert named.status_code == 200 and named.json()["data"]["full_name"] == "New Name" and named.headers["ETag"] != tag
    late = client.patch("/api/v1/auth/me", json={"full_name": "Late"}, headers={"If-Match": tag})
    assert late.status_code == 412 and late.json()["error"]["code"] == "changed_meanwhile"
    bare = client.patch("/api/v1/auth/me", json={"email": "changed-me@example.org"})
    assert bare.status_code == 422 and bare.json()["error"]["field"] == "current_password"
    taken = client.patch("/api/v1/auth/me", json={"email": "admin@example.org", "current_password": PASSWORD})
    assert taken.status_code == 409 and taken.json()["error"]["code"] == "email_taken"
    done = client.patch("/api/v1/auth/me", json={"email": "Changed-Me@example.org", "current_password": PASSWORD})
    assert done.status_code == 200 and done.json()["data"]["email"] == "changed-me@example.org"
    assert login(api.anonymous, "changed-me@example.org").status_code == 200
    assert login(api.anonymous, "change-me@example.org").status_code == 401


@pytest.mark.parametrize("field,value", [("role", "admin"), ("is_active", True), ("id", "x"), ("password", "x" * 12), ("owner_id", "x"), ("last_login_at", None)])
def test_me_takes_nothing_else(api, field, value):
    reply = api.recruiter.patch("/api/v1/auth/me", json={"full_name": "Somebody", field: value})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field
    assert api.recruiter.get("/api/v1/auth/me").json()["data"]["role"] == "recruiter"


def test_a_new_password_ends_all_other_log_ins(api):
    me = api.make("password@example.org", "recruiter")
    other, other_refresh = session_of(api, "password@example.org")
    wrong = me.post("/api/v1/auth/password", json={"current_password": "not it at all", "new_password": "another good one"})
    assert wrong.status_code == 422 and wrong.json()["error"]["code"] == "password_wrong"
    short = me.post("/api/v1/auth/password", json={"current_password": PASSWORD, "new_password": "short"})
    assert short.status_code == 422 and short.json()["error"]["field"] == "new_password"
    assert not other.get("/api/v1/auth/me").is_error
    assert me.post("/api/v1/auth/password", json={"current_password": PASSWORD, "new_password": "another good one"}).status_code == 200
    assert me.get("/api/v1/auth/me").status_code == 200 and ended(other, other_refresh)
    assert login(api.anonymous, "password@example.org").status_code == 401
    assert login(api.anonymous, "password@example.org", "another good one").status_code == 200


def test_logout_ends_the_refresh_token(api):
    token = login(api.anonymous).json()["data"]["refresh_token"]
    assert api.anonymous.post("/api/v1/auth/logout", json={"refresh_token": token}).status_code == 200
    assert api.anonymous.post("/api/v1/auth/refresh", json={"refresh_token": token}).status_code == 401
    assert api.anonymous.post("/api/v1/auth/logout", json={"refresh_token": "unknown"}).status_code == 200


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_tampered_tokens_are_refused(api):
    token = login(api.anonymous).json()["data"]["access_token"]
    head, body, signature = token.split(".")
    payload = json.loads(base64.urlsafe_b64decode(body + "=="))
    payload["role"] = "admin"
    forged = [
        f"{b64(json.dumps({'alg': 'none', 'typ': 'JWT'}).encode())}.{body}.",
        f"{b64(json.dumps({'alg': 'NONE', 'typ': 'JWT'}).encode())}.{body}.{signature}",
        f"{head}.{b64(json.dumps(payload).encode())}.{signature}",
        f"{head}.{body}.{signature[:-2]}AA",
        f"{head}.{body}",
        "x",
        "x" * 5000,
    ]
    for bad in forged:
        reply = api.anonymous.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {bad}"})
        assert reply.status_code in (401, 431), bad


@pytest.mark.parametrize("body,field", [
    ({"email": "no-at", "full_name": "A", "password": PASSWORD}, "email"),
    ({"email": "a@example.org", "full_name": "", "password": PASSWORD}, "full_name"),
    ({"email": "a@example.org", "full_name": "A", "password": "short"}, "password"),
    ({"email": "a@example.org", "full_name": "A"}, "password"),
    ({"email": "a@example.org", "full_name": "A", "password": PASSWORD, "role": "owner"}, "role"),
    ({"email": "a@example.org", "full_name": "A", "password": PASSWORD, "is_active": True}, "is_active"),
    ({"email": "a@example.org", "full_name": "A", "password": PASSWORD, "id": "x"}, "id"),
    ({"email": "a@example.org\u0000", "full_name": "A", "password": PASSWORD}, "email"),
    ({"email": 5, "full_name": "A", "password": PASSWORD}, "email"),
])
def test_bad_registration_names_the_field(api, body, field):
    reply = api.admin.post("/api/v1/auth/register", json=body)
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field, reply.text


def test_taken_address(api):
    reply = api.admin.post("/api/v1/auth/register", json=person("recruiter@example.org"))
    assert reply.status_code == 409 and reply.json()["error"]["field"] == "email"
