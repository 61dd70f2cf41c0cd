"""Codes of the catalog's own decisions in words."""
