"""Filling a template of the office with the facts of a case.

A template is a small HTML page with Jinja placeholders (``data/documents/<name>.html``). A bureau that wants other words
puts a file of the same name into a folder of its own, which is looked at first (``DIMING_DOCUMENTS``, or the site's
setting ``documents``). Templates run in Jinja's sandbox: a page can be filled, nothing else can be done from it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import SandboxedEnvironment

from register.documents.paper import Paper
from register.paths import DATA
from rulebook.errors import FileError

FOLDER = DATA / "documents"
OWN_FOLDER = "DIMING_DOCUMENTS"


def folders(own: str | Path | None = None) -> list[Path]:
    """Where templates are looked for, the bureau's own folder first."""
    chosen = own or os.environ.get(OWN_FOLDER)
    return [*([Path(chosen)] if chosen else []), FOLDER]


def fill(name: str, facts: Mapping[str, Any], *, own: str | Path | None = None) -> Paper:
    """The paper ``name`` about ``facts``.

    Raises
    ------
    FileError
        There is no such template, it is not valid, or it speaks of something that ``facts`` lack.
    """
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folders(own)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cn_date"] = chinese_date
    try:
        return Paper(environment.get_template(f"{name}.html").render(facts))
    except TemplateNotFound as fault:
        raise FileError(f"没有文书模板 {fault.name}。", f"There is no template {fault.name}.") from fault
    except TemplateError as fault:
        line = getattr(fault, "lineno", None)
        where = f"{name}.html" + (f":{line}" if line else "")
        raise FileError(f"文书模板 {where} 有误：{fault}", f"The template {where} is wrong: {fault}") from fault


def chinese_date(iso: str | None) -> str:
    """An ISO date as papers write it, 2026年1月5日; empty for none."""
    if not iso:
        return ""
    year, month, day = (int(part) for part in iso[:10].split("-"))
    return f"{year}年{month}月{day}日"
