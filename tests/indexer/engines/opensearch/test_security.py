"""A real node that asks for a password over TLS: who may comes in, and all others are told why not, in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import opensearch_nodes
import pytest
from made import document
from opensearch_nodes import Cluster
from secured_node import PASSWORD as RIGHT
from secured_node import USERS, Secured

from indexer.engines.choose import open_engine, replacing
from indexer.engines.engine import Wanted
from indexer.engines.opensearch.address import AUTHORITY, PASSWORD, USER
from indexer.errors import IndexRefused, IndexUnreachable
from indexer.query.parse import parse

WRITER, OTHER = USERS


@pytest.fixture(scope="module")
def node(cluster: Cluster) -> Iterator[Secured]:
    """A node with users (`cluster` tells whether there can be any)."""
    required = bool(os.environ.get("GONGWEN_REQUIRE_ALL"))
    if not cluster.size or not (required or opensearch_nodes.fetched(Secured.pom)):
        pytest.skip("the jars of a node with users were not fetched yet (make opensearch)")
    with opensearch_nodes.running(Secured, Secured.pom) as started:
        yield started


@pytest.fixture
def signed(node: Secured, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a user who may write."""
    monkeypatch.setenv(USER, WRITER)
    monkeypatch.setenv(PASSWORD, RIGHT)
    monkeypatch.setenv(AUTHORITY, str(node.authority))
    return monkeypatch


def test_who_may_comes_in(node: Secured, signed: pytest.MonkeyPatch) -> None:
    """With the right password an index is made, written, asked, checked and replaced over TLS."""
    place = f"{node.place}/minutes?shards=1&replicas=0"
    wanted = Wanted(parse("教育"), words=(("职业", 1.0),))
    with closing(open_engine(place, create=True)) as engine:
        with engine.writing() as writing:
            writing.put(document("one", ["职业教育", "职业培训"]), ())
            writing.commit()
        found = engine.find(wanted)
        assert (found.exact, found.related) == (1, 1)
        assert [hit.text for hit in found.hits] == ["职业教育", "职业培训"]
        assert list(engine.check()) == []
    with replacing(place) as writing:
        writing.put(document("two", ["高等教育"]), ())
        writing.commit()
    with closing(open_engine(place)) as engine:
        assert [hit.text for hit in engine.find(wanted).hits] == ["高等教育"]


def test_a_wrong_password(node: Secured, signed: pytest.MonkeyPatch) -> None:
    """A wrong password is one line that names the variables and no password."""
    signed.setenv(PASSWORD, "not-the-right-one")
    with pytest.raises(IndexRefused, match="用户名或密码不对") as error:
        open_engine(f"{node.place}/minutes")
    assert USER in str(error.value)
    assert "not-the-right-one" not in str(error.value)
    assert "\n" not in str(error.value)


def test_nobody_signs_in(node: Secured, signed: pytest.MonkeyPatch) -> None:
    """Without a user the answer is the same as for a wrong one."""
    signed.delenv(USER)
    with pytest.raises(IndexRefused, match="用户名或密码不对"):
        open_engine(f"{node.place}/minutes")


def test_a_user_without_rights(node: Secured, signed: pytest.MonkeyPatch) -> None:
    """Who is known and may not is told so."""
    signed.setenv(USER, OTHER)
    with pytest.raises(IndexRefused, match="没有权限"):
        open_engine(f"{node.place}/minutes")


def test_an_authority_that_is_not_known(node: Secured, signed: pytest.MonkeyPatch) -> None:
    """A certificate of an authority that was not named is refused before any password is sent."""
    signed.delenv(AUTHORITY)
    with pytest.raises(IndexUnreachable, match="证书无法核实"):
        open_engine(f"{node.place}/minutes")
