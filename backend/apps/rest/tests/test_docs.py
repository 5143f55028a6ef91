"""The description of the public API agrees with itself, and can be read."""

import re

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.contrib.staticfiles.finders import find
from django.core.management import call_command
from django.test import Client

from apps.rest.docs import METHODS, document
from tests.access.routes import routes

pytestmark = pytest.mark.django_db


def test_the_document_is_openapi_3_1_without_a_warning():
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
    assert document()["openapi"] == "3.1.0"
    assert Client().get("/api/v1/schema/").json() == document()


def test_every_route_is_described():
    described = {
        f"{method.upper()} {re.sub('{[^}]*}', '<>', path)}"
        for path, methods in document()["paths"].items()
        for method in methods
    }
    known = {re.sub("<[^>]*>", "<>", route).replace(" ", " /") for route in routes()}
    itself = {"GET /api/v1/schema/", "GET /api/v1/docs/"}
    assert described == {route for route in known if " /api/v1/" in route} - itself


def test_every_operation_tells_its_failures_as_problems():
    for methods in document()["paths"].values():
        for operation in methods.values():
            failures = [code for code in operation["responses"] if code.startswith("4")]
            assert "4XX" in failures
            for code in failures:
                assert set(operation["responses"][code]["content"]) == {"application/problem+json"}


def contents():
    """(where, its schema and examples) of every body that is sent or answered."""
    for path, methods in document()["paths"].items():
        for method in METHODS:
            operation = methods.get(method, {"responses": {}})
            sent = operation.get("requestBody", {}).get("content", {})
            for content in sent.values():
                yield f"{method} {path}", content
            for code, answer in operation["responses"].items():
                for content in answer.get("content", {}).values():
                    yield f"{method} {path} {code}", content


def test_every_body_has_an_example_that_its_schema_allows():
    components = document()["components"]
    for where, content in contents():
        schema = content["schema"] | {"components": components}
        validator = jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )
        assert content.get("examples"), where
        for example in content["examples"].values():
            name = example.get("$ref", "").rpartition("/")[2]
            value = (components["examples"][name] if name else example)["value"]
            assert not [error.message for error in validator.iter_errors(value)], where


def test_the_page_shows_every_operation_with_a_command_to_try():
    page = Client().get("/api/v1/docs/").content.decode()
    count = sum(len(methods) for methods in document()["paths"].values())
    assert page.count("<details") == count
    assert page.count("curl -X ") == count


def test_the_page_keeps_our_security_policy_and_brings_all_with_it():
    page = Client().get("/api/v1/docs/").content.decode()
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    assert len(files) == 2
    assert all(find(file) for file in files)
