"""Invented customs worlds: seven dirty feeds with planted networks, and the truth about them.

``write_world(out, size, seed)`` is the whole public face; ``world.py`` names the steps in order.
"""

from graphinv.worlds.plan import SIZES
from graphinv.worlds.world import WorldSummary, write_world

__all__ = ["SIZES", "WorldSummary", "write_world"]
