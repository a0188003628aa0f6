"""Angles as registration forms write them: ``120°45′12.3″``, ``东经120度45分12.3秒``, ``120:45:12.3 E``, ``120.753417°``."""

from __future__ import annotations

import pandas as pd

FIELDS = ("lon", "lat", "azimuth_deg")
MEANT = str.maketrans({"º": "°", "˚": "°", "″": '"', "”": '"', "“": '"', "′": "'", "’": "'", "‘": "'", "´": "'"})
SEXAGESIMAL = (
    r"(?:东经|北纬|[EeNn])?\s*(\d{1,3})\s*(?:°|度|:|：)\s*"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:'|分|:|：)?\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|''|秒)?)?\s*[EeNn]?"
)
DECIMAL = r"(?:东经|北纬|[EeNn])?\s*(\d{1,3}\.\d+)\s*(?:°|度)\s*[EeNn]?"
DIGITS = 10


def decimal(text: pd.Series) -> pd.Series:
    """Degrees as decimal text where a cell is an angle with marks; other cells as they are.

    East and north only; minutes and seconds of 60 and more make no angle, so that the cell stays what it is.
    """
    plain = text.str.translate(MEANT).str.strip()
    marked = plain.str.contains(r"[°度:：]", regex=True).fillna(False).astype("bool")
    if not marked.any():
        return text
    plain = plain[marked].str.normalize("NFKC")
    parts = plain.str.extract(f"^{SEXAGESIMAL}$").astype("float64")
    minutes, seconds = parts[1].fillna(0), parts[2].fillna(0)
    broken_minutes = minutes.ne(minutes.round()) & parts[2].notna()
    sound = parts[0].notna() & minutes.lt(60) & seconds.lt(60) & ~broken_minutes
    degrees = (parts[0] + minutes / 60 + seconds / 3600).where(sound)
    degrees = degrees.fillna(plain.str.extract(f"^{DECIMAL}$")[0].astype("float64")).round(DIGITS)
    known = degrees.dropna()
    result = text.copy()
    result[known.index] = known.astype("str").to_numpy()
    return result
