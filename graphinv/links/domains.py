"""Domains that look alike: what the eye takes for one, and names a letter apart. Mail services never do."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.spellings import Spellings, near, spellings, text_at
from graphinv.normalise.contacts import free_mail_domains, is_shared_host, registrable, skeleton

#: Names with fewer letters agree by chance.
_SAME_FROM, _LIKE_FROM = 5, 8


class Sites(NamedTuple):
    """The e-mail addresses and web sites (``node`` by ``start``) of each name in ``Domains.names``."""

    start: NDArray[np.int64]
    node: NDArray[np.int32]


class Domains(NamedTuple):
    """``names``: what is left of the domains on record for the eye (``contacts.skeleton``)."""

    names: Spellings
    sites: Sites


def domains(nodes: pl.DataFrame) -> Domains:
    """File the e-mail addresses and web sites of an evidence graph under the names of their domains."""
    told = nodes.filter(pl.col("label").is_in(["Email", "Website"])).select("node", _domain().alias("domain"))
    unique = told["domain"].unique().drop_nulls().to_list()
    seen = {domain: name for domain in unique if (name := own_name(domain)) is not None}
    named = pl.DataFrame(
        {"domain": list(seen), "name": list(seen.values())}, schema={"domain": pl.String, "name": pl.String}
    )
    filed = told.join(named, on="domain").sort("name", "node")
    sizes = filed.group_by("name", maintain_order=True).len()
    start = np.concatenate([[0], np.cumsum(sizes["len"].to_numpy())]).astype(np.int64)
    return Domains(spellings(sizes["name"]), Sites(start, filed["node"].cast(pl.Int32).to_numpy()))


def own_name(domain: str) -> str | None:
    """What the eye keeps of a domain that belongs to somebody, whatever subdomain; None where anybody has addresses
    there."""
    owned = registrable(domain)
    if not free_mail_domains().isdisjoint((domain, owned)) or is_shared_host(domain):
        return None
    name = skeleton(owned)
    return name if len(name) >= _SAME_FROM else None


def like_domain(known: Domains, domain: str) -> NDArray[np.int32]:
    """Nodes of e-mail addresses and web sites whose domain looks like the given one, or is that very domain."""
    name = own_name(domain)
    if name is None:
        return known.sites.node[:0]
    items = near(known.names, name)
    if len(name) < _LIKE_FROM:
        items = [item for item in items if text_at(known.names, item) == name]
    sites = [known.sites.node[known.sites.start[item] : known.sites.start[item + 1]] for item in items]
    return np.concatenate(sites) if sites else known.sites.node[:0]


def domain_of(uid: str) -> str:
    """The domain of an e-mail address or a web site, by its uid."""
    kind, _, value = uid.partition(":")
    return value.rpartition("@")[2] if kind == "email" else value.partition("/")[0].partition("?")[0]


def _domain() -> pl.Expr:
    email = pl.col("uid").str.split("@").list.last()
    host = pl.col("uid").str.strip_prefix("website:").str.split("/").list.first().str.split("?").list.first()
    return pl.when(pl.col("label") == "Email").then(email).otherwise(host)
