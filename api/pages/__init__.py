"""Templates of the pages, and the little that they need in Python."""
