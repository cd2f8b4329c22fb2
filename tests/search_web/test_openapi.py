"""The API keeps to its own description, whatever is asked of it; and the description keeps to the code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from indexer.citations import STYLES
from indexer.model import Document, Meeting
from indexer.report import RecordHead
from indexer.rollup.directory import SORTS
from indexer.search import Index
from search_web import create_app
from search_web.described import Parameter, takes_of
from search_web.openapi import description, operations
from search_web.schemas import Components

Heads = dict[int | None, RecordHead]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PATHS = {
    *("/api/v1/search", "/api/v1/meetings", "/api/v1/suggest", "/api/v1/timeline", "/healthz", "/openapi.json"),
    *("/api/v1/people", "/api/v1/departments", "/api/v1/instruments", "/api/v1/compare"),
    *("/api/v1/people/{name}", "/api/v1/departments/{name}", "/api/v1/instruments/{title}"),
    *("/api/v1/meetings/{id}", "/api/v1/documents/{id}", "/api/v1/passages/{id}", "/cite/{id}", "/feed.atom"),
}


@pytest.fixture(scope="module")
def told(app: Flask) -> Any:
    """The description as it is served."""
    return app.test_client().get("/openapi.json").get_json()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_answer_is_as_described(app: Flask, path: str, mode: GenerationMode) -> None:
    """Whatever is sent, right or wrong, no answer is a 500 and none is outside the description."""
    operation = schemathesis.openapi.from_wsgi("/openapi.json", app)[path]["GET"]
    if mode is GenerationMode.NEGATIVE and not operation.query and not operation.path_parameters:
        return  # nothing can be sent that is wrong

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    send()


def test_description_is_openapi(told: Any) -> None:
    """The description has the version, the paths, texts for all of them, and limits or choices for all parameters."""
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == PATHS
    for path, methods in told["paths"].items():
        operation = methods["get"]
        assert operation["summary"], path
        assert operation["description"], path
        for parameter in operation["parameters"]:
            schema = parameter["schema"].get("items", parameter["schema"])
            assert schema.keys() & {"maxLength", "maximum", "enum", "pattern"}, (path, parameter["name"])
            assert parameter["description"], (path, parameter["name"])
            # What is not a choice or a number is told by an example.
            exampled = schema.keys() & {"examples", "enum", "maximum"} or parameter["in"] == "path"
            assert exampled, (path, parameter["name"])
    names = [operation["get"]["operationId"] for operation in told["paths"].values()]
    assert len(set(names)) == len(names)


def test_all_references_lead_somewhere(told: Any) -> None:
    """Every $ref names a schema, and every schema is one of JSON Schema."""
    schemas = told["components"]["schemas"]
    references = [part.split('"')[0] for part in json.dumps(told).split("#/components/schemas/")[1:]]
    assert set(references) <= set(schemas)
    for schema in schemas.values():
        jsonschema_rs.meta.validate({"$schema": DIALECT, **schema})


def test_records_are_as_described(app: Flask, told: Any, sample_index: Index) -> None:
    """Every record of the samples is valid as its schema says, with all its members described."""
    client = create_app(sample_index).test_client()
    for kind, shape in (("meetings", Meeting), ("documents", Document)):
        schema = {"$ref": f"#/components/schemas/{shape.__name__}", "components": told["components"]}
        validator = jsonschema_rs.Draft202012Validator(schema)
        ids = [head.id for head in sample_index.heads() if kind.startswith(head.type)]
        assert ids
        for record_id in ids:
            validator.validate(client.get(f"/api/v1/{kind}/{record_id}").get_json())
    assert told["components"]["schemas"]["Meeting"]["properties"]["date"]["anyOf"][0]["format"] == "date"


def reaching(heads: Heads, index: Index) -> list[tuple[str, str, int]]:
    """Every path with a request that is answered with each status described."""
    person, department, instrument = (quote(index.directory(sort)[0].name, safe="") for sort in SORTS)
    meeting, document = quote(heads[12].id), quote(heads[None].id)
    cursor = "cursor=" + "WzEsIDEsICIiXQ"  # of another request
    return [
        ("/api/v1/search", "?q=市", 200),
        ("/api/v1/search", "?q=市&limit=0", 400),
        ("/api/v1/search", f"?q=市&{cursor}", 400),
        ("/api/v1/meetings", "", 200),
        ("/api/v1/meetings", "?year=99", 400),
        ("/api/v1/suggest", "?q=市", 200),
        ("/api/v1/suggest", "?limit=1000", 400),
        ("/api/v1/timeline", "?q=市&q=局&by=year", 200),
        ("/api/v1/timeline", "?by=week", 400),
        ("/api/v1/meetings/{id}", f"/{meeting}", 200),
        ("/api/v1/meetings/{id}", f"/{document}", 302),
        ("/api/v1/meetings/{id}", f"/{meeting}?fields=x", 400),
        ("/api/v1/meetings/{id}", "/none", 404),
        ("/api/v1/documents/{id}", f"/{document}", 200),
        ("/api/v1/documents/{id}", f"/{meeting}", 302),
        ("/api/v1/documents/{id}", f"/{document}?fields=x", 400),
        ("/api/v1/documents/{id}", "/none", 404),
        ("/api/v1/passages/{id}", f"/{meeting}%231.1", 200),
        ("/api/v1/passages/{id}", f"/{meeting}%231.1?fields=x", 400),
        ("/api/v1/passages/{id}", f"/{meeting}%239.9", 404),
        ("/cite/{id}", f"/{meeting}?anchor=1.1", 200),
        ("/cite/{id}", f"/{meeting}?style=apa", 400),
        ("/cite/{id}", f"/{meeting}?anchor=9.9", 404),
        ("/feed.atom", "?q=市", 200),
        ("/feed.atom", "?from=x", 400),
        ("/api/v1/people", "?limit=1&offset=1", 200),
        ("/api/v1/people", "?limit=x", 400),
        ("/api/v1/departments", "", 200),
        ("/api/v1/departments", "?offset=-1", 400),
        ("/api/v1/instruments", "", 200),
        ("/api/v1/instruments", "?limit=1001", 400),
        ("/api/v1/people/{name}", f"/{person}", 200),
        ("/api/v1/people/{name}", f"/{person}?limit=51", 400),
        ("/api/v1/people/{name}", "/无此人", 404),
        ("/api/v1/departments/{name}", f"/{department}?limit=1", 200),
        ("/api/v1/departments/{name}", f"/{department}?body=a&body=b", 400),
        ("/api/v1/departments/{name}", "/无此局", 404),
        ("/api/v1/instruments/{title}", f"/{instrument}", 200),
        ("/api/v1/instruments/{title}", f"/{instrument}?offset=x", 400),
        ("/api/v1/instruments/{title}", "/无此办法", 404),
        ("/api/v1/compare", f"?a={meeting}%231&b={meeting}%231.1", 200),
        ("/api/v1/compare", f"?a={meeting}%231", 400),
        ("/api/v1/compare", f"?a={meeting}%231&b={meeting}%2399", 404),
        ("/healthz", "", 200),
        ("/openapi.json", "", 200),
    ]


def test_all_statuses_are_reached(client: FlaskClient, told: Any, heads: Heads, index: Index, tmp_path: Path) -> None:
    """Each status of each path is the answer to some request, and no other is; 410 is shown with the cursors."""
    reached: dict[str, set[int]] = {path: set() for path in PATHS}
    nowhere = create_app(tmp_path / "none").test_client()
    for path, rest, status in reaching(heads, index):
        url = path.partition("/{")[0] + rest
        response = client.get(url)
        assert response.status_code == status, url
        reached[path].add(status)
        content = told["paths"][path]["get"]["responses"][str(status)].get("content", {})
        assert status == 302 or response.mimetype in content, url
        if response.mimetype.endswith("json") and not path.startswith("/cite"):
            schema = {**content[response.mimetype]["schema"], "components": told["components"]}
            jsonschema_rs.Draft202012Validator(schema).validate(response.get_json(force=True))
        if status == 200:
            again = client.get(url, headers={"If-None-Match": response.headers.get("ETag", '"none"')})
            reached[path] |= {again.status_code, nowhere.get(url).status_code}
    for path, statuses in reached.items():
        described = {int(status) for status in told["paths"][path]["get"]["responses"]}
        assert described - {410} == statuses, path


def test_page_shows_all_of_it(client: FlaskClient, told: Any) -> None:
    """The page names every path, parameter, status and shape, and its examples are answered."""
    page = client.get("/docs")
    assert page.status_code == 200
    for path, methods in told["paths"].items():
        assert path in page.text
        for parameter in methods["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page.text
    assert all(f"<code>{name}</code>" in page.text for name in told["components"]["schemas"])
    links = [part.split('"')[0] for part in page.text.split('例：<a href="')[1:]]
    assert len(links) > 5
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_description_needs_no_index(tmp_path: Path) -> None:
    """The description and its page are there before any index is."""
    client = create_app(tmp_path / "none").test_client()
    assert client.get("/openapi.json").status_code == 200
    assert client.get("/docs").status_code == 200


def test_description_is_of_the_application(app: Flask) -> None:
    """A view that is not served is not described, and one without a description is not either."""
    assert {rule.endpoint for rule, _ in operations(app)}.isdisjoint({"pages.search", "static"})
    assert description(app)["paths"].keys() == PATHS
    assert set(STYLES) == set(description(app)["paths"]["/cite/{id}"]["get"]["parameters"][2]["schema"]["enum"])


def test_type_without_a_schema_is_an_error() -> None:
    """A shape that cannot be described is told at once, and a limit is told in words."""
    with pytest.raises(TypeError):
        Components().of(object)
    assert takes_of(Parameter("q", "", {"type": "string", "maxLength": 5}).schema) == "至多 5 字"
