"""Where an index on servers is, and who signs in there."""

from __future__ import annotations

import pytest

from indexer.engines.opensearch.address import AUTHORITY, PASSWORD, USER, read
from indexer.errors import BadParameter

NOBODY: dict[str, str] = {}


def test_nodes_name_and_numbers() -> None:
    """Several nodes, a name, and what the index is made with are read off a place."""
    found = read("https://a.example:9200,b.example:9200/minutes?shards=6&replicas=2", NOBODY)
    assert found.nodes == ("https://a.example:9200", "https://b.example:9200")
    assert (found.name, found.shards, found.replicas, found.user) == ("minutes", 6, 2, None)
    assert str(found) == "opensearch:https://a.example:9200/minutes"


def test_a_name_is_not_needed() -> None:
    """A place without a name has the usual one."""
    assert read("http://127.0.0.1:9200", NOBODY).name == "gongwen"


def test_who_signs_in_comes_from_the_environment() -> None:
    """User, password and authority are those of the environment, and no text of the address tells the password."""
    found = read("https://a.example/m", {USER: "reader", PASSWORD: "secret", AUTHORITY: "/etc/ca.pem"})
    assert found.user == ("reader", "secret")
    assert found.authority == "/etc/ca.pem"
    assert "secret" not in f"{found} {found!r}"


def test_passwords_go_unencrypted_to_this_machine_alone() -> None:
    """A password is refused to travel over plain HTTP, but for a server of the machine itself."""
    assert read("http://127.0.0.1:9200/m", {USER: "reader"}).user == ("reader", "")
    with pytest.raises(BadParameter, match="https"):
        read("http://a.example:9200/m", {USER: "reader"})


@pytest.mark.parametrize(
    "place",
    [
        "",
        "a.example/m",
        "ftp://a.example/m",
        "https:///m",
        "https://a.example/Upper",
        "https://a.example/m/n",
        "https://user:secret@a.example/m",
        "https://a.example/m?shards=0",
        "https://a.example/m?shards=many",
        "https://a.example/m?colour=1",
    ],
)
def test_what_is_no_place_is_refused(place: str) -> None:
    """What is no URL of nodes and a name is refused in one line, and no password is repeated."""
    with pytest.raises(BadParameter) as error:
        read(place, NOBODY)
    assert "secret" not in str(error.value)
