"""Place and road names: how they are split, spelt, read, compared, and where they must be unique. Pure."""
