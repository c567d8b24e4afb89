"""Goods that were seized under somebody's importer number on filings whose contacts contradict the registered ones:
told beside what is known of the number's owner, never as evidence against them."""

from collections.abc import Iterable

from graphinv.links.answer import NumberUsed, PartySummary
from graphinv.links.describe import summary_of, words_of
from graphinv.links.hashed import nodes_at
from graphinv.links.index import LinkIndex
from graphinv.links.sentences import number_sentence

#: So many seizures under one number are told, the newest first.
TOLD = 10


def is_victim(index: LinkIndex, node: int) -> bool:
    """Whether a party's importer number stands on shipments whose contacts contradict the registered ones."""
    return bool(index.nodes.cell("possible_victim", node))


def number_used(index: LinkIndex, victims: Iterable[int]) -> tuple[NumberUsed, ...]:
    """What was seized under the importer numbers of some possible victims: of each the newest ``TOLD``."""
    return tuple(use for victim in dict.fromkeys(victims) for use in _uses(index, victim))


def _uses(index: LinkIndex, victim: int) -> list[NumberUsed]:
    uid, owner = (index.nodes.text(name, victim) or "" for name in ("uid", "caption"))
    seized = (
        (row["seized_on"], row["seizure"], node, row)
        for node in dict.fromkeys(nodes_at(index.traces.used, uid))
        for row in index.seizures_of(node)
        if row["under"] == uid  # the same contacts may have filed under other numbers, too
    )
    told: list[NumberUsed] = []
    for _, _, node, row in sorted(seized, key=lambda item: item[:2], reverse=True)[:TOLD]:
        party = PartySummary(
            index.nodes.text("uid", node) or "", index.nodes.text("caption", node) or "", (row["record_id"],)
        )
        said = number_sentence(owner, party.caption, words_of(row))
        told.append(NumberUsed(uid, summary_of(row), party, said))
    return told
