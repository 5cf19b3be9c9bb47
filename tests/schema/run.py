"""Schemathesis against the real binary: cases made from /api/openapi.json, for every operation, as an administrator, a
recruiter, a candidate and nobody. Each reply must be below 500 and documented: status, media type, headers, schema.
What breaks the description of an input must be refused, and what fits it must not be refused for its form.

Ids in paths and bodies are mostly real ones, gathered from the replies, so that cases get past the first look-up. The
same seed makes the same cases. Usage: run.py [--only PART_OF_PATH] [--cases N]; the last line is "N passed, N failed",
where one operation under one role is a test."""

import argparse
import collections
import pathlib
import random
import re
import shutil
import sys
import tempfile
import time

import hypothesis
import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from conftest import Api, Server, person, wait_for  # noqa: E402

CASES_AT_LEAST = 2000
# Accounts of the cases, and one that makes what they work on. Their password is not the description's example, or a case would
# change it.
ADMIN, RECRUITER, MAKER = "fuzz.admin@example.org", "fuzz.recruiter@example.org", "fuzz.maker@example.org"
SECRET = "known to nobody else"
CHECKS = [checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance,
          checks.response_schema_conformance]
INPUT = (ParameterLocation.BODY, ParameterLocation.QUERY)
FORM = re.compile("field_(required|unknown|type|length|range|choice|format)")
BEYOND = ("position", "user_id")  # up to how many questions there are; this or the address
NUMBERS = ("n", "seq", "segment")
QUIET = hypothesis.settings(
    derandomize=True, database=None, deadline=None, phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck), print_blob=False)
LAST = ("/withdraw", "/complete")  # these and DELETE end what the others work on: they come last


class Pool:
    """Real values for parameters, by the resource they belong to: what was made for the cases, and the newest of what replies
    have shown. What lies below something else keeps what it lies below: a question is of no use with another interview."""

    def __init__(self):
        self.made, self.made_below = {}, {}
        self.values = collections.defaultdict(lambda: collections.deque(maxlen=6))
        self.below = collections.defaultdict(lambda: collections.deque(maxlen=8))
        self.kept = set()  # ids that no case may touch: those of the accounts the cases run as

    def add(self, kind, value, parents=None):
        if value in self.kept:
            return
        if value not in self.values[kind]:
            self.values[kind].append(value)
        if parents and (parents, value) not in self.below[kind]:
            self.below[kind].append((parents, value))

    def gather(self, data, kind, parents=None):
        if isinstance(data, list):
            for item in data:
                self.gather(item, kind, parents)
        elif isinstance(data, dict):
            for key, value in data.items():
                if isinstance(value, str):
                    self.gather_text(key, value, kind, parents)
                else:
                    self.gather(value, kind if key in ("data", "items") else key, parents)

    def gather_text(self, key, value, kind, parents):
        if key == "id":
            self.add(kind if kind.endswith("s") else kind + "s", value, parents)
        elif key.endswith("_id") and value:
            self.add(key[:-3] + "s", value)
        elif key == "link":
            self.add(key, value)

    def keep(self):
        """What is here now stays."""
        self.made = {kind: list(values) for kind, values in self.values.items()}
        self.made_below = {kind: list(pairs) for kind, pairs in self.below.items()}

    def one(self, chance, kind):
        values = self.made.get(kind, []) if chance.random() < 0.5 else []
        values = values or list(self.values.get(kind, []))
        return chance.choice(values) if values else None

    def one_below(self, chance, kind, names, own):
        known = self.made_below if chance.random() < 0.5 else self.below
        fit = [(parents, value) for parents, value in known.get(kind, [])
               if all(name in names and own.get(name, given) == given for name, given in parents.items())]
        return chance.choice(fit) if fit else None


def kind_of(path, name):
    """interviews for /interviews/{id}, answers for {answer_id}, else the parameter's own name."""
    if name == "id":
        return path.split("/{id}")[0].rsplit("/", 1)[-1]
    return name[:-3] + "s" if name.endswith("_id") else name


def padded(data):
    """Text is trimmed before it is measured: what is too long with its white space need not be too long."""
    if isinstance(data, dict):
        return any(padded(value) for value in data.values())
    if isinstance(data, list):
        return any(padded(value) for value in data)
    return isinstance(data, str) and data != data.strip()


def empty(query):
    """A parameter without a value counts as absent."""
    return isinstance(query, dict) and "" in query.values()


class Role:
    def __init__(self, name, make):
        self.name, self.make = name, make
        self.renew()

    def renew(self):
        self.token, self.own = self.make()


class Run:
    def __init__(self, api, schema, seed):
        self.api, self.schema, self.seed = api, schema, seed
        self.pool = Pool()
        self.session = requests.Session()
        self.cases = 0
        self.statuses = collections.Counter()
        self.failures = {}
        self.succeeded = set()

    def fill(self, case, role, chance):
        """Real ids where the case has made-up ones, four times of five."""
        path = case.operation.path
        names = sorted(case.path_parameters or {}, key=lambda name: path.index(f"{{{name}}}"))
        if names and chance.random() < 0.8:
            for name in names:
                real = chance.randrange(3) if name in NUMBERS else role.own.get(name) or self.pool.one(chance, kind_of(path, name))
                if real is not None:
                    case.path_parameters[name] = real
            ids = [name for name in names if name not in NUMBERS]
            nested = self.pool.one_below(chance, kind_of(path, ids[-1]), ids, role.own) if len(ids) > 1 else None
            if nested:
                case.path_parameters.update({**nested[0], ids[-1]: nested[1]})
        if isinstance(case.body, dict):
            for name in [n for n in case.body if isinstance(n, str) and n.endswith("_id")]:
                real = self.pool.one(chance, kind_of(path, name))
                if real is not None and isinstance(case.body[name], str) and chance.random() < 0.75:
                    case.body[name] = real

    def send(self, case, role, chance):
        case.headers = {k: v for k, v in (case.headers or {}).items() if k.lower() != "authorization"}
        if role.token:
            case.headers["Authorization"] = f"Bearer {role.token}"
        if chance.random() < 0.8:  # a made-up version is always another
            case.headers.pop("If-Match", None)
        self.fill(case, role, chance)
        case.freeze_metadata()
        reply = case.call(base_url=self.api.server.base, session=self.session, timeout=60)
        self.cases += 1
        self.statuses[reply.status_code] += 1
        return reply

    def check(self, case, reply, role):
        if reply.status_code == 400 and b'"path_malformed"' in reply.content:
            return  # an address that leads to no route
        if reply.status_code >= 500:
            self.fail(case, role, f"{reply.status_code} {reply.content[:300]}")
        wrong = [place for place, part in case.meta.components.items() if part.mode == GenerationMode.NEGATIVE]
        refused = wrong and all(place in INPUT for place in wrong) and not padded(case.body) and not empty(case.query)
        refusals = [checks.negative_data_rejection] if refused else []
        try:
            case.validate_response(reply, checks=CHECKS + refusals, headers=dict(case.headers))
        except FailureGroup as group:
            for failure in group.exceptions:
                self.fail(case, role, f"{reply.status_code}: {failure.title}: {failure.message[:1500]}\n{reply.content[:300]}")
        if not wrong and reply.status_code == 422 and self.about_form(case, reply.json()["error"]):
            self.fail(case, role, f"422 for what the description permits: {reply.content[:300]}\n{case.query} {case.body!r:.300}")

    def about_form(self, case, error):
        """Refused for how it looks, which the description should have told; not for what it means, or in this state."""
        form = case.media_type and "form" in case.media_type  # an empty list cannot be written in one
        return FORM.match(error["code"]) and not (form and error["code"] == "field_required") and \
            error["field"] not in BEYOND and not padded(case.body)

    def fail(self, case, role, what):
        found = self.failures.setdefault((case.operation.label, role.name), [])
        if len(found) < 3:
            found.append(f"{what}\n{case.as_curl_command()}")

    def learn(self, case, reply):
        if reply.status_code < 300:
            self.succeeded.add(case.operation.label)
        if reply.status_code < 300 and "json" in str(reply.headers.get("content-type")):
            path = case.operation.path
            kind = next(s for s in reversed(path.split("/")) if s and not s.startswith("{"))
            copied = path.endswith("/duplicate")  # what it shows lies below another id than its address has
            self.pool.gather(reply.json(), kind, None if copied else dict(case.path_parameters or {}))

    def operation(self, operation, role, count):
        chance = random.Random(f"{self.seed} {operation.label} {role.name}")

        def one(case):
            reply = self.send(case, role, chance)
            self.check(case, reply, role)
            self.learn(case, reply)
            if reply.status_code == 401 and role.token and not self.still_known(role):
                role.renew()

        for mode, share in ((GenerationMode.POSITIVE, count - count // 3), (GenerationMode.NEGATIVE, count // 3)):
            try:
                test = hypothesis.given(case=operation.as_strategy(generation_mode=mode))(one)
                hypothesis.settings(QUIET, max_examples=share)(hypothesis.seed(self.seed)(test))()
            except hypothesis.errors.Unsatisfiable:
                pass  # an operation without input has no wrong input

    def still_known(self, role):
        path = f"/api/v1/public/sessions/{role.own['session_id']}" if role.own else "/api/v1/auth/me"
        reply = self.session.get(self.api.server.base + path, headers={"Authorization": f"Bearer {role.token}"}, timeout=60)
        return reply.status_code == 200


def staff(api, email):
    def make():
        return api.login(email, SECRET).headers["Authorization"].removeprefix("Bearer "), {}

    return make


def candidate(api):
    """A fresh candidate of a fresh interview, in the middle of it."""
    count = iter(range(1000000))

    def make():
        interview = api.interview(api.login(MAKER, SECRET))
        client, session = api.candidate(interview, email=f"fuzzed{next(count)}@example.org")
        client.post(f"/api/v1/public/sessions/{session}/start").raise_for_status()
        return client.token, {"session_id": session}

    return make


def history(api, pool):
    """Something of everything: interviews, a finished session with its report, one under way."""
    interview = api.interview(api.login(MAKER, SECRET))
    client, session = api.candidate(interview, email="finished@example.org")  # of another interview each time
    api.answer_all(client, session, ["I led a team of four.", "We measured first.", "Then we fixed it."])
    admin = api.login(ADMIN, SECRET)
    wait_for(lambda: admin.get(f"/api/v1/sessions/{session}").json(), lambda s: s["data"] and s["data"]["report_status"] == "ready", "the report")
    for kind, name, value in (("interviews", "id", interview["id"]), ("sessions", "session_id", session)):
        pool.add(kind, value)
        pool.gather(admin.get(f"/api/v1/{kind}/{value}").json(), kind, {name: value})
    made = admin.post("/api/v1/auth/register", json={**person(f"{session}@example.org"), "role": "reviewer"})
    pool.add("users", made.json()["data"]["id"])
    pool.keep()


def operations_of(schema, only):
    found = [r.ok() for r in schema.get_all_operations()]
    found = [o for o in found if "x-websocket-protocol" not in o.definition.raw and only in o.path]
    return sorted(found, key=lambda o: o.method.lower() == "delete" or o.path.endswith(LAST))


def permitted(operation, role):
    access = operation.definition.raw["x-access"]
    return "public" in access or role in access


def run(server, only, cases, seed):
    api = Api(server, None)
    config = SchemathesisConfig()
    schema = schemathesis.openapi.from_url(f"{server.base}/api/openapi.json", config=config)
    one = Run(api, schema, seed)
    for email, role in ((ADMIN, "admin"), (RECRUITER, "recruiter"), (MAKER, "recruiter")):
        made = api.admin.post("/api/v1/auth/register", json={**person(email, "Somebody", SECRET), "role": role})
        one.pool.kept.add(made.json()["data"]["id"])
    roles = [Role("admin", staff(api, ADMIN)), Role("recruiter", staff(api, RECRUITER)),
             Role("candidate", candidate(api)), Role("nobody", lambda: (None, {}))]
    tests = 0
    operations = operations_of(schema, only)
    one.labels = {operation.label for operation in operations}
    for role in roles:
        history(api, one.pool)  # afresh: the one before deleted what it could
        for operation in operations:
            began = time.monotonic()
            one.operation(operation, role, cases if permitted(operation, role.name) else max(3, cases // 8))
            tests += 1
            took = time.monotonic() - began
            if took > 5:
                print(f"{role.name} {operation.label} took {took:.0f} s", flush=True)
    return one, tests


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--cases", type=int, default=20, help="for each operation and each role that may call it")
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    load_all_checks()
    began = time.monotonic()
    directory = tempfile.mkdtemp(prefix="viva-schema-")
    server = Server(directory, LOG_LEVEL="warn").migrate().start()
    try:
        one, tests = run(server, args.only, args.cases, args.seed)
        server.stop()
        leaks = [line for line in server.log.splitlines() if "Sanitizer" in line or "runtime error" in line]
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
    for (label, role), found in sorted(one.failures.items()):
        print(f"\n== {label} as {role}\n" + "\n--\n".join(found))
    print("\n".join(leaks))
    print(f"never a success: {', '.join(sorted(one.labels - one.succeeded)) or 'none'}")
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(one.statuses.items()))
    print(f"{one.cases} cases in {time.monotonic() - began:.0f} s ({statuses})")
    failed = len(one.failures) + (1 if leaks else 0)
    if one.cases < CASES_AT_LEAST and not args.only:
        print(f"fewer than {CASES_AT_LEAST} cases")
        failed += 1
    print(f"{tests - len(one.failures)} passed, {failed} failed")
    shutil.rmtree(directory, ignore_errors=True)
    sys.exit(1 if failed else 0)


main()
