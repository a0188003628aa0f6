"""Personal data leave the register only masked: owner, identity number, telephone."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from register.dictionary import DICTIONARY
from rulebook.changes import WHOLE_RECORD
from rulebook.language import Text
from rulebook.schema import Layer
from rulebook.values import to_text

MASK = "***"
PERSONAL = {
    layer.name: frozenset(known.name for known in layer.fields if known.personal) for layer in DICTIONARY.values()
}


def masked_log(log: pd.DataFrame) -> pd.DataFrame:
    """Rows of the change log with the values of personal fields masked, also inside whole records."""
    shown = log.copy()
    for layer, fields in PERSONAL.items():
        if not fields:
            continue
        here = shown["layer"] == layer
        personal = here & shown["field"].isin(fields)
        whole = here & (shown["field"] == WHOLE_RECORD)
        for column in ("before", "after"):
            shown[column] = shown[column].mask(personal & shown[column].notna(), MASK)
            records = shown.loc[whole & shown[column].notna(), column]
            shown.loc[records.index, column] = records.map(lambda text, hidden=fields: _masked_record(text, hidden))
    return shown


def _masked_record(text: str, hidden: frozenset[str]) -> str:
    record = json.loads(text)
    return json.dumps({name: MASK if name in hidden else value for name, value in record.items()}, ensure_ascii=False)


def masked_record(layer: Layer, record: pd.Series) -> list[dict[str, Any]]:
    """Fields of a record that are not empty, with their titles, personal values masked."""
    fields = []
    for name, value in record.items():
        if name == "geometry" or (text := to_text(value)) is None:
            continue
        known = layer.field_named(str(name))
        title = known.title if known else Text(str(name), str(name))
        fields.append({"field": name, "title": title._asdict(), "value": MASK if known and known.personal else text})
    return fields
