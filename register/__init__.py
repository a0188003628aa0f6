"""Keeping the register: catalogue, store, exchange formats, cases, and the command line."""
