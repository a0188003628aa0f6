"""Runs one peer over addresses; started by ``tests.bench.addresses`` with the interpreter that has the peers.

Reads a JSON list of texts from stdin; writes ``{"rows": [[province, prefecture, county, township], …], "seconds": …}``.
``python address_peers.py jionlp`` or ``cpca``.
"""

from __future__ import annotations

import json
import sys
import time


def jionlp_rows(texts: list[str]) -> list[list[str | None]]:
    import jionlp

    found = [jionlp.parse_location(text, town_village=True) for text in texts]
    return [[one["province"], one["city"], one["county"], one["town"]] for one in found]


def cpca_rows(texts: list[str]) -> list[list[str | None]]:
    import cpca

    frame = cpca.transform(texts)[["省", "市", "区"]]
    return [[value or None for value in row] + [None] for row in frame.astype(object).where(frame.notna(), None).values]


if __name__ == "__main__":
    rows_of = {"jionlp": jionlp_rows, "cpca": cpca_rows}[sys.argv[1]]
    addresses = json.load(sys.stdin)
    real, sys.stdout = sys.stdout, sys.stderr  # peers greet on stdout
    rows_of(addresses[:1])  # dictionaries are loaded
    start = time.perf_counter()
    rows = rows_of(addresses)
    seconds = time.perf_counter() - start
    json.dump({"rows": rows, "seconds": seconds}, real, ensure_ascii=False)
