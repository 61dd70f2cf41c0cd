"""Ports to the world outside: values in, values out, no tables."""
