"""How fast a million shipments get into the record store: rows a second, and the most memory the process ever held.

python -m tests.benchmarks.bench_ingest --rows 1000000 --dirty 0.002 --style minimal --format csv
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from graphinv.ingest import ingest
from graphinv.records import SHIPMENTS
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder

ROWS_A_WRITE = 100_000


def shipments(rows: int, start: int, seed: int) -> pl.DataFrame:
    """Invented shipments with all columns, as full and as long as real ones."""
    random = np.random.default_rng(seed + start)

    def pick(values: list[str], blank: float = 0.0) -> pl.Series:
        chosen = pl.Series(values)[random.integers(0, len(values), rows)]
        return chosen.set(pl.Series(random.random(rows) < blank), None)

    def number(low: int, high: int) -> pl.Series:
        return pl.Series(random.integers(low, high, rows))

    firms = [f"{one} {two}, LLC" for one in WORDS for two in WORDS]
    streets = [f"{one} {kind}" for one in WORDS for kind in ("Avenue", "St", "Blvd", "Parkway")]
    seconds = number(0, 60 * 60 * 24 * 700)
    frame = pl.DataFrame({"n": np.arange(start, start + rows), "seconds": seconds, "house": number(1, 20_000)})
    columns = {
        "shipment_id": pl.format("SH7{}", pl.col("n").cast(pl.String).str.zfill(9)),
        "filed_at": (pl.datetime(2023, 1, 1) + pl.duration(seconds="seconds")).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "master_bill": pl.format("{}-{}", pl.lit(number(100, 999)), pl.lit(number(10_000_000, 99_999_999))),
        "entry_number": pl.format("NA8-{}-6", pl.col("n").cast(pl.String).str.zfill(7)),
        "entry_type": pick(["86", "01", "11"], 0.3),
        "arrived_on": (pl.date(2023, 1, 3) + pl.duration(seconds="seconds")).dt.strftime("%Y-%m-%d"),
        "mode": pick(["express", "mail", "air", "vessel", "truck"]),
        "port_code": pick(["2704", "2720", "4701", "3901"]),
        "carrier": pick(["QUP", "RMAIL", "ZK"]),
        "filer_code": pick(["NA8", "3J0", "P6Z"], 0.3),
        "importer_number": pl.format("{}-{}00", pl.lit(number(10, 99)), pl.lit(number(1_000_000, 9_999_999))),
        "consignee_name": pick(firms),
        "consignee_address_line1": pl.format("{} {}", "house", pl.lit(pick(streets))),
        "consignee_address_line2": pick(["Suite 12", "Unit 4", "PMB 107"], 0.7),
        "consignee_city": pick([word.title() for word in WORDS]),
        "consignee_state": pick(["CA", "NY", "TX", "NJ"]),
        "consignee_postal_code": pl.lit(number(10_000, 99_999)),
        "consignee_country": pick(["US", "USA"]),
        "consignee_phone": pl.format("+1 310 555 {}", pl.lit(number(1000, 9999))),
        "consignee_email": pl.format("info{}@example.com", pl.lit(number(1, 99_999))),
        "shipper_name": pick([f"Shenzhen {word} Trading Co., Ltd." for word in WORDS]),
        "shipper_address": pl.format("No. {} Heping Road", pl.lit(number(1, 2000))),
        "shipper_city": pick(["Shenzhen", "Yiwu", "Putian"]),
        "shipper_country": pick(["CN", "HK", "VN"]),
        "manufacturer_id": pick(["CNWENYIY289WEN", "VNKESCOM852DAN"], 0.6),
        "platform": pick(["bazario", "shopnest"], 0.5),
        "seller_id": pl.format("A{}", pl.lit(number(100_000, 999_999))),
        "listing_url": pl.format("https://www.shopnest.example/itm/{}", pl.lit(number(1_000_000, 9_999_999))),
        "description": pick([f"{one.lower()} {two.lower()}" for one in WORDS for two in WORDS]),
        "hts": pick(["8518108030", "9503000013", "630790"], 0.1),
        "origin_country": pick(["CN", "VN", "TR"]),
        "quantity": pl.lit(number(1, 50)),
        "weight_kg": pl.lit(number(1, 900)) / 100,
        "value_usd": pl.lit(number(100, 90_000)) / 100,
    }
    return frame.select(
        (value if isinstance(value, pl.Expr) else pl.lit(value)).cast(pl.String).alias(name)
        for name, value in columns.items()
    ).select(SHIPMENTS.names)


WORDS = [
    "Harbor",
    "Maple",
    "Lincoln",
    "Canyon",
    "Velmar",
    "Oricor",
    "Praix",
    "Dovster",
    "Arlen",
    "Kesona",
    "Tarivel",
    "Queston",
    "Juniper",
    "Marlow",
]


def write(path: Path, rows: int, dirty: float, style: str) -> None:
    """Write the shipments as a feed file; a share of the rows is refused or repeated, and some lines are broken."""
    with path.open("wb") as file:
        for start in range(0, rows, ROWS_A_WRITE):
            frame = shipments(min(ROWS_A_WRITE, rows - start), start, seed=7)
            bad = pl.Series(np.random.default_rng(start).random(frame.height))
            frame = frame.with_columns(
                pl.when(bad < dirty / 4).then(pl.lit("hovercraft")).otherwise("mode").alias("mode"),
                pl.when(bad > 1 - dirty / 4).then(pl.lit("-1")).otherwise("quantity").alias("quantity"),
                pl.when((bad > 0.5) & (bad < 0.5 + dirty / 4))
                .then(pl.lit('5" PIPE\nTWO LINES'))
                .otherwise("description")
                .alias("description"),
            )
            text = frame.write_csv(
                include_header=start == 0, quote_style="non_numeric" if style == "quoted" else "necessary"
            )
            if dirty:
                lines = text.splitlines(keepends=True)
                for at in range(11, len(lines), int(4 / dirty)):
                    lines[at] = lines[at].replace(",", ',"', 1)
                text = "".join(lines)
            file.write(text.encode())


def main() -> None:
    """Write, load, load again; print what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dirty", type=float, default=0.002)
    parser.add_argument("--style", choices=("minimal", "quoted"), default="minimal")
    parser.add_argument("--format", choices=("csv", "jsonl", "parquet"), default="csv")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shipments.csv"
        write(path, arguments.rows, arguments.dirty, arguments.style)
        if arguments.format != "csv":
            frame = pl.scan_csv(
                path, infer_schema=False, truncate_ragged_lines=True, quote_char='"', ignore_errors=True
            )
            path = path.with_suffix("." + arguments.format)
            frame.sink_parquet(path) if arguments.format == "parquet" else frame.sink_ndjson(path)
        print(f"{path.name}: {path.stat().st_size / 1e6:,.0f} MB")
        workspace = open_workspace_folder(Settings(workspace=Path(folder) / "workspace"))
        for what in ("first load", "same file again"):
            started, busy = time.perf_counter(), time.process_time()
            counts = ingest(workspace, [path]).feeds["shipments"]
            took, busy = time.perf_counter() - started, time.process_time() - busy
            print(f"{what}: {counts}")
            print(f"  {took:.2f} s, {counts.read / took:,.0f} rows/s; {busy / counts.read * 1e6:.1f} us of CPU a row")
        workspace.close()
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main()
