"""Writes ``RULES.md`` from the catalogue; ``--check`` fails when the file is stale."""

from __future__ import annotations

import sys
from pathlib import Path

from register import catalogue, pages, profiles

TARGET = Path(__file__).parent.parent / "RULES.md"


def main() -> int:
    """Write or compare; the exit code."""
    text = pages.catalogue_page(catalogue.RULES, profiles.load("national"))
    if "--check" in sys.argv[1:]:
        if not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text:
            print("RULES.md is stale: run `make rules`", file=sys.stderr)
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
