"""The WeChat phone: a frame page with a phone on it, and the in-app browser behind it."""
