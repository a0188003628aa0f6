"""Which layer of the dictionary a table is: as told, by its name, or by its columns when only one layer fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from register.dictionary import DICTIONARY
from register.exchange.columns import assign, fold
from register.exchange.positions import fit
from register.exchange.source import Source
from rulebook.errors import CallError, SchemaError
from rulebook.profile import Profile
from rulebook.schema import COMMON_FIELDS, Layer

TITLES = {fold(title): layer for layer in DICTIONARY.values() for title in (*layer.title, layer.name)}
# Formats whose layers have names of their own: only those of the dictionary are taken unasked.
NAMED_LAYERS = (".gpkg", ".gdb")
COMMON = {field.name for field in COMMON_FIELDS}


def layer_named(name: str) -> Layer:
    """The layer of that name or Chinese title. Raises CallError listing what there is."""
    if fold(name) not in TITLES:
        listed = "、".join(f"{layer.name}（{layer.title.zh}）" for layer in DICTIONARY.values())
        raise CallError(
            f"没有图层“{name}”；有：{listed}。", f'There is no layer "{name}"; there are: {", ".join(DICTIONARY)}.'
        )
    return TITLES[fold(name)]


def choose(
    sources: Sequence[Source], path: Path, layer: str | None, profile: Profile, columns: Mapping[str, str]
) -> tuple[list[tuple[Layer, Source]], list[str]]:
    """Pairs of layer and table, in the dictionary's order, and the names of tables that are none of its layers."""
    if layer is not None:
        wanted = layer_named(layer)
        chosen = _for_layer(sources, wanted, path, profile, columns)
        return [(wanted, chosen)], [source.name for source in sources if source is not chosen]
    pairs = [(TITLES[fold(source.name)], source) for source in sources if fold(source.name) in TITLES]
    if not pairs and len(sources) == 1 and fold(path.name.split(".")[0]) in TITLES:
        pairs = [(TITLES[fold(path.name.split(".")[0])], sources[0])]
    if not pairs and path.suffix.lower() not in NAMED_LAYERS:
        guessed = [(guess(source, profile, columns), source) for source in sources]
        pairs = [(found, source) for found, source in guessed if found is not None]
    if not pairs:
        listed = ", ".join(source.name for source in sources)
        raise SchemaError(
            f"看不出 {path.name}（{listed}）是哪个图层的数据；请用 --layer 指明：{'、'.join(DICTIONARY)}。",
            f"It cannot be told which layer {path.name} ({listed}) is; name it by --layer: {', '.join(DICTIONARY)}.",
        )
    names = [found.name for found, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SchemaError(
            f"{path.name} 里有几张表都是图层 {'、'.join(twice)}；请分开导入，或用 --map 的 sheet 指明。",
            f"Several tables of {path.name} are of layer {', '.join(twice)}; import them one by one or name one by sheet in --map.",
        )
    order = list(DICTIONARY)
    taken = {id(source) for _, source in pairs}
    return (
        sorted(pairs, key=lambda pair: order.index(pair[0].name)),
        [source.name for source in sources if id(source) not in taken],
    )


def guess(source: Source, profile: Profile, columns: Mapping[str, str]) -> Layer | None:
    """The one layer whose mandatory columns are all there and of which most columns are recognised."""
    scores = {name: _score(source, layer, profile, columns) for name, layer in DICTIONARY.items()}
    best = max(scores.values())
    winners = [name for name, score in scores.items() if score == best]
    return DICTIONARY[winners[0]] if best > 0 and len(winners) == 1 else None


def _score(source: Source, layer: Layer, profile: Profile, columns: Mapping[str, str]) -> int:
    try:
        known = set(assign(source, layer, profile, columns).known)
    except SchemaError:
        return 0
    complete = all(field.name in known for field in layer.fields if field.mandatory)
    return len(known & set(layer.columns) - COMMON) if complete else 0


def _has_shapes_of(source: Source, layer: Layer) -> bool:
    if source.geometry is None or layer.geometry is None:
        return source.geometry is None and layer.geometry is None
    _, wrong = fit(source.geometry, layer.geometry)
    return not wrong.all()


def _for_layer(
    sources: Sequence[Source], layer: Layer, path: Path, profile: Profile, columns: Mapping[str, str]
) -> Source:
    """The table of a layer that the caller named: the one of that name, the only one, the only one that fits."""
    filled = [source for source in sources if source.has_records]
    for fits in (
        [source for source in sources if TITLES.get(fold(source.name)) is layer],
        filled,
        [source for source in filled if _score(source, layer, profile, columns)],
        [source for source in filled if _has_shapes_of(source, layer)],
    ):
        if len(fits) == 1:
            return fits[0]
    if len(sources) == 1:
        return sources[0]
    listed = "、".join(source.name for source in sources)
    raise SchemaError(
        f"{path.name} 有几张表（{listed}），看不出哪张是 {layer.name}；请把它改名为 {layer.name}，或用 --map 的 sheet 指明。",
        f"{path.name} has several tables ({listed}) and it cannot be told which is {layer.name}; rename it to {layer.name} or name it by sheet in --map.",
    )
