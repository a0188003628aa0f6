"""The review site: thin pages over the register."""
