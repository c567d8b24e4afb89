"""A plan brings what is held to what is wanted, from any state to any other, also when parts of it run twice."""

from collections.abc import Iterable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.load.plan import Action, Step, plan
from graphinv.load.tables import GraphTables

Held = dict[tuple[str, ...], dict[str, object]]

PHONES = ["phone:+1", "phone:+2", "phone:+3"]
PARTIES = ["importer:a", "importer:b", "seller:x/1", "shipper:c"]

_nodes = st.dictionaries(
    st.sampled_from(PHONES), st.tuples(st.sampled_from(["A", "B", None]), st.none() | st.integers(0, 3))
)
_edges = st.dictionaries(
    st.tuples(st.sampled_from(PARTIES), st.sampled_from(PHONES)),
    st.tuples(st.integers(1, 3), st.lists(st.sampled_from(["importers:1", "sellers:x/1"]), max_size=2)),
)


@st.composite
def tables(draw: st.DrawFn) -> GraphTables:
    """Some phones, some relationships to them; now and then without a table."""
    nodes = pl.DataFrame(
        [(uid, *values) for uid, values in draw(_nodes).items()],
        schema={"uid": pl.String(), "caption": pl.String(), "parties": pl.Int64()},
        orient="row",
    )
    edges = pl.DataFrame(
        [(*ends, *values) for ends, values in draw(_edges).items()],
        schema={"src": pl.String(), "dst": pl.String(), "count": pl.Int64(), "sources": pl.List(pl.String())},
        orient="row",
    )
    return GraphTables(
        nodes={"Phone": nodes} if draw(st.booleans()) else {}, edges={"HAS_PHONE": edges} if draw(st.booleans()) else {}
    )


def _as_held(wanted: GraphTables) -> Held:
    rows = [
        *(((name, str(row.pop("uid"))), row) for name, frame in wanted.nodes.items() for row in frame.to_dicts()),
        *(
            ((name, str(row.pop("src")), str(row.pop("dst"))), row)
            for name, frame in wanted.edges.items()
            for row in frame.to_dicts()
        ),
    ]
    return {key: _told(row) for key, row in rows}


def _told(row: dict[str, object]) -> dict[str, object]:
    """A store keeps no nulls."""
    return {name: value for name, value in row.items() if value is not None}


def _apply(held: Held, steps: Iterable[Step], batch: int) -> None:
    """What a store does with the steps."""
    for step in steps:
        for rows in step.batches(batch):
            for row in rows:
                key = (step.name, *(str(row[name]) for name in ("uid", "src", "dst") if name in row))
                match step.action:
                    case Action.PUT_NODES:
                        held[key] = _told({name: value for name, value in row.items() if name != "uid"})
                    case Action.PUT_EDGES:
                        assert isinstance(row["p"], dict)
                        held[key] = _told(row["p"])
                    case Action.DROP_EDGES | Action.DROP_NODES:
                        held.pop(key, None)


@given(tables(), tables(), st.integers(1, 4), st.integers(0, 8))
def test_a_plan_leads_from_what_is_held_to_what_is_wanted(
    held: GraphTables, wanted: GraphTables, batch: int, repeated_from: int
) -> None:
    state = _as_held(held)
    _apply(state, plan(held, wanted), batch)
    assert state == _as_held(wanted)
    _apply(state, list(plan(held, wanted))[repeated_from:], batch)
    assert state == _as_held(wanted)


@given(tables())
def test_nothing_is_planned_where_nothing_changed(held: GraphTables) -> None:
    assert list(plan(held, held)) == []


@given(tables(), tables())
def test_a_plan_is_the_same_again_and_its_steps_have_names_of_their_own(held: GraphTables, wanted: GraphTables) -> None:
    steps, again = list(plan(held, wanted)), list(plan(held, wanted))
    assert [step.key for step in steps] == [step.key for step in again]
    assert len({step.key for step in steps}) == len(steps)
    assert all(one.rows.equals(other.rows) for one, other in zip(steps, again, strict=True))


def test_what_the_schema_does_not_declare_is_refused() -> None:
    empty = GraphTables(nodes={}, edges={})
    with pytest.raises(KeyError, match="no Person"):
        list(plan(empty, GraphTables(nodes={"Person": pl.DataFrame({"uid": ["p:1"]})}, edges={})))
    backwards = pl.DataFrame({"src": ["phone:+1"], "dst": ["importer:a"]})
    with pytest.raises(ValueError, match="1 HAS_PHONE relationships"):
        list(plan(empty, GraphTables(nodes={}, edges={"HAS_PHONE": backwards})))
