"""A filled paper: as a page to print, and as a DOCX with the same content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import lxml.html

from register.documents.word import to_docx

PRINT_STYLE = """
@page { size: A4; margin: 22mm 20mm; }
body { font: 12pt/1.7 "FangSong", "FangSong_GB2312", "Noto Serif CJK SC", "SimSun", serif; color: #000; background: #fff;
  max-width: 170mm; margin: 0 auto; padding: 8mm 0; }
h1 { font: 700 20pt/1.4 "SimHei", "Noto Sans CJK SC", sans-serif; text-align: center; margin: 0 0 6mm; }
h2 { font: 700 13pt/1.5 "SimHei", "Noto Sans CJK SC", sans-serif; margin: 5mm 0 1mm; }
p { margin: 0 0 2mm; } p.indent { text-indent: 2em; } .right { text-align: right; } .center { text-align: center; }
.small { font-size: 9.5pt; line-height: 1.5; } p.right { text-align: right; } p.center { text-align: center; }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 4mm; } tr { break-inside: avoid; }
th, td { border: 1px solid #000; padding: 1.2mm 2mm; vertical-align: middle; text-align: left; font-weight: 400; }
th { font-family: "SimHei", "Noto Sans CJK SC", sans-serif; text-align: center; } table.plain td { border: 0; }
img { max-width: 100%; } .fail { font-weight: 700; } hr { border: 0; border-top: 1px solid #000; }
@media screen and (max-width: 700px) { body { padding: 4mm; } }
"""


@dataclass(frozen=True)
class Paper:
    """``source`` is HTML with a body of ``h1 h2 p ul ol table hr img`` and, in them, ``b i u br span sub sup``.

    Pictures are ``data:`` addresses, so that a saved page is whole. Classes ``right center small indent`` are known
    to both forms; cells may have ``colspan``, ``rowspan`` and a ``width`` in per cent.
    """

    source: str

    @cached_property
    def body(self) -> Any:
        """The parsed body."""
        return lxml.html.document_fromstring(self.source).body

    @property
    def title(self) -> str:
        """The first heading."""
        heading = self.body.find(".//h1")
        return "" if heading is None else " ".join(heading.text_content().split())

    def html(self) -> str:
        """The page, whole and ready to print on A4."""
        inner = "".join(lxml.html.tostring(child, encoding="unicode") for child in self.body)
        return (
            '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{lxml.html.tostring(_text(self.title), encoding='unicode', with_tail=False)[6:-7]}</title>\n"
            f"<style>{PRINT_STYLE}</style>\n</head>\n<body>\n{inner}</body>\n</html>\n"
        )

    def docx(self) -> bytes:
        """The same as a DOCX file."""
        return to_docx(self.body, self.title)


def _text(text: str) -> Any:
    element = lxml.html.Element("span")
    element.text = text
    return element
