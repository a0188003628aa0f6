"""Names that differ in one character, found without comparing every pair."""

from __future__ import annotations

from collections.abc import Iterable


def one_character_off(unknown: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """For each unknown name the only known name of its length that differs in one character; others are absent.

    Names with one place left open are the keys of the index, so the cost grows with the number of names, not of pairs.
    """
    by_rest: dict[tuple[int, str], set[str]] = {}
    for name in known:
        for place in range(len(name)):
            by_rest.setdefault((place, name[:place] + name[place + 1 :]), set()).add(name)
    near = {}
    for name in unknown:
        rests = ((place, name[:place] + name[place + 1 :]) for place in range(len(name)))
        found = {one for rest in rests for one in by_rest.get(rest, ()) if len(one) == len(name)}
        if len(found) == 1:
            near[name] = found.pop()
    return near
