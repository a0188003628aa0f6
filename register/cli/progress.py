"""Progress bars: on a terminal, for work that takes over two seconds."""

from __future__ import annotations

from typing import Any


def bar(label: str, total: int | None = None) -> Any:
    """A bar on stderr that shows itself after two seconds and only on a terminal (``tqdm``)."""
    from tqdm import tqdm

    return tqdm(desc=label, total=total, delay=2, disable=None, leave=False, unit="")
