"""Cuts a run of characters without numbers into the named parts of an address.

Every cut has a cost that can be told: known names are cheap, names recognised by their ending dearer, leftovers
dearest; going back in the order of parts costs extra. The cheapest way through the lattice of all cuts wins (Viterbi).
Costs are the authors' own choice, tuned on the labelled cases in ``tests/cases/addresses.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from doorplates.addresses.lexicon import Lexicon

ORDER = (
    "province", "prefecture", "county", "township", "community", "natural_village", "village_group",
    "road", "lane", "plate_no", "estate", "building",
)  # fmt: skip
RANK = {part: place for place, part in enumerate(ORDER)}
KNOWN, SHORT, BY_ENDING, PER_CHARACTER = 1.0, 2.0, 4.0, 0.5
INNER_NAME, INNER_ENDING = 5.0, 12.0
HAMLET, REST, REST_PER_CHARACTER = 6.0, 5.0, 2.0
UNKNOWN_ESTATE, NAMELESS = 7.0, 4.5
BACKWARDS, IN_DOUBT = 6.0, 1.5
HOPELESS = 2 * BACKWARDS  # a way that much dearer than another to the same place will not catch up
LONGEST_BY_ENDING, LONGEST_HAMLET, LONGEST_ESTATE, SHORTEST_NAME = 10, 5, 8, 3
BEFORE_A_HAMLET_ENDS = ("plate_no", "bare", "village_group", "chain")
BEFORE_AN_ESTATE_ENDS = ("building", "house", "tower", "unit")
NOT_INSIDE = (
    "省",
    "市",
    "县",
    "镇",
    "街道",
    "社区",
    "村",
    "路",
    "街",
    "大道",
    "开发区",
    "工业区",
    "园区",
    "功能区",
    "自然村",
)
NOT_FIRST = "路巷弄"
NOT_IN_A_HAMLET = ("镇", "街道", "村", "社区", "路", "街", "巷", "弄", "大道")
INSIDE_A_HOUSE = ("building", "unit", "room", "chain", "house", "tower", "floor")
NO_NAME = ("与", "和", "往", "对面", "旁边", "附近", "隔壁", "交叉口", "公司", "工厂")
DIVISION_AFTER = {"prefecture": (RANK["province"],), "county": (RANK["province"], RANK["prefecture"])}
DIVISION_ENDINGS = (("prefecture", ("市", "自治州", "地区", "盟")), ("county", ("县", "区", "市", "旗")))
NO_DIVISION = ("社区", "小区", "园区", "校区", "景区", "开发区", "工业区")
ABROAD = "ending of a division elsewhere"
LONGEST_DIVISION = 5
WITH_A_SIDE = ("路", "街", "大道", "大街")
_PHASE = re.compile("[一二三四五六七八九十]{1,2}(?:期|区)|[东南西北中]区")
VILLAGE_OFFICES = ("村民委员会", "村委会"), ("居民委员会", "社区居委会", "居委会")


@dataclass(frozen=True)
class Piece:
    """A cut: ``part`` of the address (``rest`` for leftovers), the text, its standard ``value``, and why."""

    part: str
    text: str
    value: str
    cost: float
    why: str


_Way: TypeAlias = "tuple[float, Piece | None, _Way | None]"  # cost so far, last piece, the way before it


def leading_divisions(run: str, lexicon: Lexicon, *, rank: int) -> list[Piece]:
    """The chain of full division names, from the higher to the lower, that ``run`` begins with after a part of
    ``rank``. It needs no lattice; it ends where a longer known name begins.
    """
    chain: list[Piece] = []
    place = 0
    while place < len(run):
        ends = lexicon.ends(run, place)
        if not ends:
            return chain
        end = ends[-1]
        text = run[place:end]
        ranks = [RANK[word.part] for word in lexicon.words[text] if word.part in ORDER[:4] and not word.short]
        if len(ranks) != len(lexicon.words[text]) or len(ranks) != 1 or ranks[0] <= rank:
            return chain
        word = lexicon.words[text][0]
        chain.append(Piece(word.part, text, word.value, KNOWN, "known name"))
        place, rank = end, ranks[0]
    return chain


def cut(run: str, lexicon: Lexicon, *, rank: int, before: str, abroad: bool = False) -> tuple[Piece, ...]:
    """The cheapest cut of ``run``.

    ``rank`` is that of the part before the run (-1 at the beginning of a text), ``before`` the kind of the number
    that follows the run (a group of ``numbers.TOKEN``, or empty at the end), ``abroad`` says that the run follows a
    province whose divisions no list knows.
    """
    lattice = _Lattice(run, lexicon, before, abroad=abroad)
    best: list[dict[int, _Way]] = [{} for _ in range(len(run) + 1)]
    best[0][rank] = (0.0, None, None)
    for start in range(len(run)):
        if not best[start]:
            continue
        promising = min(way[0] for way in best[start].values()) + HOPELESS
        ways = [(last, way) for last, way in best[start].items() if way[0] <= promising]
        for piece in lattice.pieces(start):
            end = best[start + len(piece.text)]
            for last, way in ways:
                if _allowed(piece, last):
                    at = RANK.get(piece.part, last)
                    back = at <= last and piece.part != "rest" and start < lattice.divisions_only
                    total = way[0] + piece.cost + (BACKWARDS if back else 0.0)
                    if at not in end or total < end[at][0]:
                        end[at] = (total, piece, way)
    pieces = []
    here: _Way | None = min(best[-1].values(), key=lambda way: way[0])
    while here is not None and here[1] is not None:
        pieces.append(here[1])
        here = here[2]
    return tuple(reversed(pieces))


def _allowed(piece: Piece, last: int) -> bool:
    """A hamlet is left over after a division or village only, a lane by its ending follows a road only; a short name
    after the number belongs to a firm or office; other counties are read after what they lie in.
    """
    if piece.part == "natural_village" and piece.why == "leftover":
        return RANK["township"] <= last <= RANK["natural_village"]
    if piece.why == "short name":
        return last < RANK["plate_no"]
    if piece.why == ABROAD:
        return last in DIVISION_AFTER[piece.part]
    if piece.part == "lane":
        return last == RANK["road"]
    return True


class _Lattice:
    """All pieces that a run may be cut into, by where they start."""

    def __init__(self, run: str, lexicon: Lexicon, before: str, *, abroad: bool) -> None:
        self.run, self.lexicon, self.before = run, lexicon, before
        spans = [lexicon.ends(run, start) for start in range(len(run))]
        self.words = [[(end, lexicon.words[run[start:end]]) for end in ends] for start, ends in enumerate(spans)]
        self.division_ends = [
            [end for end, words in found if any(word.part in ORDER[:4] for word in words)] for found in self.words
        ]
        endings = (lexicon.ending_pattern.match(run, place) for place in range(len(run)))
        self.abroad = abroad
        self.divisions_only = self._divisions_to_the_end()
        self.endings = [(found.start(), found[0]) for found in endings if found]

    def _divisions_to_the_end(self) -> int:
        """Where the chain of division names begins that the run ends with; its length when it ends otherwise."""
        at = len(self.run)
        while True:
            before = [
                start
                for start in range(at)
                for end, words in self.words[start]
                if end == at and any(word.part in ORDER[:4] and not word.short for word in words)
            ]
            if not before:
                return at
            at = min(before)

    def pieces(self, start: int) -> list[Piece]:
        """Known names, names by their ending, a hamlet, leftovers up to the next known name or the end."""
        run = self.run
        found = []
        for end, words in self.words[start]:
            for word in words:
                cost, why = (SHORT, "short name") if word.short else (KNOWN, "known name")
                found.append(Piece(word.part, run[start:end], word.value, cost, why))
                phase = _PHASE.match(run, end) if word.part == "estate" else None
                if phase:
                    text = run[start : phase.end()]
                    found.append(Piece(word.part, text, text, cost + PER_CHARACTER, "known name and phase"))
        for at, ending in self.endings:
            end = at + len(ending)
            if at > start and end - start <= LONGEST_BY_ENDING and not (ending == "街" and run.startswith("道", end)):
                found += self._by_ending(start, end, ending)
                longer = self._qualified(end, ending)
                if longer > end:
                    found += self._by_ending(start, longer, ending)
        found += self._abroad(start)
        left = run[start:]
        if 2 <= len(left) <= LONGEST_HAMLET and self.before in BEFORE_A_HAMLET_ENDS:
            inner = INNER_ENDING if any(left.find(inside, 1) > 0 for inside in NOT_IN_A_HAMLET) else 0.0
            cost = HAMLET + PER_CHARACTER * len(left) + inner
            found.append(Piece("natural_village", left, left, cost, "leftover"))
        if 2 <= len(left) <= LONGEST_ESTATE and self.before in BEFORE_AN_ESTATE_ENDS:
            inner = INNER_ENDING if any(word in left for word in (*NOT_IN_A_HAMLET, *NO_NAME)) else 0.0
            cost = UNKNOWN_ESTATE + PER_CHARACTER * len(left) + inner
            found.append(Piece("estate", left, left, cost, "leftover before a building"))
        for end in range(start + 1, len(run) + 1):
            if end == len(run) or self.words[end]:
                text = run[start:end]
                found.append(Piece("rest", text, text, REST + REST_PER_CHARACTER * len(text), "leftover"))
        return found

    def _qualified(self, end: int, ending: str) -> int:
        """Where a name ends that says more after its ending: 剡溪花园二期, and 嵊州大道南 before a number."""
        if self.lexicon.endings[ending] == "estate":
            phase = _PHASE.match(self.run, end)
            return phase.end() if phase else end
        numbered = self.before in ("plate_no", "bare", "chain") and end + 1 == len(self.run)
        return end + 1 if numbered and ending in WITH_A_SIDE and self.run[end] in "东南西北中" else end

    def _abroad(self, start: int) -> list[Piece]:
        """Prefectures and counties of a province whose divisions no list knows, by their ending."""
        found: list[Piece] = []
        for part, endings in DIVISION_ENDINGS if self.abroad else ():
            for ending in endings:
                at = self.run.find(ending, start + 2, start + LONGEST_DIVISION + 1)
                text = self.run[start : at + len(ending)]
                if at > 0 and "市" not in text[:-1] and not text.endswith(NO_DIVISION):
                    found.append(Piece(part, text, text, KNOWN, ABROAD))
        return found

    def _by_ending(self, start: int, end: int, ending: str) -> list[Piece]:
        """A name that ends with a generic term: one piece, or two where the part depends on its place."""
        text, part = self.run[start:end], self.lexicon.endings[ending]
        if part == "zone":
            part = "estate" if end == len(self.run) and self.before in BEFORE_A_HAMLET_ENDS else "rest"
        cost = BY_ENDING + PER_CHARACTER * len(text) + self._inner(start, end, ending)
        if self.lexicon.endings[ending] == "zone":
            cost += NAMELESS * ((text in self.lexicon.endings) + (text[0] in "市县区镇"))
        value = text
        for offices, kind in zip(VILLAGE_OFFICES, ("村", "社区"), strict=True):
            if ending in offices:
                core = text.removesuffix(ending)
                value = core if core.endswith(kind) else core + kind
        if part == "estate":
            cost += -IN_DOUBT if self.before in INSIDE_A_HOUSE else IN_DOUBT
        pieces = [Piece(part, text, value, cost, f"ending {ending}")]
        if part == "lane":
            pieces.append(Piece("road", text, value, cost, f"ending {ending}"))
        return pieces

    def _inner(self, start: int, end: int, ending: str) -> float:
        """What it costs that a name holds others: 嵊州剡溪路 is more likely 嵊州 + 剡溪路 than one road."""
        specific = self.run[start:end].rpartition(ending)[0]
        cost = INNER_NAME if specific[0] in NOT_FIRST else 0.0
        may_end_so = self.lexicon.endings.get(ending) in ("community", "estate", "zone")
        for inside in NOT_INSIDE:
            at = specific.find(inside, 1)
            if at > 0 and not (may_end_so and at + len(inside) == len(specific)):
                cost += INNER_ENDING
        place = start
        while place < end - SHORTEST_NAME:
            known = max((one for one in self.division_ends[place] if one <= end - SHORTEST_NAME), default=0)
            cost += INNER_NAME if known else 0.0
            place = known or place + 1
        return cost
