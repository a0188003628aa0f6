"""The command line. Commands are imported only when they are called, so that help comes at once."""

from __future__ import annotations

from register.cli.group import Commands
from rulebook.language import Text

diming = Commands(
    "diming",
    Text(
        "管好一个县的地名、道路、门牌、地址、行政区划和界线界桩：查错、说明理由、提出修改、留痕。",
        "Keeps a county's register of place names, roads, doorplates, addresses, divisions and boundary markers right.",
    ),
)

for _name, _where, _zh, _en in (
    ("init", "register.cli.init:init", "新建空登记库", "Make an empty register"),
    ("import", "register.cli.importing:import_", "导入文件", "Take over a file"),
    ("check", "register.cli.check:check", "按规则检查登记库", "Check a register by the rules"),
    ("rules", "register.cli.rules:rules", "查看规则目录", "Show the catalogue of rules"),
    ("plate", "register.cli.plates:plate", "门牌：读号、编号、重编", "Doorplates: reading, numbering, renumbering"),
    ("name", "register.cli.names:name", "地名：拼写、比较、预审", "Names: romanisation, comparison, pre-test"),
    (
        "case",
        "register.cli.applications:case",
        "地名申请：从申请到设标",
        "Applications for names: from the draft to the sign",
    ),
    ("plan", "register.cli.naming_plan:plan", "地名规划：预留、启用、释放", "Plan of names: reserve, use, release"),
    ("sign", "register.cli.signs:sign", "不规范地名标志的查处", "Signs that do not show the standard name"),
    ("address", "register.cli.addresses:address", "地址：分段与匹配", "Addresses: segments and links"),
    (
        "problems",
        "register.cli.problems:problems",
        "反馈问题：接收、核实、修改、答复",
        "Returned lists: intake, repairs, answers",
    ),
    ("exempt", "register.cli.exempting:exempt", "豁免一条不算错的问题", "Exempt a finding that is no fault"),
    ("divisions", "register.cli.divisions:divisions", "行政区划：变更与代码", "Divisions: changes and codes"),
    ("markers", "register.cli.markers:markers", "界桩：联检、外业、踏勘成果", "Markers: cycle, trips, visits, papers"),
    ("apply", "register.cli.changes:apply", "执行修改计划中已接受的行", "Apply the accepted rows of a fix plan"),
    ("undo", "register.cli.changes:undo", "撤销一次修改或其中一条记录", "Take back a change or one record of it"),
    ("log", "register.cli.changes:log", "查看修改记录", "Show the history"),
    ("export", "register.cli.exporting:export", "写出封签的导出包", "Write a sealed package"),
    ("verify", "register.cli.exporting:verify", "核对导出包", "Check a package"),
    ("report", "register.cli.report:report", "年度数据和质量卡", "The year's figures and the quality card"),
    ("backup", "register.cli.keeping:backup", "备份正在使用的登记库", "Copy a register that is in use"),
    ("restore", "register.cli.keeping:restore", "用备份恢复登记库", "Restore a register from a copy"),
):
    diming.add_lazy(_name, _where, Text(_zh, _en))
