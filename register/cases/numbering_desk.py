"""The numbering desk: one road with its plates as they stand along it, and numbers for buildings pointed at on a map."""

from __future__ import annotations

from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from doorplates.along import plate_position, road_axes
from register.cases.checking import today_text
from register.cases.numbering import practice_rows, proposals, reserve, road_in_force, view
from register.cases.plates import told
from register.cases.spots import LON_LAT, spot
from register.exchange.positions import project
from register.store import opened
from rulebook.context import Context
from rulebook.values import to_text


class NumberingDesk:
    """Questions about the numbering of one register. What was read is kept until the register changes."""

    def __init__(self, address: str, today: str = "") -> None:
        self.address = address
        self._today = today
        self._lock = Lock()
        self._seen: tuple[tuple[int, str], Context, list[dict[str, Any]]] | None = None

    @property
    def today(self) -> str:
        """The ISO date that counts as today."""
        return self._today or today_text()

    def roads(self, text: str = "") -> list[dict[str, Any]]:
        """Practice of the roads whose name or id has ``text``, those with most plates against it first."""
        wanted = text.strip().casefold()
        _, rows = self._current()
        found = [row for row in rows if wanted in f"{row['road']} {row['road_id']}".casefold()]
        return sorted(found, key=lambda row: (-len(row["against"]), -row["plates"], row["road_id"]))

    def road(self, road_id: str) -> dict[str, Any]:
        """One road: ``practice``, ``length_m`` of its axis, ``lines`` (its parts in degrees) and ``plates`` along it:
        id, number, status, side (1 left), position_m, distance_m, whether against the practice, ``point`` and ``foot``
        in degrees.
        """
        ctx, rows = self._current()
        with opened(self.address) as register:
            road_in_force(register, ctx, road_id)
        crs = ctx.crs
        feet = plate_position(ctx)
        feet = feet[feet["road_id"].eq(road_id)].sort_values(["position_m", "main"])
        plates = ctx.frame("doorplates").loc[feet.index]
        points = _degrees(plates.geometry.to_numpy(), crs)
        ends = _degrees(shapely.points(feet["foot_x"].to_numpy(), feet["foot_y"].to_numpy()), crs)
        practice = next(row for row in rows if row["road_id"] == road_id)
        against = {one["id"] for one in practice["against"]}
        parts = shapely.get_parts(
            project(shapely.force_2d(ctx.frame("roads").loc[[road_id]].geometry.to_numpy()), crs, LON_LAT)
        )
        return {
            "practice": practice,
            "length_m": round(float(road_axes(ctx)[road_id].length), 1),
            "lines": [shapely.get_coordinates(part).round(7).tolist() for part in parts],
            "plates": [
                {
                    "id": plate,
                    "number": to_text(number) or "",
                    "status": status,
                    "side": int(side),
                    "position_m": round(float(position), 1),
                    "distance_m": round(float(distance), 1),
                    "against": plate in against,
                    "point": point,
                    "foot": foot,
                }
                for plate, number, status, side, position, distance, point, foot in zip(
                    feet.index,
                    plates["number"],
                    plates["status"],
                    feet["side"],
                    feet["position_m"],
                    feet["distance_m"],
                    points,
                    ends,
                    strict=True,
                )
            ],
        }

    def propose(self, road_id: str, at: str, lang: str) -> dict[str, Any]:
        """A number for a building at ``LON,LAT``: as ``diming plate propose`` tells it."""
        ctx, _ = self._current()
        with opened(self.address) as register:
            spots = _spots(at, register.crs)
            found = proposals(register, ctx, spots, road_id=road_id)
        return told(spots, found, lang)[0]

    def reserve(self, road_id: str, at: str, number: str, *, actor: str) -> dict[str, Any]:
        """Reserve the number that was shown; CallError says what is free where it is not any more."""
        with opened(self.address) as register:
            spots = _spots(at, register.crs)
            done = reserve(register, spots, road_id=road_id, wanted=number, actor=actor, today=self.today)
        return {"change_id": done.change_id, "id": done.plates[0], "number": done.proposals[0].number}

    def _current(self) -> tuple[Context, list[dict[str, Any]]]:
        with self._lock, opened(self.address) as register:
            key = (register.revision, self.today)
            if self._seen is None or self._seen[0] != key:
                ctx = view(register, self.today)
                self._seen = (key, ctx, practice_rows(ctx))
            return self._seen[1], self._seen[2]


def _spots(at: str, crs: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries([spot(at, crs)], crs=crs)


def _degrees(points: np.ndarray, crs: Any) -> list[list[float]]:
    return shapely.get_coordinates(project(points, crs, LON_LAT)).round(7).tolist()
