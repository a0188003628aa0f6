"""The list of plates that the workshop is to make: sizes, words, pinyin, quantity; as XLSX, and as a numbered order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from register import profiles
from register.cases import plate_drawings, plate_facts, plate_metal
from register.cases.casebook import Case, open_case
from register.cases.checking import today_text
from register.cases.plate_facts import Choice
from register.exchange.output import replacing
from register.exchange.safe_cells import guard
from register.people import Person, Right
from register.store import Register
from rulebook.errors import CallError
from rulebook.language import Text
from rulebook.profile import Profile

KIND = "plate-order"
HEADINGS: dict[str, Text] = {
    "no": Text("序号", "no."),
    "id": Text("门牌标识", "plate id"),
    "plate": Text("牌种", "kind of plate"),
    "width_mm": Text("宽（毫米）", "width (mm)"),
    "height_mm": Text("高（毫米）", "height (mm)"),
    "sign_name": Text("名称", "name"),
    "sign_pinyin": Text("拼音", "pinyin"),
    "number": Text("号码", "number"),
    "qr": Text("二维码内容", "QR code"),
    "quantity": Text("数量", "quantity"),
    "township": Text("镇街道", "township"),
    "community": Text("村社区", "community"),
    "address": Text("安装地址", "where it goes"),
    "remarks": Text("说明", "remarks"),
}
WIDTHS = {"no": 6, "id": 14, "sign_name": 16, "sign_pinyin": 24, "qr": 20, "address": 34, "remarks": 30}
SUMMARY = {
    "plate": HEADINGS["plate"],
    "width_mm": HEADINGS["width_mm"],
    "height_mm": HEADINGS["height_mm"],
    "quantity": HEADINGS["quantity"],
}


def prepared(register: Register, choice: Choice, *, today: str = "") -> tuple[pd.DataFrame, Profile]:
    """Facts and metal of the chosen plates; raises CallError when there are none."""
    profile = profiles.load(register.profile_name)
    told = plate_facts.facts(register, choice, today=today)
    plate_facts.require_some(told)
    return told.join(plate_metal.metal(told, profile)), profile


def order_rows(plates: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The lines of an order. A plate that cannot be made stays in the list with quantity 0 and the reason."""
    rows = plates.assign(
        no=range(1, len(plates) + 1),
        number=plates["sign_number"].fillna("") + plates["sign_word"],
        quantity=plates["ready"].astype("int64"),
        remarks=[
            ("；" if lang == "zh" else "; ").join(remark.within(lang) for remark in remarks)
            for remarks in plates["remarks"]
        ],
    )
    return pd.DataFrame(rows[list(HEADINGS)])


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """How many plates of each kind and size."""
    made = rows[rows["quantity"] > 0]
    counted = made.groupby(["plate", "width_mm", "height_mm"], as_index=False)["quantity"].sum()
    return counted.sort_values(["width_mm", "height_mm"], ascending=False, ignore_index=True)


def write_order(path: Path, rows: pd.DataFrame, lang: str, title: str) -> None:
    """Write the lines and the sums as XLSX: codes and numbers stay text, nothing in it can run."""
    with replacing(Path(path)) as temporary:
        book = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
        try:
            _sheet(
                book.add_worksheet(Text("制作清单", "plates").within(lang)), book, rows, _within(HEADINGS, lang), title
            )
            sums = book.add_worksheet(Text("汇总", "sums").within(lang))
            _sheet(sums, book, summary(rows), _within(SUMMARY, lang), title)
        finally:
            book.close()


def place_order(register: Register, plates: pd.DataFrame, person: Person, *, today: str = "") -> Case:
    """Number an order of the plates that can be made (``plate-order-2026-0001``); it is a case of the register."""
    person.require(Right.DECIDE)
    ready = plates[plates["ready"]]
    if ready.empty:
        raise CallError("所选门牌没有一块可以制作，未立单。", "None of the plates can be made; there is no order.")
    rows = summary(order_rows(plates, "zh"))
    return open_case(
        register,
        KIND,
        f"门牌制作 {len(ready)} 块",
        state="ordered",
        actor=person.name,
        today=today or today_text(),
        body={"plates": len(ready), "sizes": rows.astype("object").to_dict("records")},
        records=tuple(f"doorplates:{plate}" for plate in ready.index),
    )


def drawings(plates: pd.DataFrame, profile: Profile) -> dict[str, str]:
    """SVG drawings of the plates that can be made, by record id."""
    ready = plates[plates["ready"]]
    rows = plate_drawings.records(ready)
    return {str(plate): plate_drawings.drawing(row, profile) for plate, row in zip(ready.index, rows, strict=True)}


def _within(headings: dict[str, Text], lang: str) -> dict[str, str]:
    return {name: text.within(lang) for name, text in headings.items()}


def _sheet(sheet: Any, book: Any, rows: pd.DataFrame, headings: dict[str, str], title: str) -> None:
    heading = book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1, "text_wrap": True, "valign": "top"})
    text, wrapped = book.add_format({"num_format": "@", "border": 1}), book.add_format({"text_wrap": True, "border": 1})
    number = book.add_format({"border": 1})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for column, (key, label) in enumerate(headings.items()):
        sheet.write_string(1, column, label, heading)
        sheet.set_column(column, column, WIDTHS.get(key, 11))
        for line, value in enumerate(rows[key], start=2):
            if isinstance(value, int):
                sheet.write_number(line, column, value, number)
            elif pd.notna(value):
                sheet.write_string(line, column, guard(str(value)), wrapped if key == "remarks" else text)
            else:
                sheet.write_blank(line, column, None, number)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
