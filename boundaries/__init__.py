"""Divisions, boundary lines, markers and their inspections: coverage, sides, order, datums. Pure."""
