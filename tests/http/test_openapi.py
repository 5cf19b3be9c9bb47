"""The description of the API: every operation says what it does and shows it, and what it shows is true of its schemas."""

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

METHODS = ("get", "post", "put", "patch", "delete")
BYTES = ("audio/", "video/", "application/octet-stream", "application/pdf", "application/vnd.", "application/zip", "multipart/")


def operations(contract):
    for path, methods in contract.document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def shown(contract, where, media, content):
    """The example of a body: there, and valid by its own schema."""
    if media.startswith(BYTES) and "example" not in content:
        return []
    if "example" not in content:
        return [f"{where}: {media} has no example"]
    schema = {**content["schema"], "components": contract.document["components"]}
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{where}: {media}: {e.json_path}: {e.message}" for e in checker.iter_errors(content["example"])]


def test_document_is_openapi(contract):
    OpenAPIV31SpecValidator(contract.document).validate()


def test_every_operation_is_described(contract):
    wrong = []
    for name, operation in operations(contract):
        if len(operation.get("summary") or "") < 10 or not operation["summary"].endswith("."):
            wrong.append(f"{name}: summary {operation.get('summary')!r} is no sentence")
        if not operation.get("tags"):
            wrong.append(f"{name}: no tag")
        for parameter in operation.get("parameters", []):
            if len(parameter.get("description") or "") < 5:
                wrong.append(f"{name}: {parameter['name']} has no description")
            schema = parameter["schema"]
            checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
            wrong += [f"{name}: {parameter['name']}: {e.message}" for e in checker.iter_errors(parameter.get("example"))]
    assert not wrong, "\n".join(wrong)


def test_every_body_has_an_example_that_fits(contract):
    wrong = []
    for name, operation in operations(contract):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            wrong += shown(contract, f"{name} request", media, content)
        for status, response in operation["responses"].items():
            response = contract.resolve(response["$ref"]) if "$ref" in response else response
            for media, content in response.get("content", {}).items():
                wrong += shown(contract, f"{name} {status}", media, content)
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_operation_ids_are_unique(contract):
    ids = [operation["operationId"] for _, operation in operations(contract)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("method, path", [
    ("post", "/api/v1/interviews"),
    ("post", "/api/v1/ai/tts"),
])
def test_the_request_shown_is_taken(api, contract, method, path):
    body = contract.document["paths"][path][method]["requestBody"]["content"]["application/json"]["example"]
    assert api.recruiter.request(method, path, json=body).status_code < 300
