"""Sealed packages: what goes out, what is held back and why, and how to tell that nothing was changed on the way."""
