"""How well scores rank and how true they are: arrivals after a day, scored by what was known on that day."""
