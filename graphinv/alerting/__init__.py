"""Alerts: one for every new link between a party and a seizure or an order, what became of it, and who said so."""
