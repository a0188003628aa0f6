"""Personal data leave the register only masked: owner, identity number, telephone, also inside address texts."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd

from doorplates.addresses.personal import REDACTED, PersonalData
from register import profiles
from register.cases.sensitive import EXACT, Sight
from register.dictionary import DICTIONARY
from rulebook.changes import WHOLE_RECORD
from rulebook.language import Text
from rulebook.schema import Layer
from rulebook.values import to_text

PERSONAL = {
    layer.name: frozenset(known.name for known in layer.fields if known.personal) for layer in DICTIONARY.values()
}
FREE_TEXT = {
    "addresses": frozenset({"text", "standard_text", "rest", "note"}),
    "doorplates": frozenset({"old_address", "standard_address", "note"}),
}
CASES, BODY = "cases", "body"
BODY_PERSONAL = "personal"  # part of a case's body that is masked as a whole: applicants, telephones
BODY_TEXTS = "facts"  # part whose texts may speak of persons


def masked_log(log: pd.DataFrame) -> pd.DataFrame:
    """Rows of the change log with personal values masked, in fields of their own, in texts and in whole records."""
    shown = log.copy()
    for layer, texts in FREE_TEXT.items():
        here = shown["layer"] == layer
        personal = here & shown["field"].isin(PERSONAL[layer])
        free = here & shown["field"].isin(texts)
        whole = here & (shown["field"] == WHOLE_RECORD)
        for column in ("before", "after"):
            given = shown[column].notna()
            shown[column] = shown[column].mask(personal & given, REDACTED)
            shown.loc[free & given, column] = redacted(shown.loc[free & given, column])
            records = shown.loc[whole & given, column]
            shown.loc[records.index, column] = records.map(lambda text, of=layer: _masked_record(text, of))
    bodies = (shown["layer"] == CASES) & shown["field"].isin([BODY, WHOLE_RECORD])
    for column in ("before", "after"):
        given = shown.loc[bodies & shown[column].notna(), ["field", column]]
        shown.loc[given.index, column] = [
            masked_body(text) if field == BODY else _masked_case(text) for field, text in given.itertuples(index=False)
        ]
    return shown


def masked_body(text: str) -> str:
    """The body of a case (JSON) without what is personal."""
    body = json.loads(text)
    if not isinstance(body, dict):
        return text
    if isinstance(body.get(BODY_PERSONAL), dict):
        body[BODY_PERSONAL] = dict.fromkeys(body[BODY_PERSONAL], REDACTED)
    if isinstance(body.get(BODY_TEXTS), dict):
        texts = pd.Series(body[BODY_TEXTS], dtype="object")
        words = texts[texts.map(lambda value: isinstance(value, str) and not value.isdecimal()).astype("bool")]
        body[BODY_TEXTS] = {**body[BODY_TEXTS], **redacted(words).to_dict()}
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _masked_case(text: str) -> str:
    record = json.loads(text)
    if record.get(BODY):
        record[BODY] = masked_body(record[BODY])
    return json.dumps(record, ensure_ascii=False)


def masked_cell(layer: str, field: str, text: str | None) -> str | None:
    """One cell as text, masked when it is or holds something personal."""
    if (layer, field) == (CASES, BODY) and text is not None:
        return masked_body(text)
    if text is None or field not in PERSONAL[layer] | FREE_TEXT.get(layer, frozenset()):
        return text
    return REDACTED if field in PERSONAL[layer] else str(redacted(pd.Series([text], dtype="object"))[0])


def redacted(texts: pd.Series) -> pd.Series:
    """Texts with telephones, identity numbers and names of persons starred out."""
    found = _detector().search(texts)
    return texts.where(~texts.index.isin(found.index), found["redacted"].reindex(texts.index))


@cache
def _detector() -> PersonalData:
    national = profiles.load("national")
    return PersonalData.from_tables(national.table("person_marks"), national.table("surnames"))


def _masked_record(text: str, layer: str) -> str:
    record = pd.Series(json.loads(text), dtype="object")
    texts = record.index.isin(FREE_TEXT[layer])
    record[texts] = redacted(record[texts])
    record[record.index.isin(PERSONAL[layer])] = REDACTED
    return json.dumps(record.to_dict(), ensure_ascii=False)


def masked_record(layer: Layer, record: pd.Series, sight: Sight = EXACT) -> list[dict[str, Any]]:
    """Fields of a record that are not empty, with their titles; personal values masked, places as ``sight`` sees them."""
    cells = {
        str(name): sight.cell(layer.name, str(name), to_text(value))
        for name, value in record.items()
        if name != "geometry"
    }
    shown = pd.Series({name: text for name, text in cells.items() if text is not None}, dtype="object")
    texts = shown.index.isin(FREE_TEXT.get(layer.name, ()))
    shown[texts] = redacted(shown[texts])
    shown[shown.index.isin(PERSONAL[layer.name])] = REDACTED
    if layer.name == CASES and BODY in shown:
        shown[BODY] = masked_body(shown[BODY])
    titles = {name: known.title for name in shown.index if (known := layer.field_named(name))}
    return [
        {"field": name, "title": titles.get(name, Text(name, name))._asdict(), "value": text}
        for name, text in shown.items()
    ]
