"""Forecasting, pure: arrays in, arrays out. A row is one SKU in one place, a column one day, newest last."""
