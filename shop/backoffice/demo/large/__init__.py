"""The demo multiplied: the small shop's rows copied in SQL until it is as big as a busy one."""
