"""Place names: townships, village seats, natural villages, estates, hills, waters, works, parks and others."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator

import geopandas as gpd
import shapely
from shapely import Geometry, LineString, MultiLineString, Point, Polygon

from tools.sample_county import ground, streets, words
from tools.sample_county.wiggle import Point as Pair
from tools.sample_county.wiggle import wiggle_along

SOURCE = "示例：地名普查（来历与含义虚构）"
TOWNSHIP_CATEGORY = "21500"
SEAT_CATEGORIES = {"村": "27610", "社区": "27620"}
NATURAL_VILLAGE_CATEGORY = "22200"
ESTATE_M = (45.0, 32.0)  # half width and half depth of an estate
RIVER_STEP_M = 180.0
AGES = ("宋代", "元代", "明代", "清代")


class Site:
    """Where things can stand: the villages of each township and the towns with their turn."""

    def __init__(self, divisions: gpd.GeoDataFrame) -> None:
        self.villages = divisions[divisions["level"].eq("village")].set_index("code")
        self.by_name = {name: code for code, name in self.villages["name"].items()}
        self.specific = {name.removesuffix("社区").removesuffix("村"): code for name, code in self.by_name.items()}
        self.towns = {name: (centre, angle) for name, centre, angle in streets.towns(divisions)}
        self.dice = random.Random(f"{ground.SEED}/places")

    def members(self, township: ground.Township) -> list[str]:
        """Codes of the villages of a township, its seat first."""
        return list(self.villages.index[self.villages["parent_code"].eq(township.code12)])

    def in_village(self, code: str, share: float) -> Point:
        """A point of a village, ``share`` of the way from its roomiest point to its edge, in a chance direction."""
        centre, radius = streets.seat_of(self.villages.geometry[code].geoms[0])
        turn = self.dice.uniform(0, 2 * math.pi)
        away = radius * share
        return Point(round(centre[0] + away * math.cos(turn), 2), round(centre[1] + away * math.sin(turn), 2))

    def village_at(self, shape: Geometry) -> str:
        """Code of the one village that holds a shape."""
        holders = self.villages.index[shapely.covers(self.villages.geometry.array, shape)]
        if len(holders) != 1:
            raise ValueError(f"{shape} does not lie in one village")
        return str(holders[0])


def build(divisions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All place names with the codes and the texts of the registration form."""
    site = Site(divisions)
    drafts = [*townships(site), *seats(site), *natural_villages(site), *estates(site), *others(site, divisions)]
    serials: dict[str, Iterator[int]] = {}
    records = []
    for number, draft in enumerate(drafts, start=1):
        codes = str(draft["division_code"]).split(";")
        owners = {code[:9] for code in codes}
        prefix = (owners.pop() if len(owners) == 1 else ground.COUNTY[:9]) + str(draft["category"])
        serial = next(serials.setdefault(prefix, itertools.count(1)))
        records.append(
            {
                "id": f"P{number:04d}",
                "place_code": f"{prefix}{serial:06d}",
                **draft,
                **texts(draft, number),
                "source": SOURCE,
            }
        )
    frame = gpd.GeoDataFrame(records, crs=ground.CRS).drop(columns="sense")
    historic = frame["name"].eq("北漳镇")
    frame["status"] = historic.map({True: "historic", False: "in_use"})
    frame["abolished_on"] = historic.map({True: "2019-12-31", False: None})
    return frame


def texts(draft: dict[str, object], number: int) -> dict[str, str]:
    """Meaning, origin, history and description: invented, and no two alike."""
    sense, name = str(draft["sense"]), str(draft["name"])
    year = 900 + number * 37 % 1000
    return {
        "established_on": f"19{50 + number % 45}-0{1 + number % 9}-01",
        "meaning": f"“{name}”意为{sense}。",
        "origin": f"{name}因{sense}而得名，此说为示例所编。",
        "history": f"约公元{year}年（{AGES[min(3, max(0, (year - 960) // 250))]}前后）见于记载，1984年地名普查时定名{name}。",
        "description": f"所在地海拔约{20 + number * 13 % 400}米，登记序号第{number}，四周为示例地物。",
    }


def townships(site: Site) -> Iterator[dict[str, object]]:
    """The fifteen townships, each at its seat."""
    for known in ground.TOWNSHIPS:
        seat = site.members(known)[0]
        yield {
            "name": known.name, "specific": known.specific, "generic": known.kind, "pinyin": known.pinyin,
            "kind": "division", "category": TOWNSHIP_CATEGORY, "division_code": known.code12,
            "sense": f"{known.specific}一带的政区", "geometry": site.in_village(seat, 0.2),
        }  # fmt: skip


def seats(site: Site) -> Iterator[dict[str, object]]:
    """Seats of the village and residents' committees that the list marks."""
    for row in words.read("villages"):
        if row["seat"]:
            name = row["specific"] + row["generic"]
            yield {
                "name": name, "specific": row["specific"], "generic": row["generic"], "pinyin": words.village(row),
                "kind": "village_seat", "category": SEAT_CATEGORIES[row["generic"]],
                "division_code": site.by_name[name], "sense": row["meaning"],
                "geometry": site.in_village(site.by_name[name], 0.08),
            }  # fmt: skip


def natural_villages(site: Site) -> Iterator[dict[str, object]]:
    """Natural villages: their names are one word and have no generic part (rule 3 of 1984)."""
    for row in words.read("natural_villages"):
        code = site.by_name[row["village"]]
        yield {
            "name": row["name"], "pinyin": words.word(row["syllables"]), "kind": "natural_village",
            "category": NATURAL_VILLAGE_CATEGORY, "division_code": code, "sense": row["meaning"],
            "geometry": site.in_village(code, 0.5),
        }  # fmt: skip


def estates(site: Site) -> Iterator[dict[str, object]]:
    """Estates as small rectangles in the blocks of their town, away from every street."""
    taken: list[Polygon] = []
    for row in words.read("places"):
        if row["kind"] != "estate_building":
            continue
        town = row["township"] if row["township"] in site.towns else streets.CITY
        centre, angle = site.towns[town]
        for x, y in estate_spots(town):
            wide, deep = ESTATE_M
            corners = [(x - wide, y - deep), (x + wide, y - deep), (x + wide, y + deep), (x - wide, y + deep)]
            shape = Polygon([streets.turned(corner, centre, angle) for corner in corners])
            holder = site.villages[shapely.covers(site.villages.geometry.array, shape)]
            inside = len(holder) == 1 and township_of(holder.index[0]).name == row["township"]
            if inside and all(not shape.intersects(other) for other in taken):
                taken.append(shape)
                yield {**listed(row), "division_code": holder.index[0], "geometry": shape}
                break
        else:
            raise ValueError(f"no room for {row['specific']}{row['generic']}")


def estate_spots(town: str) -> list[Pair]:
    """Middles of the free ground of a town, from the centre of the town."""
    if town != streets.CITY:
        return [(-255.0, 140.0)]
    columns = [(column + 0.7) * streets.BLOCK_M for column in (-2, -1, 0, 1)]
    rows = [(row + 0.25) * streets.BLOCK_M for row in (-2, -1, 0, 1)]
    return list(itertools.product(columns, rows))


def township_of(code: str) -> ground.Township:
    """The township that a division code of 12 digits begins with."""
    return next(known for known in ground.TOWNSHIPS if code.startswith(known.code))


def others(site: Site, divisions: gpd.GeoDataFrame) -> Iterator[dict[str, object]]:
    """Hills, waters, works, parks and the rest; what is named after a village stands in it."""
    level = divisions[divisions["level"].eq("township")]
    for row in words.read("places"):
        if row["kind"] == "estate_building":
            continue
        if row["category"].startswith("12"):
            shape: Geometry = river(site, row)
            codes = streets.through(shape, level)
        else:
            first = next(known for known in ground.TOWNSHIPS if known.name == row["township"])
            code = site.specific.get(row["specific"], site.dice.choice(site.members(first)[1:]))
            shape, codes = site.in_village(code, 0.4), [code]
        yield {**listed(row), "division_code": ";".join(codes), "geometry": shape}


def river(site: Site, row: dict[str, str]) -> MultiLineString:
    """A river from village to village of the townships named in the list."""
    members = [site.members(known) for known in ground.TOWNSHIPS if known.name in row["township"].split(";")]
    stops = [code for codes in members for code in (codes[:1] if len(members) > 1 else codes[1:3])]
    points = [streets.seat_of(site.villages.geometry[code].geoms[0])[0] for code in stops]
    aside = [(x + 350.0, y + 250.0) for x, y in points]
    return MultiLineString([LineString(wiggle_along(aside, step_m=RIVER_STEP_M, roughness=0.12, dice=site.dice))])


def listed(row: dict[str, str]) -> dict[str, object]:
    """The fields that the list gives."""
    return {
        "name": row["specific"] + row["generic"], "specific": row["specific"], "generic": row["generic"],
        "pinyin": words.place(row), "kind": row["kind"], "category": row["category"], "sense": row["meaning"],
    }  # fmt: skip
