"""Links that work once: invitation, new password; by hand and by real mail over SMTP."""

import concurrent.futures
import email
import email.policy
import re
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from conftest import PASSWORD, person, wait_for

USERS, LINKS = "/api/v1/admin/users", "/api/v1/auth/links/"


def invite(admin, address, **fields):
    return admin.post(f"{USERS}/invite", json={"email": address, "full_name": "Ina Invited", **fields})


def secret(url):
    return url.rsplit("/", 1)[1]


def log_in(client, address, password=PASSWORD):
    return client.post("/api/v1/auth/login", data={"username": address, "password": password})


def code(reply):
    return reply.status_code, reply.json()["error"]["code"]


def test_an_invitation_is_shown_and_works_once(api):
    made = invite(api.admin, "Invited@example.org", role="reviewer")
    assert made.status_code == 201
    made = made.json()["data"]
    assert made["kind"] == "invitation" and made["mailed"] is False and made["user"]["role"] == "reviewer"
    assert re.fullmatch(r"/welcome/[\w-]{43}", made["url"]), "without PUBLIC_URL the page completes it"
    link = LINKS + secret(made["url"])
    state = api.anonymous.get(link).json()["data"]
    assert state == {"kind": "invitation", "email": "i***@example.org", "full_name": "Ina Invited", "expires_at": made["expires_at"]}
    assert log_in(api.anonymous, "invited@example.org").status_code == 401
    short = api.anonymous.post(link, json={"password": "short"})
    assert short.status_code == 422 and short.json()["error"]["field"] == "password"
    tokens = api.anonymous.post(link, json={"password": PASSWORD})
    assert tokens.status_code == 200 and tokens.json()["data"]["user"]["email"] == "invited@example.org"
    client = api.server.client(api.contract, tokens.json()["data"]["access_token"])
    assert client.get("/api/v1/auth/me").json()["data"]["role"] == "reviewer"
    assert code(api.anonymous.get(link)) == (410, "link_used")
    assert code(api.anonymous.post(link, json={"password": "stolen stolen"})) == (410, "link_used")
    assert log_in(api.anonymous, "invited@example.org").status_code == 200
    assert code(invite(api.admin, "invited@example.org")) == (409, "email_taken")


def test_one_of_many_uses_at_once_wins(api):
    link = LINKS + secret(invite(api.admin, "race@example.org").json()["data"]["url"])
    def use(n):
        with api.server.client(api.contract) as client:
            return client.post(link, json={"password": f"password number {n}"}).status_code
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(use, range(16)))
    assert sorted(codes) == [200] + [410] * 15


def test_a_new_password_by_link(api):
    user = api.admin.post(USERS, json=person("forgetful@example.org")).json()["data"]
    before = api.login("forgetful@example.org")
    first = api.admin.post(f"{USERS}/{user['id']}/password-reset").json()["data"]
    second = api.admin.post(f"{USERS}/{user['id']}/password-reset").json()["data"]
    assert second["kind"] == "password_reset" and "/reset/" in second["url"]
    assert code(api.anonymous.get(LINKS + secret(first["url"]))) == (410, "link_expired"), "a newer one took its place"
    assert before.get("/api/v1/auth/me").status_code == 200, "the link alone changes nothing"
    assert api.anonymous.post(LINKS + secret(second["url"]), json={"password": "a new password"}).status_code == 200
    assert before.get("/api/v1/auth/me").status_code == 401, "all log-ins end"
    assert log_in(api.anonymous, "forgetful@example.org").status_code == 401
    assert log_in(api.anonymous, "forgetful@example.org", "a new password").status_code == 200
    assert api.admin.patch(f"{USERS}/{user['id']}", json={"is_active": False}).status_code == 200
    assert code(api.admin.post(f"{USERS}/{user['id']}/password-reset")) == (409, "account_disabled")


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 3000, "%00", "..", "a%2fb"])
def test_unknown_links(api, token):
    assert api.anonymous.get(LINKS + token).status_code in (400, 404, 414, 431)


@pytest.mark.parametrize("field,value", [("role", "admin"), ("email", "x@example.org"), ("user_id", "x"), ("is_active", True)])
def test_a_link_takes_a_password_and_nothing_else(api, field, value):
    made = invite(api.admin, f"only-{field.replace('_', '-')}@example.org").json()["data"]
    reply = api.anonymous.post(LINKS + secret(made["url"]), json={"password": PASSWORD, field: value})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field


@pytest.mark.parametrize("field,value", [("password", PASSWORD), ("is_active", True), ("id", "x"), ("password_hash", "x")])
def test_an_invitation_takes_nothing_else(api, field, value):
    reply = invite(api.admin, "mass@example.org", **{field: value})
    assert reply.status_code == 422 and reply.json()["error"]["field"] == field


def test_forgotten_without_mail_says_who_can_help(api):
    replies = [api.anonymous.post("/api/v1/auth/password-reset/request", json={"email": e}) for e in ("recruiter@example.org", "nobody@example.org")]
    assert [r.status_code for r in replies] == [200, 200]
    assert replies[0].json() == replies[1].json() and replies[0].json()["data"] == {"by_mail": False}


def test_the_locked_out_administrator_has_the_command_line(fresh, contract):
    server = fresh()
    client = server.client(contract)
    assert client.post("/api/v1/auth/register", json=person("admin@example.org")).status_code == 201
    printed = server.run("user", "reset-link", "Admin@example.org").stdout
    url = re.search(r"Works once: http://localhost:\d+/reset/([\w-]{43})$", printed.strip())
    assert url, printed
    assert client.post(LINKS + url[1], json={"password": "found again at two"}).status_code == 200
    session = client.post("/api/v1/auth/login", json={"username": "admin@example.org", "password": "found again at two"}).json()["data"]
    admin = server.client(contract, session["access_token"])
    server.run("user", "add", "--email", "b@example.org", "--role", "admin", "--password-stdin", input=PASSWORD + "\n")
    assert server.run("user", "disable", "b@example.org").stdout == "b@example.org is disabled\n"
    assert log_in(client, "b@example.org").status_code == 401
    refused = server.run("user", "disable", "--email", "admin@example.org", check=False)
    assert refused.returncode == 1 and "last administrator" in refused.stderr
    assert server.run("user", "enable", "b@example.org").returncode == 0 and log_in(client, "b@example.org").status_code == 200
    server.run("user", "password", "b@example.org", "--password-stdin", input="by the command line\n")
    assert log_in(client, "b@example.org").status_code == 401 and log_in(client, "b@example.org", "by the command line").status_code == 200
    shown = re.search(r"shown once\): (\S+)", server.run("user", "password", "b@example.org").stdout)[1]
    assert log_in(client, "b@example.org", shown).status_code == 200
    short = server.run("user", "password", "b@example.org", "--password-stdin", input="short\n", check=False)
    assert short.returncode == 1 and log_in(client, "b@example.org", shown).status_code == 200
    assert server.run("user", "password", "nobody@example.org", check=False).returncode == 1
    assert server.run("user", "reset-link", check=False).returncode == 2
    assert "disabled" not in server.run("user", "list").stdout
    assert admin.get(USERS).json()["data"]["total"] == 2


# ---- mail ----

class Inbox:
    """Keeps what a real SMTP conversation brought."""

    def __init__(self):
        self.mails, self.commands, self.answer = [], 0, None

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.commands += 1
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 taken"


def lines(message):
    return message.get_content().replace("\r\n", "\n")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture
def post(fresh, contract):
    """A server that mails to a port of this machine; the inbox behind it is opened by the test."""
    port = free_port()
    opened = []

    class Post:
        def open(self, **options):
            self.inbox = Inbox()
            controller = Controller(self.inbox, hostname="127.0.0.1", port=port, **options)
            controller.start()
            opened.append(controller)
            return self.inbox

        def start(self, user="", host="127.0.0.1"):
            serving = free_port()
            self.public = f"http://127.0.0.1:{serving}"
            self.server = fresh(SMTP_URL=f"smtp://{user}{host}:{port}", MAIL_FROM="viva@example.org", PORT=serving, PUBLIC_URL=self.public)
            self.client = self.server.client(contract)
            self.client.post("/api/v1/auth/register", json=person("admin@example.org"))
            token = log_in(self.client, "admin@example.org").json()["data"]["access_token"]
            self.admin = self.server.client(contract, token)
            return self

        def mail(self, count=1):
            wait_for(lambda: len(self.inbox.mails), lambda n: n >= count, f"mail number {count}")
            return self.inbox.mails[count - 1]

        def audited(self, action):
            return self.admin.get("/api/v1/admin/audit", params={"action": action}).json()["data"]

    yield Post()
    for controller in opened:
        controller.stop()


def test_an_invitation_goes_by_mail_and_is_shown_to_nobody(post):
    inbox = post.open()
    post.start()
    made = invite(post.admin, "ina@example.org", full_name="Ina Éxample").json()["data"]
    assert made["mailed"] is True and made["url"] is None
    sender, recipients, message = post.mail()
    assert (sender, recipients) == ("viva@example.org", ["ina@example.org"])
    assert message["From"] == "viva@example.org" and message["To"] == "ina@example.org" and message["Date"] and message["Message-ID"].endswith("@example.org>")
    text = lines(message)
    assert "Hello Ina Éxample," in text
    token = re.search(rf"^{re.escape(post.public)}/welcome/([\w-]{{43}})$", text, re.M)[1]
    assert post.client.post(LINKS + token, json={"password": PASSWORD}).status_code == 200
    assert log_in(post.client, "ina@example.org").status_code == 200
    assert len(inbox.mails) == 1
    assert "ina@example.org" not in post.server.log and token not in post.server.log and "xample," not in post.server.log


def test_a_server_that_is_down_delays_the_mail_and_it_comes_once(post):
    post.start()
    reply = post.client.post("/api/v1/auth/password-reset/request", json={"email": "admin@example.org"})
    assert reply.json()["data"] == {"by_mail": True}
    wait_for(lambda: post.server.log, lambda log: "mail_unreachable" in log, "a failed try")
    inbox = post.open()
    _, _, message = post.mail()
    token = re.search(r"/reset/([\w-]{43})$", lines(message), re.M)[1]
    assert post.client.post(LINKS + token, json={"password": "a new password"}).status_code == 200
    post.server.stop()  # nothing more comes, not even in draining
    assert len(inbox.mails) == 1


def test_requests_for_unknown_and_known_addresses_look_alike(post):
    inbox = post.open()
    post.start()
    known, unknown = [post.client.post("/api/v1/auth/password-reset/request", json={"email": e}) for e in ("admin@example.org", "nobody@example.org")]
    assert known.json() == unknown.json() and known.status_code == unknown.status_code == 200
    assert {k: v for k, v in known.headers.items() if k not in ("x-request-id", "date")} == {k: v for k, v in unknown.headers.items() if k not in ("x-request-id", "date")}
    post.client.post("/api/v1/auth/password-reset/request", json={"email": "admin@example.org"})
    post.mail()
    assert [m[1] for m in inbox.mails] == [["admin@example.org"]], "one mail, to the account, in two minutes"
    assert "nobody@example.org" not in post.server.log


def test_a_refused_mail_is_given_up_and_noted(post):
    post.open().answer = "550 no such mailbox <ina@example.org>"
    post.start()
    user = invite(post.admin, "ina@example.org").json()["data"]["user"]
    noted = wait_for(lambda: post.audited("mail.give_up"), lambda d: d["total"] == 1, "giving up")
    assert noted["items"][0]["subject_id"] == user["id"] and noted["items"][0]["details"] == {"why": "mail_refused"}
    assert "ina@example.org" not in post.server.log
    assert post.inbox.commands == 1, "tried once"


def test_a_name_cannot_write_headers(post):
    post.open()
    post.start()
    for name in ("Eve\r\nBcc: all@example.org", "Eve\nBcc: all@example.org", "Eve\u0000", "Eve\u2028Bcc: x"):
        invite(post.admin, "eve@example.org", full_name=name)
    invite(post.admin, "last@example.org", full_name="=?utf-8?q?=0D=0ABcc:_x?=")
    wait_for(lambda: [m[1] for m in post.inbox.mails], lambda r: ["last@example.org"] in r, "the mail")
    for _, recipients, message in post.inbox.mails:
        assert message["Bcc"] is None and len(recipients) == 1 and len(message.keys()) == 9


def test_the_password_goes_to_the_mail_server(post):
    seen = []
    def check(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password) if isinstance(data, LoginPassword) else data)
        return AuthResult(success=True)
    post.open(authenticator=check, auth_required=True, auth_require_tls=False)
    post.start(user="us%40er:p%2Fss%3Aw@")
    invite(post.admin, "ina@example.org")
    post.mail()
    assert seen == [(b"us@er", b"p/ss:w")]
    assert "p/ss:w" not in post.server.log and "p%2Fss" not in post.server.log


def test_nothing_goes_out_unencrypted_to_another_machine(post):
    """A name of this machine that is not known to be one: STARTTLS is demanded, which the server does not offer."""
    inbox = post.open()
    post.start(host="[::ffff:127.0.0.1]")
    invite(post.admin, "ina@example.org")
    wait_for(lambda: post.server.log, lambda log: "mail_unreachable" in log, "a failed try")
    assert inbox.commands == 0 and inbox.mails == []


def test_settings_of_mail_belong_together(fresh):
    for settings, name in [({"SMTP_URL": "http://x"}, "SMTP_URL"), ({"SMTP_URL": "smtp://127.0.0.1"}, "MAIL_FROM"),
                           ({"SMTP_URL": "smtp://127.0.0.1", "MAIL_FROM": "viva@example.org"}, "PUBLIC_URL"),
                           ({"SMTP_URL": "smtp://127.0.0.1", "MAIL_FROM": "viva", "PUBLIC_URL": "https://x.example"}, "MAIL_FROM"),
                           ({"SMTP_URL": "smtp://secret-user@127.0.0.1", "MAIL_FROM": "v@example.org", "PUBLIC_URL": "https://x.example"}, "SMTP_URL")]:
        server = fresh(start=False)
        server.env.update(settings)
        done = server.run("user", "list", check=False)
        assert done.returncode == 1 and name in done.stderr and "secret-user" not in done.stderr
