"""Cuts a run of characters without numbers into the named parts of an address.

Every cut has a cost that can be told: known names are cheap, names recognised by their ending dearer, leftovers
dearest; going back in the order of parts costs extra. The cheapest way through the lattice of all cuts wins (Viterbi).
Costs are the authors' own choice, tuned on the labelled cases in ``tests/cases/addresses.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass

from doorplates.addresses.lexicon import Lexicon

ORDER = (
    "province", "prefecture", "county", "township", "community", "natural_village", "village_group",
    "road", "lane", "plate_no", "estate", "building",
)  # fmt: skip
RANK = {part: place for place, part in enumerate(ORDER)}
KNOWN, SHORT, BY_ENDING, PER_CHARACTER = 1.0, 2.0, 4.0, 0.5
INNER_NAME, INNER_ENDING = 5.0, 12.0
HAMLET, REST, REST_PER_CHARACTER = 6.0, 5.0, 2.0
BACKWARDS, IN_DOUBT = 6.0, 1.5
LONGEST_BY_ENDING, SHORTEST_NAME = 10, 3
NOT_INSIDE = ("省", "市", "县", "镇", "街道", "社区", "村", "路", "街", "大道")
NOT_FIRST = "路巷弄"
NOT_IN_A_HAMLET = ("镇", "街道", "村", "社区", "路", "街", "巷", "弄", "大道")
INSIDE_A_HOUSE = ("building", "unit", "room", "chain", "tower", "floor")
VILLAGE_OFFICES = ("村民委员会", "村委会"), ("居民委员会", "社区居委会", "居委会")


@dataclass(frozen=True)
class Piece:
    """A cut: ``part`` of the address (``rest`` for leftovers), the text, its standard ``value``, and why."""

    part: str
    text: str
    value: str
    cost: float
    why: str


def cut(run: str, lexicon: Lexicon, *, rank: int, before: str) -> tuple[Piece, ...]:
    """The cheapest cut of ``run``.

    ``rank`` is that of the part before the run (-1 at the beginning of a text), ``before`` the kind of the number
    that follows the run (a group of ``numbers.TOKEN``, or empty at the end).
    """
    best: list[dict[int, tuple[float, tuple[Piece, ...]]]] = [{} for _ in range(len(run) + 1)]
    best[0][rank] = (0.0, ())
    for start in range(len(run)):
        if not best[start]:
            continue
        pieces = _pieces(run, start, lexicon, before)
        for last, (cost, way) in best[start].items():
            for piece in pieces:
                if not _allowed(piece, last):
                    continue
                at = RANK.get(piece.part, last)
                back = BACKWARDS if at <= last and piece.part != "rest" else 0.0
                end, total = start + len(piece.text), cost + piece.cost + back
                if at not in best[end] or total < best[end][at][0]:
                    best[end][at] = (total, (*way, piece))
    return min(best[-1].values(), key=lambda found: found[0])[1]


def _allowed(piece: Piece, last: int) -> bool:
    """A hamlet is left over after a division or village only, a lane by its ending follows a road only."""
    if piece.part == "natural_village" and piece.why == "leftover":
        return RANK["township"] <= last <= RANK["natural_village"]
    if piece.part == "lane":
        return last == RANK["road"]
    return True


def _pieces(run: str, start: int, lexicon: Lexicon, before: str) -> list[Piece]:
    found = []
    for end in range(start + 2, min(len(run), start + lexicon.longest) + 1):
        text = run[start:end]
        for word in lexicon.words.get(text, ()):
            cost = SHORT if word.short else KNOWN
            found.append(Piece(word.part, text, word.value, cost, "short name" if word.short else "known name"))
    for ending in lexicon.ending_pattern.finditer(run, start + 1):
        if ending.end() - start > LONGEST_BY_ENDING:
            break
        if not (ending[0] == "街" and run.startswith("道", ending.end())):
            found += _by_ending(run[start : ending.end()], ending[0], lexicon, before)
    left = run[start:]
    if 2 <= len(left) <= 5 and before in ("plate_no", "bare", "village_group", "chain"):
        inner = INNER_ENDING if any(left.find(inside, 1) > 0 for inside in NOT_IN_A_HAMLET) else 0.0
        found.append(Piece("natural_village", left, left, HAMLET + PER_CHARACTER * len(left) + inner, "leftover"))
    for end in range(start + 1, len(run) + 1):
        text = run[start:end]
        found.append(Piece("rest", text, text, REST + REST_PER_CHARACTER * len(text), "leftover"))
    return found


def _by_ending(text: str, ending: str, lexicon: Lexicon, before: str) -> list[Piece]:
    """A name that ends with a generic term: one piece, or two where the part depends on its place."""
    part = lexicon.endings[ending]
    cost = BY_ENDING + PER_CHARACTER * len(text) + _inner(text, ending, lexicon)
    value = text
    for offices, kind in zip(VILLAGE_OFFICES, ("村", "社区"), strict=True):
        if ending in offices:
            core = text.removesuffix(ending)
            value = core if core.endswith(kind) else core + kind
    if part == "estate":
        cost += -IN_DOUBT if before in INSIDE_A_HOUSE else IN_DOUBT
    pieces = [Piece(part, text, value, cost, f"ending {ending}")]
    if part == "lane":
        pieces.append(Piece("road", text, value, cost, f"ending {ending}"))
    return pieces


def _inner(text: str, ending: str, lexicon: Lexicon) -> float:
    """What it costs that a name holds others: 嵊州剡溪路 is more likely 嵊州 + 剡溪路 than one road."""
    specific = text.removesuffix(ending)
    cost = INNER_NAME if text[0] in NOT_FIRST else 0.0
    for inside in NOT_INSIDE:
        at = specific.find(inside, 1)
        at_the_end = at + len(inside) == len(specific) and lexicon.endings[ending] in ("community", "estate")
        if at > 0 and not at_the_end:
            cost += INNER_ENDING
    place = 0
    while place < len(text) - SHORTEST_NAME:
        ends = range(min(len(text) - SHORTEST_NAME, place + lexicon.longest), place + 1, -1)
        known = next((end for end in ends if _is_division(lexicon, text[place:end])), None)
        cost += 0.0 if known is None else INNER_NAME
        place = known or place + 1
    return cost


def _is_division(lexicon: Lexicon, text: str) -> bool:
    return any(word.part in ORDER[:4] for word in lexicon.words.get(text, ()))
