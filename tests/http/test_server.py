"""The process: settings, command line, start and stop, faults, logs."""

import concurrent.futures
import json
import pathlib
import subprocess
import threading

import pytest

from conftest import BINARY, ROOT, PASSWORD, Api, person, wait_for


@pytest.mark.parametrize("setting,value", [
    ("PORT", "eighty"), ("PORT", "70000"), ("JWT_SECRET", "short"), ("STT_PROVIDER", "magic"), ("STT_MODEL", "huge"), ("TLS_CERT", "/nowhere.pem"),
    ("DATABASE_URL", "postgres://x"), ("WORKERS", "0"), ("TRUST_PROXY", "maybe"), ("PUBLIC_URL", "interviews.example.org"),
    ("ADMIN_PASSWORD", "short"), ("LOG_LEVEL", "loud"), ("REDIS_URL", "localhost:6379"), ("REDIS_URL", "rediss://localhost"),
])
def test_a_wrong_setting_stops_the_start_and_names_itself(fresh, setting, value):
    server = fresh(start=False)
    server.env[setting] = value
    done = server.run("serve", check=False)
    assert done.returncode != 0 and setting in done.stderr


def test_models_inside_data_are_refused(fresh):
    server = fresh(start=False)
    server.env["MODELS_DIR"] = server.env["DATA_DIR"] + "/models"
    assert "MODELS_DIR" in server.run("check", check=False).stderr


def test_settings_file_and_its_errors(fresh, tmp_path):
    server = fresh(start=False)
    path = tmp_path / "settings"
    path.write_text("# a comment\nPORT=\"0\"\nLOG_LEVEL=warn\n")
    assert server.run("--config", str(path), "migrate", "status").returncode == 0
    path.write_text("NO_SUCH=1\n")
    wrong = server.run("--config", str(path), "migrate", "status", check=False)
    assert wrong.returncode == 1 and "NO_SUCH" in wrong.stderr


def test_env_example_is_what_the_binary_prints():
    printed = subprocess.run([BINARY, "config"], capture_output=True, text=True, check=True).stdout
    assert printed == (ROOT / "backend/env.example").read_text()


@pytest.mark.parametrize("command", ["serve", "migrate", "user", "seed", "keys", "models", "transcribe", "say", "check", "config", "openapi"])
def test_every_command_has_help(command):
    done = subprocess.run([BINARY, command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "Usage" in done.stdout


def test_unknown_command_and_no_command():
    assert subprocess.run([BINARY, "fly"], capture_output=True).returncode == 2
    assert subprocess.run([BINARY], capture_output=True).returncode == 2


def test_serve_refuses_a_database_without_schema(fresh, tmp_path):
    server = fresh(start=False)
    server.run("migrate", "down", "all")
    done = server.run("serve", check=False)
    assert done.returncode == 1 and "migrate up" in done.stderr


def test_migrate_down_and_up_again(fresh):
    server = fresh(start=False)
    assert "pending" not in server.run("migrate", "status").stdout
    server.run("migrate", "down", "all")
    assert "pending" in server.run("migrate", "status").stdout
    server.run("migrate", "up")
    assert server.run("migrate", "up").stdout.startswith("The database is up to date")


def test_user_add_and_list(fresh, contract):
    server = fresh()
    server.run("user", "add", "--email", "cli@example.org", "--role", "admin", "--password-stdin", input=PASSWORD + "\n")
    assert "cli@example.org" in server.run("user", "list").stdout
    reply = server.client(contract).post("/api/v1/auth/login", data={"username": "cli@example.org", "password": PASSWORD})
    assert reply.status_code == 200
    assert server.run("user", "add", "--email", "no-address", check=False).returncode == 1
    assert server.run("user", "add", "--name", "x", check=False).returncode == 2


def test_seed_makes_everything_once(fresh, contract):
    server = fresh(start=False, ADMIN_EMAIL="boss@example.org", ADMIN_PASSWORD=PASSWORD)
    first, second = server.run("seed").stdout, server.run("seed").stdout
    assert "boss@example.org" in first and PASSWORD not in first + second
    link = [line.split()[-1] for line in first.splitlines() if "link" in line][0]
    assert link in second and "Administrator" not in second
    server.start()
    client = server.client(contract)
    seen = client.get("/api/v1/public/interviews/" + link.rsplit("/", 1)[1]).json()["data"]
    assert seen["avatar"] == "daniel" and seen["question_count"] == 5


def test_serve_makes_the_administrator_that_the_settings_name(fresh, contract):
    server = fresh(ADMIN_EMAIL="boss@example.org", ADMIN_PASSWORD=PASSWORD)
    client = server.client(contract)
    assert client.get("/api/v1/auth/setup").json()["data"]["needs_first_user"] is False
    assert client.post("/api/v1/auth/login", data={"username": "boss@example.org", "password": PASSWORD}).json()["data"]["user"]["role"] == "admin"


def test_seed_prints_a_random_password_once(fresh):
    server = fresh(start=False)
    shown = [line for line in server.run("seed").stdout.splitlines() if line.startswith("Password")]
    assert len(shown) == 1 and len(shown[0].split()[-1]) >= 12
    assert "Password" not in server.run("seed").stdout


def test_without_models_the_server_starts_and_says_what_is_missing(fresh, contract):
    server = fresh(STT_PROVIDER="whisper", TTS_PROVIDER="piper", VAD_PROVIDER="silero")
    client = server.client(contract)
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    checks = ready.json()["checks"]
    assert checks["database"]["ok"] and not checks["stt"]["ok"] and checks["stt"]["message"]
    check = server.run("check", check=False)
    assert check.returncode == 1 and "MISSING" in check.stdout


def test_ready_with_engines(api):
    assert api.anonymous.get("/readyz").json()["ready"] is True
    assert api.recruiter.get("/api/v1/ai/health").json()["data"]["tts"]["ready"]
    assert api.recruiter.get("/api/v1/ai/voices").json()["data"]["items"]
    assert api.recruiter.get("/api/v1/ai/avatars").json()["data"]["items"][0]["voice"]


def test_openapi_document_is_valid(api):
    from openapi_spec_validator import validate
    validate(api.contract.document)
    assert api.anonymous.get("/api/openapi.json").json() == api.contract.document
    page = api.anonymous.get("/api/docs")
    assert page.status_code in (200, 404)


def test_kill_in_the_middle_of_writing_loses_nothing_acknowledged(fresh, contract):
    """kill -9 while candidates type: what was acknowledged is there after the restart, at the right question."""
    server = fresh()
    api = Api(server, contract)
    one = api.interview(questions=10)
    acknowledged = {}
    stop = threading.Event()

    def candidate(n):
        try:
            client, session = api.candidate(one, f"kill{n}@example.org")
            acknowledged[session] = []
            state = client.post(f"/api/v1/public/sessions/{session}/start").json()["data"]
            for k in range(10):
                answer = next(a for a in state["answers"] if a["status"] == "open")
                text = f"answer {n} {k} with a few words"
                state = client.post(f"/api/v1/public/sessions/{session}/answers/{answer['id']}/text", json={"text": text}).json()["data"]
                acknowledged[session].append(text)
                if n == 0 and k == 3:
                    stop.set()
        except Exception:  # the server is gone: what was acknowledged before is what counts
            pass

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        runs = [pool.submit(candidate, n) for n in range(6)]
        assert stop.wait(60)
        server.kill()
        for run in runs:
            run.result()
    server.start()
    assert sum(len(v) for v in acknowledged.values()) >= 4
    admin = server.client(contract)
    admin = server.client(contract, admin.post("/api/v1/auth/login", data={"username": "admin@example.org", "password": PASSWORD}).json()["data"]["access_token"])
    for session, texts in acknowledged.items():
        detail = admin.get(f"/api/v1/sessions/{session}").json()["data"]
        stored = [a["text"] for a in detail["answers"] if a["status"] == "ended"]
        assert stored[:len(texts)] == texts
        assert [a["position"] for a in detail["answers"]] == list(range(1, len(detail["answers"]) + 1))


def test_stop_is_clean_under_load(fresh, contract):
    server = fresh()
    api = Api(server, contract)
    def hammer(_):
        try:
            with server.client(None) as client:
                for _ in range(50):
                    client.get("/api/v1/auth/setup")
        except Exception:  # refused after the stop began
            pass
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(hammer, n) for n in range(8)]
        server.stop()
        for run in runs:
            run.result()
    assert "AddressSanitizer" not in server.log


def test_nothing_personal_in_the_log(api):
    one = api.interview(title="Canary interview")
    canaries = ["canary-name", "canary.mail@example.org", "canary transcript words"]
    client, session = api.candidate(one, canaries[1], canaries[0])
    api.answer_all(client, session, [canaries[2]] * 3)
    api.anonymous.post("/api/v1/auth/login", data={"username": canaries[1], "password": "canary-password"})
    log = api.server.log
    for secret in [*canaries, "canary-password", client.token, PASSWORD, one["link"]]:
        assert secret not in log, f"{secret} is in the log"
    for line in log.splitlines():
        if line.startswith("{"):
            json.loads(line)


def test_rate_limit_on_log_in(fresh, contract):
    server = fresh(RATE_LIMIT_SCALE="1")
    client = server.client(contract)
    codes = [client.post("/api/v1/auth/login", data={"username": "x@example.org", "password": "y" * 12}) for _ in range(40)]
    limited = [r for r in codes if r.status_code == 429]
    assert limited and int(limited[0].headers["retry-after"]) >= 1
    assert limited[0].json()["error"]["code"] == "rate_limited"


def test_tls(fresh, tmp_path, contract):
    import httpx
    cert, key = tmp_path / "c.pem", tmp_path / "k.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    server = fresh(TLS_CERT=cert, TLS_KEY=key)
    import ssl
    context = ssl.create_default_context(cafile=str(cert))
    reply = httpx.get(server.base + "/healthz", verify=context)
    assert reply.status_code == 200 and "strict-transport-security" in reply.headers
