"""Feeds as they arrived: every shipment screened by what was known when it was filed."""
