"""Addresses: how right and how quick, beside JioNLP and cpca.

``python -m tests.bench.addresses [--peers-python PATH] [--county ROWS]``. The peers are the extra ``bench`` of
pyproject.toml (``requirements-bench.lock``), which may stand in an environment of their own. They tell divisions only;
their segments below the township count as not given. Each peer works in a process of its own after a warm-up.

Two sets: the labelled addresses of ``tests/cases/addresses.toml`` and addresses composed of names of Shengzhou, half of
which name no province and no county. ``--county`` also measures ``diming address parse --file`` on a county file.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd

from doorplates.layers import SEGMENTS
from register.cases.addresses import AddressReader
from tests.bench import timing
from tests.doorplates.addresses import labelled

DIVISIONS = ("province", "prefecture", "county", "township")
UPPER = DIVISIONS[:3]
PEER_TEXTS = {"jionlp": 400, "cpca": 5000}
TOWNS = [
    "剡湖街道",
    "三江街道",
    "鹿山街道",
    "浦口街道",
    "甘霖镇",
    "长乐镇",
    "崇仁镇",
    "黄泽镇",
    "三界镇",
    "仙岩镇",
    "下王镇",
    "石璜镇",
    "谷来镇",
    "金庭镇",
    "贵门乡",
    "北漳镇",
    "竹溪乡",
    "通源乡",
]
CHARACTERS = "东西南北中新兴长安福禄寿山水云溪江湖桥塘岭坑坪田石金银玉龙凤鹤松柏竹梅兰菊"
Labels = dict[str, str]


def composed(count: int, seed: int = 20261124) -> list[tuple[str, Labels]]:
    """Distinct addresses with their labels: 45 % by road, 35 % by estate, 20 % by village."""
    dice = random.Random(seed)

    def name(ending: str) -> str:
        return "".join(dice.choices(CHARACTERS, k=2)) + ending

    roads = [(dice.choice(TOWNS), name(dice.choice(["路", "街", "大道", "东路", "巷"]))) for _ in range(3000)]
    estates = [(dice.choice(TOWNS), name(dice.choice(["花园", "小区", "公寓", "苑", "新村"]))) for _ in range(1200)]
    villages = [(dice.choice(TOWNS), name("村")) for _ in range(500)]
    found: dict[str, Labels] = {}
    while len(found) < count:
        part, places = dice.choices([("road", roads), ("estate", estates), ("community", villages)], [45, 35, 20])[0]
        town, place = dice.choice(places)
        labels = {"county": "嵊州市"} if dice.random() < 0.5 else {}
        if labels and dice.random() < 0.5:
            labels = {"province": "浙江省", "prefecture": "绍兴市", **labels}
        labels |= ({"township": town} if dice.random() < 0.8 else {}) | {part: place}
        text = "".join(labels.values())
        if part == "estate":
            building, unit, room = dice.randint(1, 40), dice.randint(1, 4), dice.randint(101, 1804)
            text += dice.choice(
                [f"{building}幢{unit}单元{room}室", f"{building}-{unit}-{room}", f"{building}栋{unit}单元{room}"]
            )
            labels |= {"building": str(building), "unit": str(unit), "room": str(room)}
        else:
            if part == "community" and dice.random() < 0.5:
                labels["village_group"] = f"{dice.randint(1, 20)}组"
                text += labels["village_group"]
            labels["plate_no"] = str(dice.randint(1, 300))
            text += f"{labels['plate_no']}号"
            if part == "road" and dice.random() < 0.7:
                labels["room"] = str(dice.randint(101, 608))
                text += f"{labels['room']}室"
        found[text] = labels
    return list(found.items())


def peer(python: str, name: str, texts: list[str]) -> tuple[list[Labels], float]:
    """What a peer reads, as labels, and seconds a text."""
    script = Path(__file__).with_name("address_peers.py")
    some = texts[: PEER_TEXTS[name]]
    run = subprocess.run(
        [python, str(script), name], input=json.dumps(some), capture_output=True, text=True, check=True, timeout=600
    )
    answer = json.loads(run.stdout)
    rows = [{part: value for part, value in zip(DIVISIONS, row, strict=True) if value} for row in answer["rows"]]
    return rows, answer["seconds"] / len(some)


def ours(reader: AddressReader, texts: list[str]) -> tuple[list[Labels], float]:
    """What we read, as labels, and seconds a text (columns, one process, nothing read before)."""
    start = time.perf_counter()
    frame = reader.segmenter.segments(pd.Series(texts, dtype="str"))[list(SEGMENTS)]
    seconds = time.perf_counter() - start
    rows = frame.astype("object").where(frame.notna(), None).to_dict("records")
    return [{str(part): value for part, value in row.items() if value} for row in rows], seconds / len(texts)


def scores(expected: list[Labels], rows: list[Labels]) -> dict[str, float]:
    """Exact-segment F1 by segment, for those that occur."""
    right, said, there = Counter[str](), Counter[str](), Counter[str]()
    for want, got in zip(expected, rows, strict=False):
        there.update(want.keys())
        said.update(got.keys())
        right.update(part for part in got if want.get(part) == got[part])
    return {part: 2 * right[part] / (said[part] + there[part]) for part in SEGMENTS if there[part]}


def invented(expected: list[Labels], rows: list[Labels]) -> tuple[int, int]:
    """Of the addresses that name neither province nor prefecture nor county: how many are given one, and how many there are."""
    bare = [(want, got) for want, got in zip(expected, rows, strict=False) if not want.keys() & set(UPPER)]
    return sum(bool(got.keys() & set(UPPER)) for _, got in bare), len(bare)


def wrong(expected: list[Labels], rows: list[Labels], home: str = "嵊州市") -> int:
    """Addresses that are given another county than they name, or, naming none, than the county they lie in."""
    names = {"嵊县": home}
    pairs = [(want.get("county", home), got.get("county", "")) for want, got in zip(expected, rows, strict=False)]
    return sum(names.get(got, got) != names.get(want, want) for want, got in pairs if got)


def report(title: str, cases: list[tuple[str, Labels]], answers: dict[str, tuple[list[Labels], float]]) -> None:
    expected = [labels for _, labels in cases]
    table = {name: scores(expected[: len(rows)], rows) for name, (rows, _) in answers.items()}
    print(f"\n## {title}\n\n{'exact-segment F1':<18}" + "".join(f"{name:>12}" for name in answers))
    for part in SEGMENTS:
        if part in table["ours"]:
            cells = [
                f"{table[name].get(part, 0.0):>12.3f}" if name == "ours" or part in DIVISIONS else f"{'–':>12}"
                for name in answers
            ]
            print(f"{part:<18}" + "".join(cells))
    counts = {name: invented(expected, rows) for name, (rows, _) in answers.items()}
    print(f"{'texts':<18}" + "".join(f"{len(rows):>12}" for rows, _ in answers.values()))
    print(f"{'wrong counties':<18}" + "".join(f"{wrong(expected, rows):>12}" for rows, _ in answers.values()))
    print(f"{'invented':<18}" + "".join(f"{some:>6} / {of:<3}" for some, of in counts.values()))
    print(f"{'texts a second':<18}" + "".join(f"{1 / seconds:>12.0f}" for _, seconds in answers.values()))
    print(
        f"{'ours is quicker':<18}"
        + "".join(f"{seconds / answers['ours'][1]:>11.1f}×" for _, seconds in answers.values())
    )


def county_file(rows: int) -> None:
    """Seconds of ``diming address parse --file`` on a file of that many distinct addresses, start of Python included."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "county.csv", Path(folder) / "parsed.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "text"])
            writer.writerows((f"A{place:07d}", text) for place, (text, _) in enumerate(composed(rows)))
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "web.cli", "address", "parse", "--file", str(source), "--out", str(out)],
            check=True,
            capture_output=True,
        )
        seconds = time.perf_counter() - start
    print(f"\n## diming address parse --file, {rows} rows\n\n{seconds:.2f} s, {rows / seconds:,.0f} addresses a second")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers-python", default=sys.executable, help="interpreter that has jionlp and cpca")
    options.add_argument("--without-peers", action="store_true")
    options.add_argument("--county", type=int, default=0, metavar="ROWS")
    said = options.parse_args()
    print(timing.machine("pandas", "pyarrow"))
    shipped = [(text, labels) for _, text, labels in labelled.read()]
    for title, cases in (("labelled addresses", shipped), ("composed addresses", composed(200_000))):
        texts = [text for text, _ in cases]
        answers = {"ours": ours(AddressReader.of(None, "zhejiang/shengzhou"), texts)}
        for name in () if said.without_peers else PEER_TEXTS:
            answers[name] = peer(said.peers_python, name, texts)
        report(title, cases, answers)
    if said.county:
        county_file(said.county)


if __name__ == "__main__":
    main()
