"""Suppliers and their price lists as files."""
