"""Doorplates along roads and in villages, and the addresses that point to them. Pure."""
