"""All names of a register in memory, indexed: made once for a revision and a day, asked as often as people type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gazetteer.homophones import accent
from gazetteer.neighbours import NameIndex, parts_of_name, touching
from gazetteer.scope import LIVE
from gazetteer.sound import KEYS, keys
from gazetteer.spellings import lexicon, proposed, spellings_of
from gazetteer.split import kind_of, parts_of
from gazetteer.territory import present
from gazetteer.text import plain
from register.cases.former_names import Former, former_by_name
from register.cases.names import Words, words_of
from register.catalogue import BY_CODE
from register.dictionary import DICTIONARY
from register.store import Register
from rulebook.context import Context, Run
from rulebook.schema import in_force

NAME_LAYERS = ("place_names", "roads")
READING_RULE = BY_CODE["NAM402"]  # declares all that reading a name needs
DIVISION_LEVELS = ("village", "township", "county")
KEPT_BOOKS = 3
_books: dict[tuple[str, int, int, str], NameBook] = {}
_making = Lock()


@dataclass(frozen=True)
class NameBook:
    """``layers`` are the records in force; ``index`` numbers the names of both layers."""

    layers: Mapping[str, gpd.GeoDataFrame]
    without_records: Mapping[str, pd.DataFrame]  # every layer of the dictionary, empty
    words: Words
    index: NameIndex
    crs: CRS
    revision: int
    today: str
    division_tree: shapely.STRtree
    area_tree: shapely.STRtree
    divisions_named: Mapping[str, list[int]]
    former: Mapping[str, list[Former]]  # plain name: records that carried it before
    parts: Mapping[str, pd.DataFrame]  # how the names of each layer divide, by record id
    spelt: Mapping[str, pd.Series]  # spellings of the readable names of each layer, by record id

    def near(
        self, name: str, sound_keys: Mapping[str, str], shape: BaseGeometry | None, near_m: float
    ) -> dict[str, gpd.GeoDataFrame]:
        """The few records of every layer that a rule on names may look at when it judges ``name`` at ``shape``."""
        rows = self.index.records.iloc[self.index.concerned(name, sound_keys, shape, near_m)]
        chosen = {
            layer: self.layers[layer].loc[rows["record_id"][(rows["layer"] == layer).to_numpy()]]
            for layer in NAME_LAYERS
        }
        divisions = self.layers["divisions"]
        held = [number for part in (name, *parts_of_name(name)) for number in self.divisions_named.get(part, ())]
        touched = touching(divisions, self.division_tree, shape)
        chosen["divisions"] = divisions[divisions.index.isin([*touched.index, *divisions.index[held]])]
        chosen["areas"] = touching(self.layers["areas"], self.area_tree, shape)
        return chosen

    def division_at(self, shape: BaseGeometry | None) -> str | None:
        """Code of the smallest division that holds the middle of ``shape``."""
        if shape is None:
            return None
        middle = shapely.point_on_surface(shape)
        found = touching(self.layers["divisions"], self.division_tree, middle)
        found = found[shapely.intersects(found.geometry.to_numpy(), middle)]
        for level in DIVISION_LEVELS:
            codes = found["code"][found["level"] == level]
            if len(codes):
                return str(codes.min())
        return None


def name_book(register: Register, today: str) -> NameBook:
    """The book of a register as it stands on a day; made anew only when the register has changed."""
    path = Path(register.address)
    key = (register.address, path.stat().st_ino if path.exists() else 0, register.revision, today)
    with _making:
        if key not in _books:
            _books[key] = book_of(register.layers(), register.profile_name, register.crs, today, register.revision)
            while len(_books) > KEPT_BOOKS:
                del _books[next(iter(_books))]
        return _books[key]


def book_of(stored: Mapping[str, pd.DataFrame], profile_name: str, crs: CRS, today: str, revision: int = 0) -> NameBook:
    """The book of the ``stored`` layers of a register."""
    layers = {name: in_force(stored[name], today) for name in (*NAME_LAYERS, "divisions", "areas")}
    words = words_of(profile_name)
    empty = {name: layer.empty(crs) for name, layer in DICTIONARY.items()}
    run = Run({**empty, **layers}, words.profile, today, crs)
    contexts = {layer: Context(run, READING_RULE, layer) for layer in NAME_LAYERS}
    rows = pd.concat([_names(ctx, layers[layer]) for layer, ctx in contexts.items()])
    shapes = np.concatenate([layers[layer].geometry.to_numpy() for layer in NAME_LAYERS])
    named = rows["name"].notna().to_numpy()
    divisions = layers["divisions"] = layers["divisions"].set_geometry(_valid(layers["divisions"]))
    areas = layers["areas"] = layers["areas"].set_geometry(_valid(layers["areas"]))
    return NameBook(
        layers=layers,
        without_records=empty,
        words=words,
        index=NameIndex.of(rows[named].reset_index(drop=True), shapes[named], LIVE),
        crs=crs,
        revision=revision,
        today=today,
        division_tree=shapely.STRtree(divisions.geometry.to_numpy()),
        area_tree=shapely.STRtree(areas.geometry.to_numpy()),
        divisions_named=_by_name(divisions),
        former=former_by_name(stored, today),
        parts={layer: parts_of(ctx) for layer, ctx in contexts.items()},
        spelt={layer: spellings_of(ctx) for layer, ctx in contexts.items()},
    )


def _names(ctx: Context, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Plain names of a layer with status, kind, spelling and sound keys, in the order of its records."""
    spelt = spellings_of(ctx)
    sounding = keys(spelt, lexicon(ctx), accent(ctx)).reindex(frame.index).fillna("")
    kind = kind_of(frame).to_numpy()
    return pd.DataFrame(
        {
            "layer": ctx.layer,
            "record_id": frame.index,
            "name": plain(frame["name"]).to_numpy(),
            "status": frame["status"].to_numpy(),
            "kind": kind,
            "pinyin": proposed(spelt).reindex(frame.index).to_numpy(),
            **{key: sounding[key].to_numpy() for key in KEYS.values()},
        }
    )


def _valid(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    fit = present(frame.geometry)
    return gpd.GeoSeries(fit.reindex(frame.index).to_numpy(), index=frame.index, crs=frame.crs)


def _by_name(divisions: gpd.GeoDataFrame) -> dict[str, list[int]]:
    """Positions of the divisions by name."""
    found: dict[str, list[int]] = {}
    for number, name in enumerate(plain(divisions["name"]).tolist()):
        if isinstance(name, str):
            found.setdefault(name, []).append(number)
    return found
