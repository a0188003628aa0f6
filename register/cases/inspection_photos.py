"""What a photograph says of itself: its content's hash, when and where it was taken. The picture is never decoded whole."""

from __future__ import annotations

import hashlib
import math
import warnings
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageOps

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic")
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "MPO": "image/jpeg",
}
BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, ZeroDivisionError, Image.DecompressionBombError)
SHOWN_PIXELS = 1600


@dataclass(frozen=True)
class Picture:
    """A photograph that was handed in. ``taken_at`` is local time in ISO form, ``lon`` and ``lat`` are degrees; each is
    None where the picture does not say it.
    """

    name: str
    sha256: str
    media_type: str
    taken_at: str | None = None
    lon: float | None = None
    lat: float | None = None

    def facts(self) -> dict[str, Any]:
        """The member of ``photo_facts`` for it."""
        return {name: getattr(self, name) for name in ("name", "sha256", "taken_at", "lon", "lat")}


def picture_of(name: str, content: bytes) -> Picture | None:
    """The facts of a picture; None when the file is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content)) as image:
                kind = image.format or ""
                taken_at, place = _facts(image.getexif())
    except BROKEN:
        return None
    lon, lat = place or (None, None)
    digest = hashlib.sha256(content).hexdigest()
    return Picture(name, digest, MEDIA_TYPES.get(kind, "application/octet-stream"), taken_at, lon, lat)


def shown(content: bytes) -> bytes:
    """A smaller JPEG of a picture for pages and papers, upright and without what the camera wrote into it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(content)) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
    buffer = BytesIO()
    upright.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def _facts(exif: Image.Exif) -> tuple[str | None, tuple[float, float] | None]:
    own = exif.get_ifd(ExifTags.IFD.Exif)
    said = own.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    return _time(said), _place(exif.get_ifd(ExifTags.IFD.GPSInfo))


def _time(said: Any) -> str | None:
    try:
        return datetime.strptime(str(said).strip("\x00 "), "%Y:%m:%d %H:%M:%S").isoformat()
    except ValueError:
        return None


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    try:
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude]) * (-1 if gps.get(ExifTags.GPS.GPSLatitudeRef) == "S" else 1)
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude]) * (-1 if gps.get(ExifTags.GPS.GPSLongitudeRef) == "W" else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    sound = abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0.0, 0.0)
    return (round(lon, 7), round(lat, 7)) if sound else None


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if math.isnan(value):
        raise ValueError(parts)
    return value
