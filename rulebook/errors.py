"""The exceptions a user can cause: one root, and a sentence in both languages that says what to do.

Wrong *data* is never an exception, it is a finding. These are for a wrong call, file, profile or state.
"""

from __future__ import annotations

from rulebook.language import Text


class DimingError(Exception):
    """Root of everything a user can cause. ``text`` is the sentence the user sees."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


class CallError(DimingError):
    """A command, option or argument is wrong."""


class FileError(DimingError):
    """A file cannot be used as a whole; nothing of it was taken over."""


class SchemaError(FileError):
    """Rows or columns of a file do not fit the layer; names every fault at once."""


class CrsError(DimingError):
    """A coordinate reference system is missing, unknown or of the wrong sort."""


class ProfileError(DimingError):
    """A profile has an unknown key, code or value."""


class RegisterError(DimingError):
    """The register is missing, damaged, busy or of another version."""


class StaleEditError(RegisterError):
    """A value that an edit expects to find is no longer there."""


class UndeclaredReadError(RuntimeError):
    """A rule read a layer, table or parameter that it did not declare: a fault of the program, not of the user."""
