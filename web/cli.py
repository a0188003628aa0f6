"""The command ``diming``: the commands of the register, and the two that open the site."""

from __future__ import annotations

import sys

from register.cli import diming
from rulebook.language import Text

diming.add_lazy("serve", "web.serve:serve", Text("打开登记库的审核网站", "Open the review site on a register"))
diming.add_lazy(
    "demo",
    "web.demo:demo",
    Text("建立样例县、检查它并打开网站", "Build the sample county, check it and open the site on it"),
)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(diming.run())
