"""Words for how a road is numbered, in both languages."""

from rulebook.language import Text

NUMBERINGS: dict[str | None, Text] = {
    "odd_left": Text("左单右双", "odd left"),
    "odd_right": Text("右单左双", "odd right"),
    "consecutive": Text("单双连续", "consecutive"),
    None: Text("不能判断", "not known"),
}
SOURCES = {
    "register": Text("登记", "register"),
    "plates": Text("由门牌推断", "its plates"),
    "few_plates": Text("由少数门牌推断", "few plates"),
    "none": Text("无", "none"),
}
STARTS: dict[str | None, Text] = {
    "start": Text("道路起点", "start"),
    "end": Text("道路止点", "end"),
    "both": Text("一侧去、一侧回", "up one side, down the other"),
    None: Text("不能判断", "not known"),
}
SIDES: dict[str | None, Text] = {
    "left": Text("左侧", "left"),
    "right": Text("右侧", "right"),
    "both": Text("两侧", "both sides"),
    None: Text("无", "none"),
}
