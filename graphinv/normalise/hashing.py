"""Keyed hashes of social security numbers, and opaque ids."""

import hashlib
import hmac

#: How a hashed nine-digit number starts; the rest is 24 hexadecimal digits.
HASHED_PREFIX = "ssn-"

#: What is shown of one.
MASKED_NUMBER = "***-**-****"


def hash_nine_digits(hash_key: bytes, digits: str) -> str:
    """``ssn-`` and the first 24 hex digits of HMAC-SHA256 over nine digits.

    Nine digits have too few values for an unkeyed hash: whoever has the list of hashes could try them all.
    """
    return HASHED_PREFIX + hmac.digest(hash_key, digits.encode("ascii"), "sha256").hex()[:24]


def opaque_id(prefix: str, text: str) -> str:
    """``prefix`` and the first 16 hex digits of BLAKE2b over ``text``: the same id for the same text, everywhere.

    Not a secret: it keeps values out of URLs and logs, it does not protect guessable ones.
    """
    return prefix + hashlib.blake2b(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
