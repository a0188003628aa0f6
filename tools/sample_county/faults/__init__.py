"""Plants the faults of the sample county: one for every kind of fault that the check knows."""

from __future__ import annotations

import pandas as pd

from tools.sample_county.faults import addresses, boundaries, markers, names, plates
from tools.sample_county.faults.planter import ASTRAY_SOURCE, Fault, Planter

__all__ = ["ASTRAY_SOURCE", "Fault", "Planter", "plant"]


def plant(layers: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """The county with faults, and what the check must find in it."""
    planter = Planter(dict(layers))
    for domain in (names, plates, addresses, boundaries, markers):
        domain.plant(planter)
    return planter.layers, planter.faults
