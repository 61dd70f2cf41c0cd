from marketing.admin import bundles, coupons, level_prices, limits, reductions, tiers, uses

__all__ = ["bundles", "coupons", "level_prices", "limits", "reductions", "tiers", "uses"]
