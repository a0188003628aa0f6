"""What a rule may read besides its own frame: other layers, parameters, tables, the date, shared derived frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd
from pyproj import CRS

from rulebook.errors import UndeclaredReadError
from rulebook.profile import Profile
from rulebook.rules import Rule
from rulebook.schema import in_force

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """What all rules of one run share: all layers as stored, the profile, the date, and frames derived once."""

    layers: Mapping[str, pd.DataFrame]
    profile: Profile
    today: str
    crs: CRS | None
    cache: dict[Any, Any] = field(default_factory=dict)

    def current(self, layer: str) -> pd.DataFrame:
        """Records of a layer in force today, an empty frame for a layer that is not there."""
        if layer not in self.layers:
            return pd.DataFrame()
        return self.once(("current", layer), lambda: in_force(self.layers[layer], self.today))

    def once(self, key: Any, build: Callable[[], T]) -> T:
        """The value of ``build``, computed at the first call of the run."""
        if key not in self.cache:
            self.cache[key] = build()
        return self.cache[key]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Derived:
    """A frame that several rules use, built once a run; ``reads`` are the layers it needs. What reads no layer depends
    on the profile alone and is kept with it.
    """

    build: Callable[[Context], Any]
    reads: tuple[str, ...]

    def __call__(self, ctx: Context) -> Any:
        ctx.require(self.reads)
        keeper = ctx.run if self.reads else ctx.run.profile
        return keeper.once(self, lambda: self.build(ctx))


def derived(*reads: str) -> Callable[[Callable[[Context], Any]], Derived]:
    """Decorator: the function's result is shared by all rules of a run. It may read only the layers named here."""
    return lambda build: Derived(build, reads)


@dataclass(frozen=True)
class Context:
    """The view of a run that one rule gets while it checks ``layer``."""

    run: Run
    rule: Rule
    layer: str

    @property
    def today(self) -> str:
        """ISO date that deadlines and cycles are reckoned with."""
        return self.run.today

    @property
    def crs(self) -> CRS | None:
        """CRS of all layers."""
        return self.run.crs

    def frame(self, layer: str) -> pd.DataFrame:
        """Records of a declared layer in force today, indexed by record id."""
        self.require((layer,))
        return self.run.current(layer)

    def history(self, layer: str) -> pd.DataFrame:
        """All records of a declared layer, ended and future ones included."""
        self.require((layer,))
        return self.run.layers[layer]

    def require(self, layers: tuple[str, ...]) -> None:
        """Raise when the rule did not declare a layer it reads."""
        missing = set(layers) - {*self.rule.layers, *self.rule.needs, *self.rule.uses}
        if missing:
            raise UndeclaredReadError(f"{self.rule.code} reads {sorted(missing)} without declaring it")

    def param(self, name: str) -> Any:
        """Value of a declared parameter, from the profile."""
        if all(name != known.name for known in self.rule.params):
            raise UndeclaredReadError(f"{self.rule.code} reads parameter {name} without declaring it")
        return self.run.profile.params(self.rule)[name]

    def table(self, name: str) -> pd.DataFrame:
        """A declared word or code list, from the profile."""
        if name not in self.rule.tables:
            raise UndeclaredReadError(f"{self.rule.code} reads table {name} without declaring it")
        return self.run.profile.table(name)

    def setting(self, name: str) -> Any:
        """A fact about the county itself (``[settings]`` of the profile), such as its code."""
        return self.run.profile.setting(name)
