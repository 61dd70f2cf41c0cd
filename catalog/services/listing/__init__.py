"""Judging a listing: pure checks over facts, a subject a file."""
