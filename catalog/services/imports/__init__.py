"""Products from a file: columns → sheet → checking → loading; `running` does it as long work."""
