"""Addresses: their parts, their standard text, and what they point to."""
