"""How dates are written: the same way in every language, and short."""
