"""Random streams and the vectorised draws and string joins that all steps share."""

from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Stands in integer columns for "there is none".
NONE = -1


def stream(seed: int, size: str, step: str) -> np.random.Generator:
    """A step's own stream: what one step draws never shifts another's numbers."""
    return np.random.Generator(np.random.PCG64([seed, crc32(size.encode()), crc32(step.encode())]))


def weighted(rng: np.random.Generator, weights: npt.ArrayLike, n: int) -> Ints:
    """``n`` indexes drawn in proportion to ``weights``."""
    steps = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn: Ints = np.searchsorted(steps, rng.random(n) * steps[-1], side="right").astype(np.int64)
    return drawn


def zipf(n: int, exponent: float = 1.0) -> Floats:
    """Weights of ranks 1..n falling with ``rank ** -exponent``."""
    return np.arange(1, n + 1, dtype=np.float64) ** -exponent


def chance(rng: np.random.Generator, share: float, n: int) -> Bools:
    """True for about ``share`` of ``n`` places."""
    hit: Bools = rng.random(n) < share
    return hit


def some(rng: np.random.Generator, share: float, values: Ints) -> Ints:
    """The values, with all but about ``share`` of them turned into ``NONE``."""
    return np.where(chance(rng, share, len(values)), values, NONE)


def sample(rng: np.random.Generator, pool: Ints, n: int) -> Ints:
    """``n`` different members of ``pool`` (all of it, shuffled, when it has fewer)."""
    return rng.permutation(pool)[:n]


def take(pool: pl.Series, index: Ints) -> pl.Series:
    """The pool's values at ``index``; null where the index is ``NONE``."""
    wanted = pl.Series(index)
    return pool.gather(wanted.set(wanted < 0, None))


def words(text: str) -> pl.Series:
    """A column of the text's words; ``_`` stands for a space inside one."""
    return pl.Series([word.replace("_", " ") for word in text.split()])


def joined(*parts: pl.Series | str, skip_nulls: bool = False) -> pl.Series:
    """The parts glued row by row; null where a part is null, unless nulls are skipped."""
    columns = {f"p{i}": part for i, part in enumerate(parts) if isinstance(part, pl.Series)}
    glue = [pl.col(f"p{i}") if isinstance(part, pl.Series) else pl.lit(part) for i, part in enumerate(parts)]
    return pl.DataFrame(columns).select(pl.concat_str(glue, ignore_nulls=skip_nulls)).to_series()


def digits(numbers: Ints, width: int) -> pl.Series:
    """Numbers as text, padded with zeros."""
    return pl.Series(numbers).cast(pl.String).str.zfill(width)


def either(mask: Bools, yes: pl.Series, no: pl.Series) -> pl.Series:
    """``yes`` where the mask holds, else ``no``."""
    return yes.zip_with(pl.Series(mask), no)


def where(mask: Bools, values: pl.Series) -> pl.Series:
    """The values where the mask holds, else null."""
    return values.set(pl.Series(~mask), None)


def scrambled(numbers: Ints, modulus: int, multiplier: int, offset: int) -> Ints:
    """Different numbers below ``modulus`` whose order says nothing about the order they came in.

    ``multiplier`` must share no factor with ``modulus``.
    """
    mixed: Ints = (numbers * multiplier + offset) % modulus
    return mixed
