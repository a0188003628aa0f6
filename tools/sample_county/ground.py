"""Facts about Shengzhou that the invented county keeps, and the projection between degrees and the register.

Townships, codes of both series and neighbours are real (register of the Ministry of Civil Affairs as of 2025-12-31;
statistics series of 2023). Township centres and tri-points are approximate; everything between them is invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyproj import Transformer

CRS = "EPSG:4549"
DEGREES = "EPSG:4490"
COUNTY = "330683000000"
SEED = "嵊州示例"

_PROJECT = Transformer.from_crs(DEGREES, CRS, always_xy=True)
_UNPROJECT = Transformer.from_crs(CRS, DEGREES, always_xy=True)


def metres(lon: float, lat: float) -> tuple[float, float]:
    """Easting and northing in EPSG:4549, to the centimetre."""
    east, north = _PROJECT.transform(lon, lat)
    return round(east, 2), round(north, 2)


def degrees(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude in EPSG:4490, to some eleven millimetres."""
    lon, lat = _UNPROJECT.transform(east, north)
    return round(lon, 7), round(lat, 7)


@dataclass(frozen=True)
class Township:
    """One of the fifteen: its code, the statistics code where it differs, and about where it lies."""

    code: str
    name: str
    pinyin: str
    nbs: str
    lon: float
    lat: float

    @property
    def code12(self) -> str:
        return self.code + "000"

    @property
    def kind(self) -> str:
        return "街道" if self.name.endswith("街道") else self.name[-1]

    @property
    def specific(self) -> str:
        return self.name.removesuffix(self.kind)


TOWNSHIPS = (
    Township("330683001", "剡湖街道", "Shànhú Jiēdào", "", 120.812, 29.618),
    Township("330683002", "三江街道", "Sānjiāng Jiēdào", "", 120.838, 29.568),
    Township("330683003", "鹿山街道", "Lùshān Jiēdào", "", 120.790, 29.575),
    Township("330683004", "浦口街道", "Pǔkǒu Jiēdào", "330683005", 120.872, 29.605),
    Township("330683100", "甘霖镇", "Gānlín Zhèn", "", 120.725, 29.540),
    Township("330683101", "长乐镇", "Chánglè Zhèn", "", 120.585, 29.490),
    Township("330683102", "崇仁镇", "Chóngrén Zhèn", "", 120.720, 29.635),
    Township("330683103", "黄泽镇", "Huángzé Zhèn", "", 120.940, 29.580),
    Township("330683104", "三界镇", "Sānjiè Zhèn", "", 120.868, 29.755),
    Township("330683107", "仙岩镇", "Xiānyán Zhèn", "", 120.840, 29.680),
    Township("330683110", "下王镇", "Xiàwáng Zhèn", "", 120.975, 29.670),
    Township("330683111", "石璜镇", "Shíhuáng Zhèn", "330683105", 120.625, 29.585),
    Township("330683112", "谷来镇", "Gǔlái Zhèn", "330683106", 120.640, 29.700),
    Township("330683113", "金庭镇", "Jīntíng Zhèn", "330683108", 121.035, 29.590),
    Township("330683206", "贵门乡", "Guìmén Xiāng", "330683200", 120.665, 29.430),
)


@dataclass(frozen=True)
class Neighbour:
    """A neighbouring county: code and the character that stands for it in the name of a line."""

    code: str
    name: str
    short: str


NEIGHBOURS = {
    known.short: known
    for known in (
        Neighbour("330681", "诸暨市", "诸"),
        Neighbour("330603", "柯桥区", "柯"),
        Neighbour("330604", "上虞区", "虞"),
        Neighbour("330281", "余姚市", "余"),
        Neighbour("330213", "奉化区", "奉"),
        Neighbour("330624", "新昌县", "新"),
        Neighbour("330783", "东阳市", "东"),
    )
}

# Tri-points around the county, clockwise from the west: the neighbours before and behind, longitude, latitude.
TRI_POINTS = (
    ("东", "诸", 120.469, 29.502),
    ("诸", "柯", 120.525, 29.696),
    ("柯", "虞", 120.745, 29.781),
    ("虞", "余", 121.010, 29.731),
    ("余", "奉", 121.055, 29.679),
    ("奉", "新", 121.102, 29.533),
    ("新", "东", 120.718, 29.370),
)

# Invented bends of the outline between a tri-point and the next, by neighbour.
BENDS = {
    "诸": ((120.503, 29.560), (120.498, 29.640)),
    "柯": ((120.575, 29.735), (120.635, 29.735), (120.690, 29.780)),
    "虞": ((120.800, 29.802), (120.870, 29.812), (120.920, 29.765)),
    "余": ((121.025, 29.700),),
    "奉": ((121.082, 29.630), (121.075, 29.585)),
    "新": ((121.040, 29.515), (120.960, 29.545), (120.890, 29.535), (120.840, 29.490), (120.760, 29.450)),
    "东": ((120.650, 29.372), (120.600, 29.420), (120.520, 29.445)),
}
