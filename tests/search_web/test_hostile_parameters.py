"""A thousand requests that mean harm or are wrong are each refused, with the parameter named."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.report import RecordHead
from search_web.described import Operation, Parameter
from search_web.openapi import operations

HUGE = "a" * 100_000
NUMBERS = ("-1", "999999999999", "9" * 400, "1e3", "1.5", "0x10", "一百", "１０", "NaN", "true", "[]", "1;2", "+1")
WORDS = ("随便", "'; DROP TABLE x;--", "../../x", "<script>", "{{7*7}}", "%00", "None", "ALL", "\U0001f600" * 9)
DAYS = ("2024-13", "2024-02-31", "20240715", "yesterday", "0000", "２０２４", "2024-7-15T00:00", "-2024", "1e4")
CURSORS = ("a b", "**", "WzEsIDEsICIiXQ", "=", "W10", "bnVsbA", "WzEsLTEsIiJd", "[1]", "9" * 199, "你", "W" * 160)


def wrong(parameter: Parameter, chance: random.Random) -> list[str]:
    """Values that a parameter does not take: of a wrong type or kind, too long, too many, with a NUL."""
    kind = parameter.schema
    many = [chance.choice(("a", "1", "2024", "*"))] * (parameter.most + 1)
    values = [[HUGE], ["a\0b"], ["\0"], many, ["2024\0"] + ["1"] * parameter.most]
    if kind["type"] == "integer":
        values += [[number] for number in NUMBERS]
    elif "enum" in kind:
        values += [[word] for word in WORDS]
    elif parameter.name in ("from", "to", "year"):
        values += [[day] for day in DAYS if parameter.name != "year" or day != "0000"]
    elif parameter.name == "cursor":
        values += [[cursor] for cursor in CURSORS]
    elif parameter.name == "fields":
        values += [[word] for word in WORDS]
    return chance.choice(values)


def addresses(app: Flask, head: RecordHead) -> Iterator[tuple[str, Operation]]:
    """Every described path with parameters, made one that leads somewhere."""
    for rule, operation in operations(app):
        if operation.parameters:
            passage = f"{head.id}#1.1" if "passages" in rule.rule else head.id
            yield rule.rule.partition("<")[0] + (quote(passage, safe="") if "<" in rule.rule else ""), operation


def test_a_thousand_hostile_requests_are_refused(
    app: Flask, client: FlaskClient, heads: dict[int | None, RecordHead]
) -> None:
    """Huge offsets, wrong types, repeated names, NUL and 100 kB get 400 with the name, on every path."""
    chance = random.Random(12)
    known = list(addresses(app, heads[12]))
    assert len(known) == 16
    for number in range(1000):
        path, operation = known[number % len(known)]
        parameter = chance.choice(operation.parameters)
        values = wrong(parameter, chance)
        others = {"q": "市"} if parameter.name != "q" and any(p.name == "q" for p in operation.parameters) else {}
        query = urlencode([*others.items(), *((parameter.name, value) for value in values)])
        response = client.get(f"{path}?{query}")
        told = (path, parameter.name, values[0][:40])
        assert response.status_code == 400, told
        assert response.mimetype == "application/problem+json", told
        problem = response.get_json(force=True)
        assert problem["parameter"] == parameter.name, told
        assert problem["takes"], told
        assert len(response.data) < 2000, told


PAGES = [
    ("/search?q=a&q=b", "q"),
    ("/search?q=a%00b", "q"),
    ("/search?q=a&offset=1&offset=2", "offset"),
    ("/search?q=a&offset=99999999999", "offset"),
    ("/search?q=a&body=x%00", "body"),
    (f"/search?q={'a' * 3000}", "q"),
    ("/meetings?offset=x", "offset"),
    ("/timeline?q=a&by=month&by=year", "by"),
    ("/export?q=a&format=csv&format=csv", "format"),
]


@pytest.mark.parametrize(("url", "name"), PAGES)
def test_pages_refuse_alike(client: FlaskClient, url: str, name: str) -> None:
    """A page with such an argument is a 400 that names it."""
    response = client.get(url)
    assert response.status_code == 400
    assert f"参数 {name} " in response.text


@pytest.mark.parametrize("url", ["/search?q=市&body=a&body=b", "/timeline?q=市&q=局", "/search?q=市&x=1&x=2"])
def test_what_may_be_repeated_is(client: FlaskClient, url: str) -> None:
    """Filters, the queries of a timeline and names that nobody knows may be repeated."""
    assert client.get(url).status_code == 200
