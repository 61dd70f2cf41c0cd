"""Arithmetic of list prices. Pure: no Django, no clock, no tables."""
