"""What an approval writes: the new name with its place code, the changed name, the old name kept as historic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import shapely

from gazetteer.codes import listed
from gazetteer.rules.category_inconsistent import OF_KIND
from register.cases.applications_pretest import layer_of
from register.cases.casebook import EditRow, new_record
from register.cases.former_names import NAME_LAYERS
from register.dictionary import DICTIONARY
from register.store import Register
from rulebook.errors import CallError
from rulebook.profile import Profile
from rulebook.values import GEOMETRY, to_text

PLACE_CODE = re.compile(r"\d{14}(?!000000)\d{6}", re.ASCII)
CATEGORY = re.compile(r"\d{5}", re.ASCII)
WHOLE_COUNTY = "000"
PREFIX, SERIAL, CATEGORY_DIGITS = 14, 6, 5


def category_of(profile: Profile, kind: str, generic: str) -> str:
    """Category code of a kind of name: by kind and generic part, by kind alone, else as the profile's ``naming`` says;
    empty when none of them knows.
    """
    table = profile.table(OF_KIND).set_index(["kind", "generic"])["category"]
    for key in ((kind, generic), (kind, "*")):
        if key in table.index:
            return str(table[key])
    return str(profile.setting("naming")["categories"].get(kind, ""))


def proposed_code(register: Register, division_code: str, category: str) -> str:
    """The next free place code: division 6, township 3 (000 where several are crossed), category 5, serial 6.

    Serials of records that have ended are not given again. Empty when the division or the category is not known.
    """
    codes = listed(pd.Series([division_code], dtype="str"))
    townships = codes.str[:9].unique()
    if (
        not len(townships)
        or not CATEGORY.fullmatch(category)
        or not all(re.fullmatch(r"\d{9}", one) for one in townships)
    ):
        return ""
    place = townships[0] if len(townships) == 1 else townships[0][:6] + WHOLE_COUNTY
    series = place + category
    taken = pd.concat([register.layer(layer)["place_code"].dropna() for layer in NAME_LAYERS])
    serials = pd.to_numeric(taken[taken.str.startswith(series) & (taken.str.len() == PREFIX + SERIAL)].str[PREFIX:])
    return f"{series}{int(serials.max()) + 1 if len(serials) else 1:06d}"


def check_code(register: Register, code: str, own: str, category: str = "") -> None:
    """Raise CallError when a place code is not 20 digits, has another category than the one given, or another record
    (not ``own``, ``layer:id``) has it.
    """
    if not PLACE_CODE.fullmatch(code):
        raise CallError(
            f"地名代码“{code}”应为 20 位数字，顺序号不为零。", f'A place code is 20 digits with a serial, not "{code}".'
        )
    if category and code[PREFIX - CATEGORY_DIGITS : PREFIX] != category:
        raise CallError(
            f"地名代码 {code} 中的类别不是 {category}。", f"The category in the place code {code} is not {category}."
        )
    for layer in NAME_LAYERS:
        frame = register.layer(layer)
        for record_id in frame.index[frame["place_code"] == code]:
            if f"{layer}:{record_id}" != own:
                raise CallError(
                    f"地名代码 {code} 已由 {layer}:{record_id} 使用。",
                    f"The place code {code} is used by {layer}:{record_id} already.",
                )


def entered(kind: str, cells: Mapping[str, Any], planned: pd.Series | None) -> tuple[list[EditRow], str]:
    """Edits that let a new name into the register, and its mark ``layer:id``.

    A planned record keeps its id and becomes the approved one; otherwise the id is the place code.
    """
    layer = layer_of(kind)
    known = {name: value for name, value in cells.items() if name in DICTIONARY[layer].columns or name == GEOMETRY}
    if planned is not None:
        return changed(layer, planned, known), f"{layer}:{planned['id']}"
    record_id = str(cells["place_code"])
    return [new_record(layer, record_id, {**known, "id": record_id})], f"{layer}:{record_id}"


def renamed(
    layer: str, record: pd.Series, cells: Mapping[str, Any], *, on: str, note: str, ids: pd.Index
) -> tuple[list[EditRow], str]:
    """Edits that give a record its new name and keep the old one as a historic record of its own, and that record's mark."""
    known = {name: value for name, value in cells.items() if name in DICTIONARY[layer].columns}
    if layer == "place_names":
        known["aliases"] = ";".join([*str(to_text(record["aliases"]) or "").split(";"), str(record["name"])]).strip(";")
    number = next(n for n in range(1, len(ids) + 2) if f"{record['id']}-former-{n}" not in ids)
    old_id = f"{record['id']}-former-{number}"
    old = {name: record[name] for name in record.index if name in DICTIONARY[layer].columns or name == GEOMETRY}
    old |= {"id": old_id, "status": "historic", "place_code": None, "valid_to": on, "note": note}
    if layer == "place_names":
        old["abolished_on"] = on
    return [*changed(layer, record, known), new_record(layer, old_id, old)], f"{layer}:{old_id}"


def abolished(layer: str, record: pd.Series, on: str, note: str) -> list[EditRow]:
    """Edits that make a name historic."""
    cells = {"status": "historic", "valid_to": on, "note": note}
    if layer == "place_names":
        cells["abolished_on"] = on
    return changed(layer, record, cells)


def changed(layer: str, record: pd.Series, cells: Mapping[str, Any]) -> list[EditRow]:
    """Edits of the cells that differ."""
    texts = {name: (to_text(record[name]), to_text(value)) for name, value in cells.items()}
    return [
        (layer, str(record["id"]), name, before, after) for name, (before, after) in texts.items() if before != after
    ]


def fitted(kind: str, shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """A shape as the kind's layer takes it; raises CallError for a road that is no line."""
    if shape is None or kind != "road":
        return shape
    if shapely.get_dimensions(shape) != 1:
        raise CallError("道路的位置应是一条线。", "The place of a road is a line.")
    parts = shapely.get_parts(shape)
    return shapely.multilinestrings(parts)
