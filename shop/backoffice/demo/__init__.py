"""The demo shop: a neighbourhood grocery with two stores and a warehouse."""
