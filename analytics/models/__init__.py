"""One noun a file; this index is what other modules import."""

from analytics.models.visit import Visit

__all__ = ["Visit"]
