"""What a plate is to be made of: its size and layout, the words and the QR code on it, and why it cannot be made.

Sizes are a table of the profile (``plate_sizes``), the size for a kind of plate and class of road another
(``plate_choice``); a size that the record names comes first. Layouts follow GB 17733.1-1999 (large plates: upper fifth
name, middle three fifths number; small plates: upper two fifths name, lower three fifths number) and GB 17733-2008 as
cited (plates of buildings: left three fifths name, right two fifths number).
"""

from __future__ import annotations

import re
import string
from typing import Any

import pandas as pd

from doorplates.layers import DOORPLATES
from rulebook.errors import ProfileError
from rulebook.language import Text
from rulebook.profile import Profile

PERSONAL = frozenset(known.name for known in DOORPLATES.fields if known.personal)
SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(?:mm|cm|毫米|厘米)?\s*[*xX×＊]\s*(\d+(?:\.\d+)?)\s*(mm|cm|毫米|厘米)?\s*$")
CENTIMETRES = ("cm", "厘米")
SIGNS = {"door": "号", "building": "幢", "unit": "单元", "room": "室"}

NOT_STANDING = Text("门牌已注销或失效，不制作", "cancelled or ended: not to be made")
NO_NAME = Text("缺道路或地名", "its road or place is missing")
NO_NUMBER = Text("门牌号不合写法", "its number cannot be read")
UNCLEAR = Text("门牌号须先由人确认", "a person must first say what its number means")
NO_ADDRESS = Text("缺标准地址", "it has no standard address")
ODD_SIZE = Text("登记的规格“{size}”不在规格表中，按默认规格", 'its size "{size}" is not listed; the usual one is taken')
NO_QR = Text("二维码无内容", "nothing to put in the QR code")


def metal(told: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """For plates (``plate_facts.facts``), indexed alike: ``plate`` (name of the kind of plate), ``width_mm``,
    ``height_mm``, ``layout``, ``sign_name``, ``sign_pinyin``, ``sign_number`` (what is written on it), ``qr`` (missing:
    none), ``ready`` (whether it may be made) and ``remarks`` (tuples of ``Text``).
    """
    sized = _sizes(told, profile)
    sign_number = told["written"]
    for part in ("building", "unit", "room"):
        sign_number = sign_number.mask(told["part"].eq(part), told[part])
    small = sized["layout"].isin(["small", "part"])
    made = sized.assign(
        sign_name=told["name"].where(sized["layout"].ne("part"), None),
        sign_pinyin=told["name_pinyin"].where(~small, None),
        sign_number=sign_number,
        sign_word=told["part"].map(SIGNS),
        qr=qr_content(told, profile),
    )
    unreadable = told["legal"].isin([False])
    blocked = {
        NOT_STANDING: ~told["standing"],
        NO_NAME: told["name"].isna(),
        NO_NUMBER: told["part"].eq("door") & unreadable,
        UNCLEAR: told["part"].eq("door") & told["legal"].isna(),
    }
    ready = ~pd.concat(blocked, axis=1).any(axis=1) if len(told) else pd.Series(dtype="bool")
    noted = {**blocked, ODD_SIZE: sized["odd_size"], NO_QR: made["qr"].isna()}
    remarks = [
        tuple(text.format(size=size) for text, holds in zip(noted, row, strict=True) if holds)
        for row, size in zip(pd.concat(noted, axis=1).to_numpy(), told["size"], strict=True)
    ]
    return made.drop(columns="odd_size").assign(ready=ready, remarks=pd.Series(remarks, told.index, dtype="object"))


def _sizes(told: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    listed = profile.table("plate_sizes").astype({"width_mm": "int64", "height_mm": "int64"})
    known = listed.drop_duplicates(["width_mm", "height_mm"]).set_index(["width_mm", "height_mm"])
    usual = _usual(told, profile.table("plate_choice"))
    named = {text: _listed_size(text, known.index) for text in told["size"].dropna().unique()}
    given = told["size"].map(named)
    odd = told["size"].notna() & given.isna()
    sizes = pd.Series(
        [own if isinstance(own, tuple) else most for own, most in zip(given, usual, strict=True)],
        told.index,
        dtype="object",
    )
    facts = known.reindex(pd.MultiIndex.from_tuples(list(sizes), names=known.index.names)) if len(told) else known[:0]
    return pd.DataFrame(
        {
            "plate": facts["plate"].fillna("门牌").to_numpy(),
            "width_mm": [size[0] for size in sizes],
            "height_mm": [size[1] for size in sizes],
            "layout": facts["layout"].fillna("small").to_numpy(),
            "odd_size": odd,
        },
        index=told.index,
    )


def _listed_size(text: str, listed: pd.MultiIndex) -> tuple[int, int] | None:
    """A size as recorded (300*200, 30*20, 60x40cm), as one of the listed sizes in millimetres."""
    found = SIZE.match(text)
    if found is None:
        return None
    figures = float(found[1]), float(found[2])
    scales = (10,) if found[3] in CENTIMETRES else (1, 10) if found[3] is None else (1,)
    for scale in scales:
        size = round(figures[0] * scale), round(figures[1] * scale)
        if size in listed:
            return size
    return None


def _usual(told: pd.DataFrame, choice: pd.DataFrame) -> list[tuple[int, int]]:
    sizes = {
        (row["part"], row["kind"], row["road_class"]): (int(row["width_mm"]), int(row["height_mm"]))
        for row in choice.astype("object").where(choice.notna(), None).to_dict("records")
    }
    found = []
    for part, kind, road_class in zip(told["part"], told["kind"], told["road_class"], strict=True):
        tried = ((part, kind, road_class), (part, kind, None), (part, None, None))
        size = next((sizes[one] for one in tried if one in sizes), None)
        if size is None:
            raise ProfileError(
                f"表 plate_choice 没有 {part}/{kind} 的规格。", f"The table plate_choice has no size for {part}/{kind}."
            )
        found.append(size)
    return found


def qr_content(told: pd.DataFrame, profile: Profile) -> pd.Series:
    """What the QR codes say: the first form of the profile whose fields the plate has. Raises ProfileError for a field
    that is not there or is personal.
    """
    content = pd.Series(None, index=told.index, dtype="object")
    for form in settings(profile)["qr"]:
        names = [name for _, name, _, _ in string.Formatter().parse(form) if name]
        wrong = [name for name in names if name in PERSONAL or name not in told.columns or name == "geometry"]
        if wrong:
            raise ProfileError(
                f"配置 {profile.name} 的二维码内容不能含有 {wrong[0]}（个人信息或不存在的字段）。",
                f"Profile {profile.name}: QR codes cannot hold {wrong[0]} (personal, or no such field).",
            )
        has_all = told[names].notna().all(axis=1) & content.isna()
        filled = [form.format(**row) for row in told.loc[has_all, names].to_dict("records")]
        content[has_all] = filled
    return content


def settings(profile: Profile) -> dict[str, Any]:
    """The profile's ``plate_papers``."""
    found: dict[str, Any] = dict(profile.setting("plate_papers"))
    return found
