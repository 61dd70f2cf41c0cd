"""Staff pages of analytics; importing them registers them."""

from analytics.admin import forecasts, reorders, sellers

__all__ = ["forecasts", "reorders", "sellers"]
