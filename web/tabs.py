"""The tabs in the head of every page: a module of ``web.pages`` with a ``TAB`` is shown there."""

from __future__ import annotations

from dataclasses import dataclass

from rulebook.language import Text


@dataclass(frozen=True)
class Tab:
    """A page that stands in the head. ``order`` is its place from the left."""

    endpoint: str
    title: Text
    order: int

    @property
    def blueprint(self) -> str:
        """Name of the blueprint that the page belongs to."""
        return self.endpoint.split(".", 1)[0]
