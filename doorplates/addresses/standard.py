"""Standard texts of linked addresses: names, numbers and houses are written once each and joined by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from doorplates.addresses.compose import written_parts
from doorplates.addresses.gathering import Codes, combinations, taken
from doorplates.layers import SEGMENTS

NUMBERS = ("lane", "village_group", "plate_no", "sub_no")
INSIDE = ("building", "unit", "floor", "room")


def standard_texts(
    names: tuple[Codes, pd.DataFrame],
    numbers: tuple[Codes, pd.DataFrame],
    segments: pd.DataFrame,
    form: Mapping[str, Any],
) -> pd.Series:
    """The canonical text of every row by the profile's ``form``, missing where it would be empty.

    ``names`` and ``numbers``: places by row and the combinations of the columns there.
    """
    sources = {}
    for places, frame in (names, numbers, combinations(segments, INSIDE)):
        own = [part for part in frame.columns if frame is names[1] or part in (*NUMBERS, *INSIDE)]
        written = written_parts(frame.reindex(columns=list(SEGMENTS)).astype("str"), form)
        sources.update({part: (places, written[part]) for part in own if part in written})
    by_village = (names[1]["road"].isna() & names[1]["estate"].isna()).to_numpy()[names[0]]
    blocks = []
    for part in form["order"]:
        if part not in form["optional"]:
            places, texts = sources[part]
            block = taken(texts, places)
            blocks.append(pc.if_else(pa.array(by_village), block, _NOTHING) if part in form["village_only"] else block)
    joined = pd.Series(pd.array(pc.binary_join_element_wise(*blocks, _NOTHING), dtype="str"))
    return joined.where(joined.ne("")).astype("str")


_NOTHING = pa.scalar("", pa.large_string())
