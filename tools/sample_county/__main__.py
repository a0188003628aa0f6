"""``python -m tools.sample_county``: draws up the county, plants its faults and writes ``data/sample``."""

from __future__ import annotations

from register.paths import DATA
from tools.sample_county import county, faults, files

if __name__ == "__main__":
    layers, planted = faults.plant(county.build())
    files.write(DATA / "sample", layers, planted)
    print(f"{len(planted)} findings expected; {sum(map(len, layers.values()))} records in {DATA / 'sample'}")
