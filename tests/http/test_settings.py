"""What administrators set while the server runs, and that it acts where candidates and recruiters see it."""

import pytest

URL = "/api/v1/admin/settings"
DEFAULTS = {"organisation_name": "", "privacy_notice": "", "support_email": None, "recording_retention_days": 0,
            "candidate_retention_days": 0, "audit_retention_days": 730, "default_avatar": "daniel",
            "default_voice": "en_US-joe-medium", "default_language": "en", "default_time_limit_s": 0,
            "ask_background": False, "small_group_min": 5}


def settings(api):
    reply = api.admin.get(URL)
    assert reply.status_code == 200, reply.text
    return reply


@pytest.fixture
def restored(api):
    yield
    assert api.admin.patch(URL, json=DEFAULTS).status_code == 200


def change(api, **fields):
    reply = api.admin.patch(URL, json=fields)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


def test_defaults_then_a_change(api, restored):
    before = settings(api).json()["data"]
    assert {k: v for k, v in before.items() if k != "updated_at"} == DEFAULTS
    after = change(api, organisation_name="Example Ltd", recording_retention_days=90)
    assert after["organisation_name"] == "Example Ltd" and after["recording_retention_days"] == 90
    assert after["audit_retention_days"] == 730 and after["updated_at"] > before["updated_at"]
    event = api.admin.get("/api/v1/admin/audit", params={"action": "settings.update"}).json()["data"]["items"][0]
    assert sorted(event["details"]["fields"]) == ["organisation_name", "recording_retention_days"]


def test_two_administrators_do_not_overwrite_each_other(api, restored):
    tag = settings(api).headers["ETag"]
    first = api.admin.patch(URL, json={"privacy_notice": "First."}, headers={"If-Match": tag})
    assert first.status_code == 200 and first.headers["ETag"] != tag
    second = api.admin.patch(URL, json={"privacy_notice": "Second."}, headers={"If-Match": tag})
    assert second.status_code == 412 and second.json()["error"]["code"] == "changed_meanwhile"
    assert settings(api).json()["data"]["privacy_notice"] == "First."


@pytest.mark.parametrize("body", [{"audit_retention_days": 29}, {"small_group_min": 4}, {"ask_background": "yes"}, {"recording_retention_days": -1}, {"support_email": "nobody"},
                                  {"default_avatar": "gone"}, {"organisation_name": None}, {"privacy_notice": "x" * 10001},
                                  {"jwt_secret": "x"}, {"updated_at": "2026-01-01T00:00:00Z"}])
def test_refused(api, body):
    reply = api.admin.patch(URL, json=body)
    assert reply.status_code == 422 and reply.json()["error"]["field"] == next(iter(body)), reply.text


def test_candidates_see_them(api, restored):
    plain = api.interview()
    own = api.interview(organisation="Its own")
    page = f"/api/v1/public/interviews/{plain['link']}"
    seen = api.anonymous.get(page).json()["data"]
    assert seen["privacy_notice"] == "" and seen["support_email"] is None and seen["organisation"] == ""
    change(api, privacy_notice="Kept 90 days.\nThen erased.", support_email="jobs@example.org", organisation_name="Example Ltd")
    seen = api.anonymous.get(page).json()["data"]
    assert seen["privacy_notice"] == "Kept 90 days.\nThen erased." and seen["support_email"] == "jobs@example.org"
    assert seen["organisation"] == "Example Ltd"
    assert api.anonymous.get(f"/api/v1/public/interviews/{own['link']}").json()["data"]["organisation"] == "Its own"
    client, session = api.candidate(plain, "notice@example.org")
    assert client.get(f"/api/v1/public/sessions/{session}").json()["data"]["interview"]["organisation"] == "Example Ltd"
    change(api, support_email=None)
    assert api.anonymous.get(page).json()["data"]["support_email"] is None


def test_new_interviews_begin_with_them(api, restored):
    change(api, default_avatar="amara", default_time_limit_s=75)
    options = api.recruiter.get("/api/v1/interviews/options").json()["data"]
    assert options["default_avatar"] == "amara" and options["default_language"] == "en"
    made = api.interview(publish=False)
    assert made["avatar"] == "amara" and {q["time_limit_s"] for q in made["questions"]} == {75}
    assert api.interview(publish=False, avatar="daniel")["avatar"] == "daniel"


def test_they_outlive_a_restart(fresh, contract):
    from conftest import Api

    server = fresh()
    one = Api(server, contract)
    assert one.admin.patch(URL, json={"organisation_name": "Kept Ltd"}).status_code == 200
    server.kill()
    server.start()
    assert one.login("admin@example.org").get(URL).json()["data"]["organisation_name"] == "Kept Ltd"
