"""An epoch kept current in memory: what was recorded since is worked in, and look-ups know it."""
