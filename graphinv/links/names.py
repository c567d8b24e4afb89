"""Finding parties whose names are like a given one: a tantivy index over name tokens.

Parties are found by their rarer tokens, spelled with up to one typo; what is found is only a candidate, and the match
model decides. Folding is the same as everywhere: the index holds name keys.
"""

from pathlib import Path

import polars as pl
import tantivy

from graphinv.schema import PARTY_LABELS

#: A token of fewer letters is looked up as it is: one typo in four letters is another word.
_FUZZY_FROM = 5

#: Tokens of a name that are looked up; the longest ones, since they are the rarest.
_TOKENS = 6


def write_names(folder: Path | None, nodes: pl.DataFrame) -> tantivy.Index:
    """Index the name keys of all parties; ``folder`` None keeps the index in memory."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("node", stored=True, fast=True)
    if folder is not None:
        folder.mkdir(parents=True)
    index = tantivy.Index(builder.build(), path=None if folder is None else str(folder))
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    named = nodes.filter(pl.col("label").is_in(PARTY_LABELS) & pl.col("name_key").is_not_null())
    for node, key in named.select("node", "name_key").iter_rows():
        writer.add_document(tantivy.Document(name=key, node=node))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def open_names(folder: Path) -> tantivy.Index:
    """Open an index that ``write_names`` wrote."""
    return tantivy.Index.open(str(folder))


def find_names(index: tantivy.Index, tokens: tuple[str, ...], limit: int) -> list[int]:
    """Node positions of parties with like names, best first."""
    if not tokens:
        return []
    wanted = sorted(set(tokens), key=lambda token: (-len(token), token))[:_TOKENS]
    query = tantivy.Query.boolean_query([(tantivy.Occur.Should, _token_query(index, token)) for token in wanted])
    searcher = index.searcher()
    hits = searcher.search(query, limit).hits
    return [int(searcher.doc(address)["node"][0]) for _, address in hits]


def _token_query(index: tantivy.Index, token: str) -> tantivy.Query:
    exact = tantivy.Query.term_query(index.schema, "name", token)
    if len(token) < _FUZZY_FROM:
        return exact
    fuzzy = tantivy.Query.fuzzy_term_query(index.schema, "name", token, distance=1, transposition_cost_one=True)
    return tantivy.Query.disjunction_max_query([tantivy.Query.boost_query(exact, 2.0), fuzzy])
