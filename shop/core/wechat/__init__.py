"""WeChat's open interfaces: the official account ("oa") and the mini-program ("mp").

Payment isn't here (orders/gateways). Keys and hosts come from the settings; an app without an id is off, and
everything built on it stays away quietly.
"""
