"""A proposed new name and what goes with it: the record's two parts and its romanisation follow the name."""

from __future__ import annotations

import pandas as pd

from gazetteer.spellings import lexicon, modifiers, proposed, spellings
from gazetteer.split import TABLE, UNDIVIDED, infer, kind_of
from gazetteer.text import core, plain
from rulebook.context import Context
from rulebook.findings import Findings

FINDING = "finding"


def rename(findings: Findings, ctx: Context, after: pd.Series, *, option: str = "") -> Findings:
    """Propose ``after`` as ``name``, and the ``specific``, ``generic`` and ``pinyin`` of that name where the record has
    other ones; cells that are empty stay empty, they are faults of other rules.

    ``after`` is indexed by record id, or by finding number (then the index is named ``finding``). Rules that call this
    declare ``spellings.NEEDED_TABLES``.
    """
    ids = findings.rows["record_id"]
    given = after if after.index.name == FINDING else after.reindex(ids).set_axis(ids.index)
    named = given.dropna().rename_axis(FINDING)
    if named.empty:
        return findings
    findings = findings.propose("name", named, option=option)
    owner = ids[named.index]
    recorded = findings.source.reindex(columns=["specific", "generic", "pinyin"]).reindex(owner).set_axis(named.index)
    kind = kind_of(findings.source).reindex(owner).set_axis(named.index)
    name = core(plain(named.astype("str")), ctx.setting("provisional_marks"))
    parts = infer(name, kind, ctx.table(TABLE))
    divided = ~kind.isin(UNDIVIDED)
    for column in ("specific", "generic"):
        stale = recorded[column].notna() & divided & (plain(recorded[column].astype("str")) != parts[column])
        findings = findings.propose(column, parts[column].where(stale).rename_axis(FINDING), option=option)
    spelt = spellings(parts.assign(name=name, kind=kind), lexicon(ctx), modifiers(ctx))
    written = recorded["pinyin"].reindex(spelt.index)
    stale = [isinstance(old, str) and not new.accepts(old) for old, new in zip(written, spelt, strict=True)]
    return findings.propose("pinyin", proposed(spelt[stale]).rename_axis(FINDING), option=option)
