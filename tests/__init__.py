"""Tests of graphinv; they mirror the packages."""
