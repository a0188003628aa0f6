"""``python -m tests.bench.names [NAMES]``: rules on names, comparison of sounds, and pre-tests, beside the plain way.

A made register of 100,000 names (six in ten roads) in 30 towns with 20 villages each. The plain way of comparing holds
every name against every other; it is run over a part of the names and its time is scaled by the number of pairs.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
import tomllib
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

import gazetteer.rules
from gazetteer import sound
from gazetteer.neighbours import NameIndex
from gazetteer.scope import LIVE
from gazetteer.spellings import proposed, spellings
from register import profiles
from register.cases.name_book import book_of
from register.cases.names import compare, spelling, words_of
from register.cases.pretest import Proposal, judge
from register.dictionary import DICTIONARY
from rulebook import engine
from tests.bench.timing import interleaved, machine, told

METRIC = CRS("EPSG:4549")
TODAY = "2026-11-24"
WEST, SOUTH, SIZE = 550_000.0, 3_250_000.0, 70_000.0
ACROSS, DOWN = 6, 5
PLAIN_NAMES = 400
LABELLED = Path(__file__).parent.parent / "gazetteer"


def made(count: int) -> dict[str, gpd.GeoDataFrame]:
    """Layers of a made county with ``count`` names, whose parts, spelling and division are right."""
    chance = random.Random(7)
    table = profiles.load().table("characters")
    common = table["char"][table["level"] == "1"].tolist()[:900]
    roads, places = round(count * 0.6), count - round(count * 0.6)
    terms = chance.choices(("路", "街", "巷", "弄"), (6, 2, 1, 1), k=roads)
    specific = ["".join(chance.sample(common, chance.choice((2, 2, 3)))) for _ in range(count)]
    rng = np.random.default_rng(7)
    x, y = WEST + SIZE * rng.random(count), SOUTH + SIZE * rng.random(count)
    town = (x - WEST) // (SIZE / ACROSS) + ACROSS * ((y - SOUTH) // (SIZE / DOWN))
    code = [f"330683{100 + int(number):03d}000" for number in town]
    base = pd.DataFrame({"specific": specific, "division_code": code, "status": "in_use", "x": x, "y": y})
    road = base.iloc[:roads].assign(id=[f"R{n:06d}" for n in range(roads)], generic=terms, width_m=12.0)
    place = base.iloc[roads:].assign(id=[f"P{n:06d}" for n in range(places)], kind="natural_village", generic=None)
    road["name"], place["name"] = road["specific"] + road["generic"], place["specific"]
    lines = shapely.linestrings(
        np.stack([road[["x", "y"]], road[["x", "y"]] + rng.uniform(-200, 200, (roads, 2))], axis=1)
    )
    towns = [(n, WEST + n % ACROSS * SIZE / ACROSS, SOUTH + n // ACROSS * SIZE / DOWN) for n in range(ACROSS * DOWN)]
    boxes = [shapely.box(w, s, w + SIZE / ACROSS, s + SIZE / DOWN).segmentize(20) for _, w, s in towns]
    divisions = pd.DataFrame(
        {
            "code": [f"330683{100 + n:03d}000" for n, _, _ in towns],
            "name": [f"{''.join(chance.sample(common, 2))}镇" for _ in towns],
            "level": "township",
        }
    )
    areas = pd.DataFrame({"id": [f"A{n}" for n, _, _ in towns], "kind": "built_up", "name": divisions["name"]})
    shaped = {
        "roads": (road.drop(columns=["x", "y"]), shapely.multilinestrings(lines.reshape(-1, 1))),
        "place_names": (place.drop(columns=["x", "y", "specific"]), shapely.points(place[["x", "y"]])),
        "divisions": (divisions, np.array(boxes, dtype=object)),
        "areas": (areas, shapely.buffer(np.array(boxes, dtype=object), -2000)),
    }
    layers = {
        name: DICTIONARY[name].conform(gpd.GeoDataFrame(frame, geometry=shapes, crs=METRIC))
        for name, (frame, shapes) in shaped.items()
    }
    return {name: layer.empty(METRIC) for name, layer in DICTIONARY.items()} | layers


def keyed(names: pd.Series) -> pd.DataFrame:
    """Plain names with their sound keys."""
    words = words_of(profiles.DEFAULT)
    parts = pd.DataFrame({"name": names, "kind": "natural_village", "specific": names, "generic": None})
    parts["generic"] = parts["generic"].astype("str")
    spelt = spellings(parts, words.lexicon, words.modifiers)
    return sound.keys(spelt, words.lexicon, words.accent).assign(name=names, pinyin=proposed(spelt))


def grouped(rows: pd.DataFrame) -> int:
    """Groups of like names by the index: one pass for each band."""
    return sum(int((rows.groupby(key)["name"].transform("nunique") > 1).sum()) for key in sound.KEYS.values())


def pairwise(rows: pd.DataFrame) -> int:
    """Pairs of like names the plain way: every name against every other."""
    together = frozenset(profiles.load().setting("direction_words"))
    records = rows.to_dict("records")
    return sum(sound.band(one, other, together) != "none" for one, other in combinations(records, 2))


def labelled() -> None:
    """Hits and misses on the labelled pairs and romanisations."""
    pairs = tomllib.loads((LABELLED / "sounds.toml").read_text(encoding="utf-8"))
    judged = [compare(a, b)[0] == band for band, several in pairs.items() for a, b in several]
    names = tomllib.loads((LABELLED / "romanisations.toml").read_text(encoding="utf-8"))["name"]
    words = words_of(profiles.DEFAULT)
    spelt = [spelling(one["name"], one["kind"], words).pinyin == one["pinyin"] for one in names]
    print(f"name pairs      {sum(judged)} hits, {len(judged) - sum(judged)} misses of {len(judged)}")
    print(f"romanisations   {sum(spelt)} hits, {len(spelt) - sum(spelt)} misses of {len(spelt)}")


def main(count: int) -> None:
    """Measure and print."""
    print(machine("pandas", "geopandas", "shapely", "pypinyin"))
    labelled()
    layers = made(count)
    profile = profiles.load()

    start = time.perf_counter()
    report = engine.run(gazetteer.rules.RULES, layers, profile, today=TODAY, crs=METRIC)
    print(f"\nall {len(gazetteer.rules.RULES)} rules on {count} names: {time.perf_counter() - start:.1f} s")
    for code, seconds in sorted(report.seconds.items(), key=lambda one: -one[1])[:6]:
        print(f"  {code}  {seconds:6.2f} s")
    assert not report.crashes, report.crashes

    names = pd.concat([layers["roads"]["name"], layers["place_names"]["name"]])
    start = time.perf_counter()
    rows = keyed(names)
    print(f"sound keys of {count} names (read once): {time.perf_counter() - start:.2f} s")
    few = rows.head(PLAIN_NAMES)
    seconds = interleaved({"index": lambda: grouped(rows), "plain": lambda: pairwise(few)})
    seconds["plain"] *= (count / PLAIN_NAMES) ** 2
    told(f"{count} names compared with each other (plain: scaled from {PLAIN_NAMES})", seconds, ours="index")

    numbered = rows.assign(layer="roads", record_id=rows.index, status="in_use", kind="road").reset_index(drop=True)
    index = NameIndex.of(numbered, np.full(len(numbered), None), LIVE)
    asked = rows.sample(50, random_state=1)[["name", *sound.KEYS.values()]].to_dict("records")
    together = frozenset(profile.setting("direction_words"))
    everything = rows[["name", *sound.KEYS.values()]].to_dict("records")
    one = asked[0]
    seconds = interleaved(
        {
            "index": lambda: index.likeness(one["name"], one, together),
            "plain": lambda: [sound.band(one, other, together) for other in everything],
        }
    )
    told(f"one name against {count}", seconds, ours="index")

    start = time.perf_counter()
    book = book_of(layers, profiles.DEFAULT, METRIC, TODAY)
    print(f"\nbook of names (once a revision): {time.perf_counter() - start:.1f} s")
    line = shapely.LineString([(WEST + 20_000, SOUTH + 20_000), (WEST + 20_600, SOUTH + 20_000)])
    for title, place, hints in (
        ("typed, without a place", None, False),
        ("typed, with a line", line, False),
        ("whole, with a line", line, True),
    ):
        times = []
        for one in asked:
            begun = time.perf_counter()
            judge(book, Proposal(one["name"][:-1] + "路", "road", place, 12.0), lang="zh", hints=hints)
            times.append((time.perf_counter() - begun) * 1000)
        print(f"pre-test {title:<22} median {statistics.median(times):6.1f} ms, slowest {max(times):6.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
