from marketing.admin import bundles, coupons, level_prices, limited, limits, reductions, tiers, uses

__all__ = ["bundles", "coupons", "level_prices", "limited", "limits", "reductions", "tiers", "uses"]
