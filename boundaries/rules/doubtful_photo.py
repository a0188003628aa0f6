"""MRK504."""

from __future__ import annotations

import pandas as pd

from boundaries import photos
from rulebook.context import Context
from rulebook.findings import Findings, flag_faults
from rulebook.language import Text
from rulebook.rules import Level, Param, Remedy, Rule, Safety, Variant


def doubtful_photo(frame: pd.DataFrame, ctx: Context) -> Findings:
    """Photographs that do not show that the inspector was at the stone.

    ## What it does
    zh: 照片已被另一次检查用过、拍摄时间早于该界桩的上一次检查、拍摄地点离界桩很远、拍摄日期与检查日期不符、或照片里没有拍摄时间的，
        提出疑问。交来的照片按内容（SHA-256）比较；只登记了文件名的按文件名比较。
    en: Asks about pictures that another inspection has used before, that are older than the marker's visit before, that were
        taken far from the marker or on another day than the visit, or that say no time. Pictures that were handed in are
        compared by content (SHA-256), those that are only named by their names.

    ## Why it matters
    zh: 照片是界桩状态的凭据；旧照片、别处的照片证明不了现状。
    en: The photograph is the proof of a marker's state; an old one, or one of another place, proves nothing.

    ## Example
    zh: 两次检查都登记了照片 `IMG_0012.jpg`。
    en: Two inspections name the picture `IMG_0012.jpg`.

    ## Fix safety
    zh: 不提供自动修改：请检查人说明或补拍。
    en: None: the inspector explains, or takes another picture.

    ## Trap
    zh: 经聊天软件转发的照片会丢失时间和位置；请交原图。只登记文件名、没有交来的照片，时间只能看相机取的文件名（如
        IMG_20210402），地点无从判断。
    en: Messengers strip time and place from pictures: hand in the originals. Of a picture that is only named
        the place cannot be judged, and the time only by the name that the camera gave it (IMG_20210402).
    """
    far_m, days = ctx.param("far_m"), ctx.param("days")
    found = photos.doubts(frame, ctx.frame("markers"), crs=ctx.crs, far_m=far_m, days=days)
    grouped = found.groupby(["visit", "doubt"], sort=True, as_index=False).agg(
        names=("photo", list), others=("other", lambda one: list(dict.fromkeys(one.dropna()))),
        distance_m=("distance_m", "max"), taken_on=("taken_on", "min"), since=("since", "first"),
    )  # fmt: skip
    visits = frame.reindex(grouped["visit"])
    faults = pd.DataFrame(
        {
            "record_id": grouped["visit"],
            "key": grouped["doubt"],
            "variant": grouped["doubt"].where(grouped["doubt"] != photos.REPEATED, ""),
            "related": pd.Series(
                [tuple(f"inspections:{one}" for one in ids) for ids in grouped["others"]], dtype="object"
            ),
            "marker": visits["marker_id"].fillna(pd.Series(visits.index, index=visits.index)).to_numpy(),
            "inspected_on": visits["inspected_on"].to_numpy(),
            "photos": grouped["names"],
            "others": grouped["others"],
            "distance_m": grouped["distance_m"],
            "taken_on": grouped["taken_on"],
            "since": grouped["since"],
            "geometry": visits["geometry"].to_numpy() if "geometry" in visits else None,
        }
    )
    return flag_faults(faults, frame)


RULE = Rule(
    code="MRK504",
    name="photo-doubtful",
    title=Text("照片存疑", "photograph doubtful"),
    layers=("inspections",),
    level=Level.QUESTION,
    remedy=Remedy.DESK,
    fix=Safety.NONE,
    basis="惯例（联检记录附现场照片；照片应能证明到过现场）",
    message=Text(
        "{inspected_on} 对 {marker} 的检查，照片 {photos} 在另一次检查（{others}）中已经用过。",
        "Inspection of {marker} on {inspected_on}: {photos} was used for another inspection already ({others}).",
    ),
    variants={
        photos.OLD: Variant(
            Text(
                "{inspected_on} 对 {marker} 的检查，照片 {photos} 拍摄于 {taken_on}，早于上一次检查（{since}）。",
                "Inspection of {marker} on {inspected_on}: {photos} was taken on {taken_on}, before the visit of {since}.",
            )
        ),
        photos.FAR: Variant(
            Text(
                "{inspected_on} 对 {marker} 的检查，照片 {photos} 的拍摄地点离界桩 {distance_m:.0f} 米。",
                "Inspection of {marker} on {inspected_on}: {photos} was taken {distance_m:.0f} m from the marker.",
            )
        ),
        photos.OTHER_DAY: Variant(
            Text(
                "{inspected_on} 对 {marker} 的检查，照片 {photos} 拍摄于 {taken_on}，不是检查那天。",
                "Inspection of {marker} on {inspected_on}: {photos} was taken on {taken_on}, which is another day.",
            )
        ),
        photos.UNDATED: Variant(
            Text(
                "{inspected_on} 对 {marker} 的检查，照片 {photos} 里没有拍摄时间。",
                "Inspection of {marker} on {inspected_on}: {photos} says no time of its taking.",
            )
        ),
    },
    check=doubtful_photo,
    uses=("markers",),
    params=(
        Param("far_m", float, Text("照片离界桩的距离上限（米）", "metres a picture may be from the marker")),
        Param("days", int, Text("拍摄与检查最多相差天数", "days between picture and visit")),
    ),
)
