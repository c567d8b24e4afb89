"""The packaged reference tables (see ``data/README.md``), read once per world."""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import polars as pl

from graphinv.worlds.draws import Floats, Ints


@dataclass(frozen=True)
class Reference:
    """Real places, ports and tariff numbers; the row number is the code used everywhere else."""

    us: pl.DataFrame  # postal_code, city, state
    us_weight: Floats
    us_state: Ints  # row of ``states``
    states: pl.DataFrame  # state, population_millions
    area_codes: tuple[Ints, ...]  # by state
    china: pl.DataFrame  # city, district, province, weight
    ports: pl.DataFrame  # port_code, port_name, mode, weight
    commodities: pl.DataFrame  # hts, description, words, volume_weight, seizure_weight, category, unit_usd, unit_kg


def _table(name: str) -> pl.DataFrame:
    text = files("graphinv.worlds").joinpath("data", name).read_bytes()
    return pl.read_csv(text, schema_overrides={"postal_code": pl.String, "port_code": pl.String, "hts": pl.String})


def read_reference() -> Reference:
    """Read the tables; a postal area weighs its state's population over the state's areas."""
    us, states = _table("us_places.csv"), _table("states.csv")
    rows = {state: i for i, state in enumerate(states["state"])}
    us_state = np.array([rows[state] for state in us["state"]], dtype=np.int64)
    population = states["population_millions"].to_numpy()
    weight = population[us_state] / np.bincount(us_state, minlength=len(rows))[us_state]
    codes = tuple(np.array(text.split(" "), dtype=np.int64) for text in states["area_codes"].cast(pl.String))
    return Reference(
        us=us,
        us_weight=weight.astype(np.float64),
        us_state=us_state,
        states=states,
        area_codes=codes,
        china=_table("china_places.csv"),
        ports=_table("ports.csv"),
        commodities=_table("commodities.csv"),
    )
