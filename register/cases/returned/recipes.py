"""Recipes: decisions on one list, kept to be taken again on the next.

A recipe is made of a plan that a person has gone through: wherever all rows of one kind (rule, layer, field, safety) were
decided alike, that decision is kept. It never decides where people decided differently, nor where rows conflict.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pandas as pd

from register.exchange.output import replacing
from rulebook.errors import CallError, FileError

KIND = ("rule", "layer", "field", "safety")
DECISIONS = ("yes", "no")


def learnt(plan: pd.DataFrame) -> pd.DataFrame:
    """Kinds of rows (``KIND``) that were all decided alike, with the decision and how many there were."""
    decided = plan[plan["accept"].isin(DECISIONS)]
    groups = decided.groupby(list(KIND), dropna=False)["accept"]
    kinds = groups.agg(["nunique", "first", "size"]).reset_index()
    kept = kinds[kinds["nunique"] == 1].rename(columns={"first": "accept", "size": "seen"})
    return kept[[*KIND, "accept", "seen"]].reset_index(drop=True)


def write(path: Path, recipe: pd.DataFrame, title: str) -> None:
    """Write a recipe as TOML that a person can read and edit."""
    lines = [f"title = {json.dumps(title, ensure_ascii=False)}"]
    for row in recipe.to_dict("records"):
        cells = {name: row[name] for name in (*KIND, "accept") if isinstance(row[name], str)}
        lines += [
            "",
            "[[decision]]",
            *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in cells.items()),
        ]
    with replacing(Path(path)) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path) -> pd.DataFrame:
    """Read a recipe back; raises FileError with the wrong key or value."""
    try:
        parsed = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FileError(f"读不了配方 {path}：{fault}。", f"The recipe {path} cannot be read: {fault}.") from fault
    decisions = parsed.get("decision", [])
    if not isinstance(decisions, list) or not decisions:
        raise CallError(f"配方 {path} 中没有 [[decision]]。", f"The recipe {path} has no [[decision]].")
    for number, one in enumerate(decisions, 1):
        wrong = [key for key in one if key not in (*KIND, "accept")]
        if wrong or one.get("accept") not in DECISIONS:
            raise CallError(
                f"配方 {path} 第 {number} 条有误：只能有 {'、'.join(KIND)}，且 accept 为 yes 或 no。",
                f"Recipe {path}, decision {number} is wrong: it has {', '.join(KIND)} and accept = yes or no.",
            )
    return pd.DataFrame(decisions, dtype="object").reindex(columns=[*KIND, "accept"])


def follow(plan: pd.DataFrame, recipe: pd.DataFrame) -> pd.DataFrame:
    """The plan with the recipe's decisions on rows that nobody has decided and that conflict with no other.

    A decision fits a row when every cell that it gives is the row's; the first that fits counts.
    """
    decided = plan["accept"].copy()
    free = decided.isna()
    if "conflict" in plan:
        free &= plan["conflict"].isna()
    for one in recipe.to_dict("records"):
        fits = free.copy()
        for name in KIND:
            if isinstance(one[name], str):
                fits &= plan[name].eq(one[name])
        decided = decided.mask(fits, one["accept"])
        free &= ~fits
    return plan.assign(accept=decided)
