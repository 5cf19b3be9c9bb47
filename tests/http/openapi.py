"""Checks replies against the OpenAPI document: path and method known, status documented, body fits its schema."""

import json
import re

import jsonschema


class Contract:
    last = None

    def __init__(self, document):
        self.document = document
        self.reached = set()
        self.patterns = []
        for path, methods in document["paths"].items():
            pattern = re.compile("^" + re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)) + "$")
            for method in methods:
                if method in ("get", "post", "put", "patch", "delete"):
                    self.patterns.append((method, pattern, path))
        self.patterns.sort(key=lambda p: p[2].count("{"))
        Contract.last = self

    def find(self, method, path):
        for known, pattern, template in self.patterns:
            if known == method.lower() and pattern.match(path):
                return template, self.document["paths"][template][known]
        return None, None

    def not_reached(self):
        return sorted(f"{m.upper()} {t}" for m, _, t in self.patterns if (m, t) not in self.reached and not t.endswith("/live"))

    def check(self, response):
        """An httpx response hook."""
        request = response.request
        path = request.url.path
        template, operation = self.find(request.method, path)
        if operation is None:
            assert not path.startswith("/api/v1") or response.status_code in (400, 404, 405, 414), f"{request.method} {path}: not in the OpenAPI"
            return
        self.reached.add((request.method.lower(), template))
        documented = operation["responses"]
        status = str(response.status_code)
        assert status in documented or "default" in documented, f"{request.method} {template}: status {status} is not documented"
        assert response.status_code < 500 or response.status_code == 503, f"{request.method} {template}: {status}"
        self.check_body(response, documented.get(status) or documented["default"], f"{request.method} {template} {status}")

    def check_body(self, response, described, where):
        if "$ref" in described:
            described = self.resolve(described["$ref"])
        content = described.get("content", {}).get("application/json")
        if not content or "schema" not in content:
            return
        response.read()
        body = json.loads(response.content)
        schema = {**content["schema"], "components": self.document["components"]}
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(body))
        assert not errors, f"{where}: {errors[0].json_path}: {errors[0].message}"
        if "success" in body:
            assert body["success"] == (response.status_code < 400), where
            assert (body["error"] is None) == body["success"], where

    def resolve(self, ref):
        node = self.document
        for part in ref.removeprefix("#/").split("/"):
            node = node[part]
        return node
