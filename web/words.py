"""Words and small filters of the templates: titles of layers, fields and values instead of their codes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import shapely
from flask import Flask
from markupsafe import Markup, escape

from doorplates.addresses.personal import REDACTED
from register.cases.privacy import PERSONAL
from register.catalogue import BY_CODE
from register.dictionary import DICTIONARY
from register.exchange.words import words_of
from register.pages import FIXES, GROUPS, HEADINGS, LEVELS, REMEDIES
from rulebook.language import Text
from web.evidence import EVIDENCE
from web.language import lang, t

LONGEST_VALUE = 160
NAMING_FIELDS = ("name", "text", "number", "record_name", "title")
FIELD_TITLES = {known.name: known.title for layer in DICTIONARY.values() for known in layer.fields}
SAFETY = {
    "safe": Text("稳妥的修改，可直接接受", "safe repair: may be accepted as it is"),
    "review": Text("建议的修改，请核对后再接受", "proposed repair: check it before accepting"),
    "none": Text("没有可直接执行的修改", "no repair to apply"),
}
PLACES_OF_WORK = {
    "desk": Text("可在办公室处理", "can be settled at the desk"),
    "field": Text("需要到现场核实", "needs a look on site"),
}


def init_app(app: Flask) -> None:
    """Give templates the words and filters."""
    app.jinja_env.globals.update(
        LEVELS=LEVELS, REMEDIES=REMEDIES, FIXES=FIXES, HEADINGS=HEADINGS, GROUPS=GROUPS, SAFETY=SAFETY,
        PLACES_OF_WORK=PLACES_OF_WORK,
        layer_title=layer_title, field_title=field_title, shown_edit=shown_edit, marked=marked, shown=shown,
        evidence_rows=evidence_rows, reference=reference, rule_title=rule_title, rule_level=rule_level, coded=coded, clock=clock, value_word=value_word, record_name=record_name,
    )  # fmt: skip


def layer_title(layer: str) -> str:
    """A layer's title in the language of the page, its name when the dictionary does not know it."""
    return t(DICTIONARY[layer].title) if layer in DICTIONARY else layer


def field_title(layer: str, field: str) -> str:
    """A field's title in the language of the page, its name when the dictionary does not know it."""
    if field in ("geometry", "*"):
        return t("位置图形", "geometry") if field == "geometry" else t("整条记录", "whole record")
    known = DICTIONARY[layer].field_named(field) if layer in DICTIONARY else None
    return t(known.title) if known else field


def shown(value: Any) -> str:
    """A value for people: missing as a dash, lists by their members, very long text cut."""
    if value is None or value == "":
        return "—"
    if isinstance(value, (list, tuple)):
        return "、".join(shown(member) for member in value) or "—"
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if isinstance(value, Mapping):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def shown_edit(edit: Mapping[str, Any], evidence: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An edit for people: personal values masked, geometries measured instead of written out.

    Where the ``evidence`` of a finding says ``redacted`` for a ``field``, the value before is shown in that form only.
    """
    hidden = edit["field"] in PERSONAL.get(edit["layer"], ())
    shape = edit["field"] == "geometry"
    closed = _is_closed(edit["layer"], edit["field"])

    def told(value: str | None) -> str | None:
        if value is None:
            return None
        if hidden:
            return REDACTED
        if shape:
            return _shape_words(value)
        return value_word(edit["layer"], edit["field"], value) if closed else value

    before = told(edit["before"])
    if evidence and "redacted" in evidence and evidence.get("field") == edit["field"]:
        before = evidence["redacted"]
    return {**edit, "before": before, "after": told(edit["after"]), "plain": hidden or shape or closed}


def _is_closed(layer: str, field: str) -> bool:
    known = DICTIONARY[layer].field_named(field) if layer in DICTIONARY else None
    return known is not None and bool(known.allowed)


def _shape_words(wkt: str) -> str:
    """A geometry in the register's CRS by what people compare: coordinates, length or area, and vertices."""
    shape = shapely.from_wkt(wkt)
    if shape.geom_type == "Point":
        return f"{shape.x:.2f}, {shape.y:.2f}"
    vertices = shapely.get_num_coordinates(shape)
    counted = t(f"{vertices} 个折点", f"{vertices} vertices")
    if shape.area:
        return t(f"面积 {shape.area:,.1f} 平方米，{counted}", f"area {shape.area:,.1f} m², {counted}")
    return t(f"长 {shape.length:,.1f} 米，{counted}", f"length {shape.length:,.1f} m, {counted}")


def marked(before: str | None, after: str | None) -> tuple[Markup, Markup]:
    """Two values with the characters that differ marked: taken away in the first, new in the second."""
    old, new = str(before or ""), str(after or "")
    first, second = Markup(), Markup()
    for action, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            first += old[a:b]
            second += new[c:d]
        else:
            first += Markup("<del>{}</del>").format(_visible(old[a:b])) if b > a else ""
            second += Markup("<ins>{}</ins>").format(_visible(new[c:d])) if d > c else ""
    return first or Markup("—"), second or Markup("—")


def _visible(text: str) -> str:
    """Text with blanks as visible signs, other characters that nobody sees as their code points."""
    signs = {" ": "␣", "\u3000": "␣", "\t": "⇥"}
    return "".join(signs.get(sign, sign if sign.isprintable() else f"⟨{ord(sign):04X}⟩") for sign in text)


def evidence_rows(finding: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Title and value of what a finding rests on; a key that is a field of the layer is called by its title."""
    layer = finding["layer"]
    hidden = PERSONAL.get(layer, frozenset())
    return [
        (evidence_title(layer, name), REDACTED if name in hidden else value_word(layer, name, value))
        for name, value in finding["evidence"].items()
    ]


def evidence_title(layer: str, name: str) -> str:
    """What a fact of a finding is called: the field's title, the word for it, else its own name."""
    known = DICTIONARY[layer].field_named(name) if layer in DICTIONARY else None
    title = known.title if known else EVIDENCE.get(name) or FIELD_TITLES.get(name)
    return t(title) if title else name


def value_word(layer: str, field: str, value: Any) -> str:
    """A value for people: the word for a value of a closed list, in Chinese."""
    if lang() != "zh" or not isinstance(value, str):
        return shown(value)
    return _value_words(layer).get((field, value)) or _value_words("").get((field, value)) or shown(value)


@cache
def _value_words(layer: str) -> dict[tuple[str, str], str]:
    """(field, value) → its first word in the list of words, of one layer or (empty) of whichever layer has it."""
    layers = [layer] if layer else list(DICTIONARY)
    return {
        (field, value): word for name in reversed(layers) for (field, word), value in reversed(words_of(name).items())
    }


def reference(mark: str) -> tuple[str, str]:
    """Layer and record id of a ``layer:id``."""
    layer, _, record_id = mark.partition(":")
    return layer, record_id


def rule_title(code: str) -> str:
    """A rule's title in the language of the page, nothing for a retired code."""
    return t(BY_CODE[code].title) if code in BY_CODE else ""


def rule_level(code: str) -> str:
    """The level of a rule by the catalogue, for its sign in the overview."""
    return BY_CODE[code].level.value if code in BY_CODE else "info"


def coded(text: str) -> Markup:
    """A sentence of the catalogue with its literals, written between backticks, set off."""
    pieces = text.split("`")
    shaped = [
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    ]
    return Markup().join(shaped)


def clock(at: str) -> str:
    """A time of the log (ISO, UTC) as this computer's clock shows it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def record_name(record: Mapping[str, Any]) -> str:
    """What people call a record: its name, text or number, else its id."""
    values = {one["field"]: one["value"] for one in record["fields"]}
    return next((values[field] for field in NAMING_FIELDS if values.get(field)), record["record_id"])
