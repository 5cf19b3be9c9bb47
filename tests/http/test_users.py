"""Accounts as administrators see them: list, make, change, disable, log out, delete."""

import concurrent.futures
import json

import pytest

from conftest import PASSWORD, person

USERS = "/api/v1/admin/users"


def made(api, email, role="recruiter", name="Somebody"):
    reply = api.admin.post(USERS, json={**person(email, name), "role": role})
    assert reply.status_code == 201, reply.text
    return reply.json()["data"]


def code(reply):
    return reply.status_code, reply.json()["error"]["code"]


def test_list_pages_filters_and_sorts(api):
    for i, name in enumerate(["Zita Listed", "Aron Listed", "Mira Listed"]):
        made(api, f"listed{i}@example.org", "reviewer" if i else "recruiter", name)
    def names(**query):
        data = api.admin.get(USERS, params={"search": "listed", **query}).json()["data"]
        return [u["full_name"].split()[0] for u in data["items"]], data["total"]
    assert names() == (["Mira", "Aron", "Zita"], 3)  # newest first
    assert names(sort="full_name") == (["Aron", "Mira", "Zita"], 3)
    assert names(sort="-email", page_size=2, page=2) == (["Zita"], 3)
    assert names(role="reviewer", sort="full_name") == (["Aron", "Mira"], 2)
    assert names(active="false") == ([], 0)
    assert names(search="LISTED1@") == (["Aron"], 1)
    assert names(search="listed%") == ([], 0), "a wildcard means itself"
    for query, field in [({"sort": "password_hash"}, "sort"), ({"role": "owner"}, "role"), ({"active": "maybe"}, "active"), ({"page": 0}, "page")]:
        reply = api.admin.get(USERS, params=query)
        assert reply.status_code == 422 and reply.json()["error"]["field"] == field
    everybody = api.admin.get(USERS, params={"page_size": 100}).text
    assert "password_hash" not in everybody and "argon2" not in everybody


def test_create_read_change(api):
    user = made(api, "Read@Example.org", "reviewer")
    assert user["email"] == "read@example.org" and user["role"] == "reviewer" and user["is_active"] and user["last_login_at"] is None
    one = f"{USERS}/{user['id']}"
    read = api.admin.get(one)
    assert read.json()["data"] == user
    changed = api.admin.patch(one, json={"full_name": "Renamed", "role": "recruiter"}, headers={"If-Match": read.headers["ETag"]})
    assert changed.status_code == 200 and changed.json()["data"]["full_name"] == "Renamed" and changed.json()["data"]["role"] == "recruiter"
    assert code(api.admin.patch(one, json={"role": "admin"}, headers={"If-Match": read.headers["ETag"]})) == (412, "changed_meanwhile")
    assert code(api.admin.patch(one, json={"email": "admin@example.org"})) == (409, "email_taken")
    assert code(api.admin.post(USERS, json=person("read@example.org"))) == (409, "email_taken")
    assert code(api.admin.patch(one, json={})) [0] == 422


@pytest.mark.parametrize("field,value", [("id", "x"), ("password", "x" * 12), ("password_hash", "x"), ("created_at", None), ("last_login_at", None), ("owner_id", "x")])
def test_a_change_takes_nothing_else(api, field, value):
    me = api.admin.get("/api/v1/auth/me").json()["data"]["id"]
    reply = api.admin.patch(f"{USERS}/{me}", json={"full_name": "Ada Admin", field: value})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field


def test_roles_hold_at_once(api):
    user = made(api, "promoted@example.org", "reviewer")
    client = api.login("promoted@example.org")
    assert client.get("/api/v1/interviews").status_code in (200, 403) and client.get(USERS).status_code == 403
    assert api.admin.patch(f"{USERS}/{user['id']}", json={"role": "admin"}).status_code == 200
    assert client.get(USERS).status_code == 200, "the same token, the new role"
    assert api.admin.patch(f"{USERS}/{user['id']}", json={"role": "reviewer"}).status_code == 200
    assert client.get(USERS).status_code == 403


def test_disabled_is_out_at_once(api):
    user = made(api, "disabled@example.org")
    one = f"{USERS}/{user['id']}"
    tokens = api.anonymous.post("/api/v1/auth/login", json={"username": "disabled@example.org", "password": PASSWORD}).json()["data"]
    client = api.server.client(api.contract, tokens["access_token"])
    assert client.get("/api/v1/auth/me").status_code == 200
    assert api.admin.patch(one, json={"is_active": False}).json()["data"]["is_active"] is False
    assert client.get("/api/v1/auth/me").status_code == 401
    assert api.anonymous.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401
    again = api.anonymous.post("/api/v1/auth/login", json={"username": "disabled@example.org", "password": PASSWORD})
    assert code(again) == (401, "login_failed"), "as for a wrong password"
    assert api.admin.patch(one, json={"is_active": True}).status_code == 200
    assert client.get("/api/v1/auth/me").status_code == 401, "what ended stays so"
    api.login("disabled@example.org")


def test_forced_log_out(api):
    user = made(api, "thrown-out@example.org")
    one, two = api.login("thrown-out@example.org"), api.login("thrown-out@example.org")
    assert api.admin.post(f"{USERS}/{user['id']}/logout").status_code == 200
    assert one.get("/api/v1/auth/me").status_code == 401 and two.get("/api/v1/auth/me").status_code == 401
    api.login("thrown-out@example.org")


def test_delete_waits_for_the_interviews(api):
    user = made(api, "leaving@example.org")
    client = api.login("leaving@example.org")
    one = api.interview(client, publish=False)
    refused = api.admin.delete(f"{USERS}/{user['id']}")
    assert code(refused) == (409, "owns_interviews") and refused.json()["error"]["details"] == {"interviews": 1}
    assert client.get("/api/v1/auth/me").status_code == 200, "nothing happened"
    assert client.delete(f"/api/v1/interviews/{one['id']}").status_code == 200
    assert api.admin.delete(f"{USERS}/{user['id']}").status_code == 200
    assert client.get("/api/v1/auth/me").status_code == 401
    assert api.admin.get(f"{USERS}/{user['id']}").status_code == 404
    assert api.admin.delete(f"{USERS}/{user['id']}").status_code == 404


def test_the_last_administrator_stays(fresh, contract):
    server = fresh()
    anonymous = server.client(contract)
    me = anonymous.post("/api/v1/auth/register", json=person("admin@example.org")).json()["data"]["id"]
    token = anonymous.post("/api/v1/auth/login", json={"username": "admin@example.org", "password": PASSWORD}).json()["data"]["access_token"]
    admin = server.client(contract, token)
    assert code(admin.patch(f"{USERS}/{me}", json={"role": "recruiter"})) == (409, "last_admin")
    assert code(admin.patch(f"{USERS}/{me}", json={"is_active": False})) == (409, "own_account")
    assert code(admin.delete(f"{USERS}/{me}")) == (409, "own_account")
    other = admin.post(USERS, json={**person("other@example.org"), "role": "admin"}).json()["data"]["id"]
    token = anonymous.post("/api/v1/auth/login", json={"username": "other@example.org", "password": PASSWORD}).json()["data"]["access_token"]
    rival = server.client(contract, token)
    def demote(pair):
        return pair[0].patch(f"{USERS}/{pair[1]}", json={"role": "recruiter"}).status_code
    with concurrent.futures.ThreadPoolExecutor(2) as pool:  # both at once: one wins, one is told
        codes = sorted(pool.map(demote, [(admin, other), (rival, me)]))
    assert codes[0] == 200 and codes[1] in (403, 409)
    left = [c.get(USERS, params={"role": "admin"}) for c in (admin, rival)]
    assert sorted(r.status_code for r in left) == [200, 403]
    assert next(r for r in left if r.status_code == 200).json()["data"]["total"] == 1


def test_only_administrators(api):
    user = made(api, "target@example.org")
    for client in (api.recruiter, api.reviewer, api.anonymous):
        for method, url, body in [("get", USERS, None), ("post", USERS, person("x@example.org")), ("get", f"{USERS}/{user['id']}", None),
                                  ("patch", f"{USERS}/{user['id']}", {"role": "admin"}), ("delete", f"{USERS}/{user['id']}", None),
                                  ("post", f"{USERS}/{user['id']}/logout", None)]:
            reply = client.request(method, url, json=body)
            assert reply.status_code in (401, 403), f"{method} {url}"
    assert api.admin.get(f"{USERS}/{user['id']}").json()["data"] == user
    assert "target@example.org" not in api.server.log and PASSWORD not in api.server.log
