"""How well and how fast records become parties, beside Splink, exact rules and rapidfuzz, on the same records.

    python -m tests.benchmarks.bench_resolve [--records 200000] [--online-records 300000] [--queries 50]
                                             [--only public|worlds|increments|online|fairness] [--json FILE]

``public``    Senzing's truth set and the Open Supply Hub's factory pairs.
``worlds``    an invented world: pairwise and B-cubed scores, by kind of disguise, calibration, processor time, memory.
``increments``  the same world in ten batches against one batch (``--increment-records``).
``online``    one record against many: processor time and recall.
``fairness``  innocent pairs that differ in nothing but the origin of their names.

Splink's model and all thresholds come from a world with another seed, those for the worlds from one of the same size.
Where Splink trains on the records themselves it does so without labels, as graphinv does. Each resolver runs in a
process of its own; its processor seconds count all it started, imports included.
"""

import argparse
import logging
import tempfile
from pathlib import Path

from tests.benchmarks.resolution.fairness import fairness
from tests.benchmarks.resolution.figures import Section, write_json
from tests.benchmarks.resolution.increments import increments
from tests.benchmarks.resolution.online import online
from tests.benchmarks.resolution.own_worlds import own_world
from tests.benchmarks.resolution.public import public
from tests.benchmarks.resolution.tuning import Tuned, tune
from tests.benchmarks.resolution.worlds import world_records

#: Worlds nobody looked at while building: one to tune on, one to measure.
TUNED_ON, MEASURED_ON = 4_101, 9_207
TUNING_RECORDS = 20_000
PARTS = ("public", "worlds", "increments", "online", "fairness")


def main() -> None:
    """Measure what the arguments ask for, everything without them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000, help="of the invented world")
    parser.add_argument("--increment-records", type=int, default=40_000)
    parser.add_argument("--online-records", type=int, default=300_000)
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    asked = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        sections = measure(asked, Path(folder))
    if asked.json:
        write_json(asked.json, sections)


def measure(asked: argparse.Namespace, folder: Path) -> list[Section]:
    """Every part that was asked for, shown as soon as it is there."""
    parts, sections = asked.only or PARTS, list[Section]()

    def show(*found: Section) -> None:
        for section in found:
            section.show()
            sections.append(section)

    def tuned_on(records: int) -> Tuned:
        (folder / f"tuning_{records}").mkdir()
        tuned = tune(world_records(records, TUNED_ON), folder / f"tuning_{records}")
        print(f"weights that take two records for one party, tuned on {records:,} of another world: {tuned.least}")
        return tuned

    if "increments" in parts:
        show(increments(world_records(asked.increment_records, MEASURED_ON)))
    if not set(parts) - {"increments"}:
        return sections
    tuned = tuned_on(TUNING_RECORDS)
    if "public" in parts:
        show(*public(tuned, folder / "public"))
    if "worlds" in parts:
        as_many = tuned if asked.records == TUNING_RECORDS else tuned_on(asked.records)
        show(*own_world(world_records(asked.records, MEASURED_ON), as_many, folder / "world"))
    if "fairness" in parts:
        show(fairness(world_records(TUNING_RECORDS, MEASURED_ON), tuned, folder / "fairness"))
    if "online" in parts:
        show(online(world_records(asked.online_records, MEASURED_ON), tuned, asked.queries))
    return sections


if __name__ == "__main__":
    main()
