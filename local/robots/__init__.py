"""Shoppers made of code: they read the shop's pages, press its buttons and pay at the sandbox."""
