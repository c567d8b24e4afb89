"""Normalisers: from what was declared to keys that compare. Pure functions; None for nothing usable."""
