"""A returned batch in the register: the sender's file as it came, the map it was read by, a row of ours for each of its.

The batch is a case (``register.cases.casebook``); the rows are the layer ``returned_problems``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from register.cases.casebook import Case, all_cases, open_case, step
from register.cases.returned import maps
from register.cases.returned.intake import ReturnedList, read, read_bytes
from register.cases.returned.judging import Judgement, judge
from register.cases.returned.maps import ExchangeMap
from register.dictionary import DICTIONARY
from register.store import Register
from rulebook.errors import CallError

KIND = "returned"
OPEN, ANSWERED = "open", "answered"
MEDIA_TYPES = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
KEPT = tuple(name for name in maps.TAKEN if name not in (*maps.POSITION, "layer"))


@dataclass(frozen=True)
class Taken:
    """What became of a list: its case, how many rows, counts by verdict and by grade; ``again`` when it was in already."""

    case: Case
    rows: int
    by_verdict: dict[str, int]
    by_grade: dict[str, int]
    again: bool


def take(register: Register, path: Path, batch: str, *, given: ExchangeMap | None, actor: str, today: str) -> Taken:
    """Take a sender's list into the register under the name ``batch``, matched and judged.

    The same file again changes nothing but the verdicts; raises CallError when the batch holds another file.
    """
    path = Path(path)
    if not batch.strip() or "/" in batch:
        raise CallError("批次名不能为空，也不能含“/”。", 'The name of a batch must not be empty nor hold "/".')
    listed = read(path, given, _maps_used(register))
    content = path.read_bytes()
    known = batch_case(register, batch, missing=True)
    if known is not None and known.body["file"] != hashlib.sha256(content).hexdigest():
        raise CallError(
            f"批次“{batch}”已有另一份文件（{known.body['name']}）；请另取批次名。",
            f'The batch "{batch}" holds another file ({known.body["name"]}); choose another name.',
        )
    digest = register.attach(path.name, MEDIA_TYPES.get(path.suffix.lower(), "text/plain"), content)
    judged = judge(register, listed, today=today, before=_matched(register, batch))
    case = known or _opened(register, batch, path.name, digest, listed, actor=actor, today=today)
    frame = _frame(register, batch, listed, judged, today)
    register.put(maps.LAYER, frame, actor=actor, reason=f"反馈清单 {batch}")
    return Taken(
        case,
        len(judged),
        dict(Counter(one.verdict for one in judged)),
        dict(Counter(one.match.grade for one in judged)),
        known is not None,
    )


def batch_case(register: Register, batch: str, *, missing: bool = False) -> Case | None:
    """The case of a batch; raises CallError with the batches there are, unless ``missing`` is allowed."""
    cases = all_cases(register, KIND)
    for case in cases:
        if case.title == batch:
            return case
    if missing:
        return None
    names = "、".join(case.title for case in cases) or "（无）"
    raise CallError(f"没有批次“{batch}”；现有：{names}。", f'There is no batch "{batch}"; there are: {names}.')


def listed_in(register: Register, case: Case) -> ReturnedList:
    """The sender's list of a batch, read again as it came."""
    kept = register.attachment(case.body["file"])
    if kept is None:
        raise CallError(f"批次“{case.title}”的原文件已不在登记库中。", f'The file of the batch "{case.title}" is gone.')
    return read_bytes(kept.name, kept.content, maps.parsed(case.body["map"], case.title))


def rows_of(register: Register, batch: str) -> pd.DataFrame:
    """Our rows of a batch in the sender's order, indexed by row number."""
    frame = register.layer(maps.LAYER)
    mine = frame[frame["batch"] == batch].set_index("row_no", drop=False)
    case = batch_case(register, batch)
    order = [number for number in (case.body["order"] if case else []) if number in mine.index]
    return mine.loc[order]


def close(register: Register, case: Case, *, actor: str, today: str) -> None:
    """Mark a batch as answered."""
    after = replace(case, state=ANSWERED, closed_on=today)
    if after != case:
        step(register, case, after, actor=actor, reason=f"答复反馈清单 {case.title}")


def _opened(
    register: Register, batch: str, name: str, digest: str, listed: ReturnedList, *, actor: str, today: str
) -> Case:
    body: dict[str, Any] = {
        "file": digest,
        "name": name,
        "map": _as_table(listed.chosen),
        "order": listed.rows["row_no"].tolist(),
        "revision": register.revision,
    }
    due = listed.rows["due_on"].dropna()
    return open_case(
        register, KIND, batch, state=OPEN, actor=actor, today=today, reason=f"收到反馈清单 {batch}", body=body,
        due_on=min(due) if len(due) else None,
    )  # fmt: skip


def _frame(
    register: Register, batch: str, listed: ReturnedList, judged: Sequence[Judgement], today: str
) -> pd.DataFrame:
    """Rows of the layer: what the sender wrote and what we make of it. A row whose repair is under way keeps its state."""
    layer = DICTIONARY[maps.LAYER]
    frame = listed.rows[list(KEPT)].copy()
    frame["batch"] = batch
    frame["received_on"] = frame["received_on"].fillna(today)
    frame["layer"] = [one.mark.partition(":")[0] if one.mark else None for one in judged]
    frame["record_id"] = [one.mark.partition(":")[2] if one.mark else None for one in judged]
    frame["match_grade"] = [one.match.grade for one in judged]
    frame["rule"] = [one.rule or None for one in judged]
    frame["verdict"] = [one.verdict for one in judged]
    frame["answer"] = [one.answer.zh for one in judged]
    frame["answered_on"] = today
    conformed = layer.conform(frame)
    known = register.layer(maps.LAYER).reindex(conformed.index)
    found_again = conformed["verdict"].eq("confirmed")
    excused = _excuses(register, known).where(~found_again)
    came_right = known["verdict"].eq("confirmed") & conformed["verdict"].isin(["already_fixed", "not_reproduced"])
    came_right &= excused.isna()
    conformed.loc[came_right, "answer"] = "属实，" + conformed.loc[came_right, "answer"]
    conformed.loc[came_right, "verdict"] = "confirmed"
    conformed["rule"] = known["rule"].where(excused.notna(), conformed["rule"])
    conformed["verdict"] = conformed["verdict"].mask(excused.notna(), "not_reproduced")
    conformed["answer"] = ("经核实不作修改，已登记豁免：" + excused).where(excused.notna(), conformed["answer"])
    same = known["answer"].eq(conformed["answer"])
    conformed["answered_on"] = known["answered_on"].where(same, conformed["answered_on"])
    conformed["fix_state"] = known["fix_state"].fillna("open")
    excused_before = known["verdict"].eq("not_reproduced") & conformed["fix_state"].eq("rejected")
    taken_back = found_again & (conformed["fix_state"].eq("applied") | excused_before)
    conformed.loc[taken_back, "fix_state"] = "open"
    conformed.loc[came_right, "fix_state"] = "applied"
    conformed.loc[excused.notna(), "fix_state"] = "rejected"
    return conformed[
        [
            *layer.key,
            *KEPT[1:],
            "layer",
            "record_id",
            "match_grade",
            "rule",
            "verdict",
            "fix_state",
            "answer",
            "answered_on",
        ]
    ]


def _matched(register: Register, batch: str) -> dict[str, tuple[str, str]]:
    """Grade and ``layer:id`` of the rows of a batch that have been matched with one record, by row number."""
    frame = register.layer(maps.LAYER)
    mine = frame[(frame["batch"] == batch) & frame["match_grade"].isin(["A", "B"]) & frame["record_id"].notna()]
    marks = mine["layer"] + ":" + mine["record_id"]
    return dict(zip(mine["row_no"], zip(mine["match_grade"], marks, strict=True), strict=True))


def _excuses(register: Register, rows: pd.DataFrame) -> pd.Series:
    """For rows as they were, the reason why what their rule finds on their record is exempt; missing where it is not."""
    exemptions = register.layer("exemptions")
    reasons = exemptions.loc[exemptions["valid_to"].isna(), "reason"].astype("object")
    return (rows["rule"] + "/" + rows["record_id"]).map(reasons.to_dict()).astype("str")


def refresh(register: Register, case: Case, *, actor: str, today: str) -> tuple[ReturnedList, list[Judgement]]:
    """Judge the rows of a batch again as the register stands now and keep what changed."""
    listed, judged, rows = look(register, case, today=today)
    register.put(maps.LAYER, rows, actor=actor, reason=f"复核反馈清单 {case.title}")
    return listed, judged


def look(register: Register, case: Case, *, today: str) -> tuple[ReturnedList, list[Judgement], pd.DataFrame]:
    """The list of a batch, its judgements as the register stands now, and our rows of it; nothing is written."""
    listed = listed_in(register, case)
    judged = judge(register, listed, today=today, before=_matched(register, case.title))
    return listed, judged, _frame(register, case.title, listed, judged, today)


def _maps_used(register: Register) -> list[ExchangeMap]:
    return [maps.parsed(case.body["map"], case.title) for case in reversed(all_cases(register, KIND))]


def _as_table(chosen: ExchangeMap) -> dict[str, Any]:
    given = {name: getattr(chosen, name) for name in maps.SECTIONS}
    return {name: dict(value) if isinstance(value, dict) else value for name, value in given.items() if value}
