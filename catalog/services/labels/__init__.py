"""Price tags and shelf labels as PDF."""
