"""Several programs at one register, and programs that are killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from register.dictionary import DICTIONARY
from register.store import create_register
from register.store.connection import writing
from register.store.gpkg import GeoPackageRegister
from rulebook.changes import ChangeSet, edits_frame
from rulebook.errors import RegisterError
from tests.register.store.conftest import BY, METRIC, PROFILE, ROOT, plates, run_python

KILLS = 40
RECORDS = 400

READER = """
import sys
from register.store import open_register
register = open_register(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with register.layers() as layers:
        frame = layers["doorplates"]
        assert frame["number"].nunique() <= 1, frame["number"].unique()
        assert len(frame) == 400
print("read")
"""

WRITER = """
import sys
from register.store.gpkg import GeoPackageRegister
from pathlib import Path
from tests.register.store.conftest import BY, plates
register = GeoPackageRegister.open(Path(sys.argv[1]), busy_seconds=float(sys.argv[2]))
print(register.put("doorplates", plates(["from another program"]), **BY).change_id)
"""

KILLER = """
import os, random, signal, sys, time
from register.store import open_register
from rulebook.changes import ChangeSet, edits_frame
from tests.register.store.conftest import BY, plates
address, kills = sys.argv[1], int(sys.argv[2])
ids = [f"p{number}" for number in range(400)]

def write():
    register = open_register(address)
    number = register.revision
    while True:
        number += 1
        if number % 2:
            register.put("doorplates", plates(ids, number=str(number)), **BY)
        else:
            edits = [("doorplates", key, "number", str(number - 1), str(number)) for key in ids]
            register.apply(ChangeSet(edits_frame(edits), **BY))

moment = random.Random(20261123)
for _ in range(kills):
    child = os.fork()
    if child == 0:
        write()
        os._exit(1)
    time.sleep(moment.uniform(0.0, 0.3))
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    register = open_register(address)
    frame = register.layer("doorplates")
    assert len(frame) == 400
    assert set(frame["number"]) == {str(register.revision)}, (set(frame["number"]), register.revision)
print(register.revision, [fault.en for fault in register.integrity()])
"""


@pytest.fixture
def register(tmp_path: Path) -> GeoPackageRegister:
    create_register(tmp_path / "r.gpkg", PROFILE, METRIC)
    register = GeoPackageRegister.open(tmp_path / "r.gpkg", busy_seconds=0.2)
    register.put("doorplates", plates([f"p{number}" for number in range(RECORDS)]), **BY)
    return register


def test_readers_are_not_blocked_and_see_whole_changes(register: GeoPackageRegister) -> None:
    command = [sys.executable, "-c", READER, register.address, "15"]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    number = 1
    while reader.poll() is None:
        number += 1
        register.put("doorplates", plates([f"p{each}" for each in range(RECORDS)], number=str(number)), **BY)
    said, fault = reader.communicate()
    assert said.strip() == "read", fault
    assert number > 2


def test_readers_read_while_a_write_is_open(register: GeoPackageRegister) -> None:
    with writing(register.path) as connection:
        connection.execute("UPDATE doorplates SET number = 'x'")
        done = run_python(READER, register.path, 1)
        connection.execute("ROLLBACK")
    assert done.stdout.strip() == "read", done.stderr


def test_a_second_writer_waits(register: GeoPackageRegister) -> None:
    with writing(register.path):
        command = [sys.executable, "-c", WRITER, register.address, "60"]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        time.sleep(2)
        assert writer.poll() is None
    said, fault = writer.communicate()
    assert said.strip() == "2", fault


def test_a_second_writer_gives_up_with_a_sentence(register: GeoPackageRegister) -> None:
    edit = edits_frame([("doorplates", "p1", "number", "1", "2")])
    with writing(register.path):
        for attempt in (
            lambda: register.apply(ChangeSet(edit, **BY)),
            lambda: register.put("doorplates", plates(["x"]), **BY),
            lambda: register.undo(1, **BY),
            lambda: register.keep_findings([], {}),
        ):
            with pytest.raises(RegisterError, match="Another program is writing"):
                attempt()
    assert register.apply(ChangeSet(edit, **BY)) == 2


def test_two_plans_made_on_the_same_value_do_not_both_win(register: GeoPackageRegister) -> None:
    other = GeoPackageRegister.open(register.path)
    register.apply(ChangeSet(edits_frame([("doorplates", "p1", "number", "1", "2")]), **BY))
    with pytest.raises(RegisterError, match="no longer"):
        other.apply(ChangeSet(edits_frame([("doorplates", "p1", "number", "1", "3")]), **BY))
    assert other.layer("doorplates").loc["p1", "number"] == "2"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks the programs to be killed")
def test_killed_programs_leave_whole_changes_only(register: GeoPackageRegister) -> None:
    """A program is killed forty times at a random moment of a put or an apply."""
    done = run_python(KILLER, register.address, KILLS)
    assert done.returncode == 0, done.stderr
    revision, faults = done.stdout.split(maxsplit=1)
    assert int(revision) > KILLS / 2
    assert faults.strip() == "[]"


def test_a_register_that_is_killed_in_the_making_is_not_there(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from register.store import create_register, gpkg_schema\n"
        "from tests.register.store.conftest import METRIC\n"
        "made = []\n"
        "original = gpkg_schema.create_layer\n"
        "def create_layer(*arguments):\n"
        "    made.append(original(*arguments))\n"
        "    if len(made) == int(sys.argv[2]): os.kill(os.getpid(), 9)\n"
        "gpkg_schema.create_layer = create_layer\n"
        "create_register(Path(sys.argv[1]), 'p', METRIC)\n"
    )
    for number in (1, len(DICTIONARY) // 2, len(DICTIONARY)):
        assert run_python(script, tmp_path / "r.gpkg", number).returncode == -9
        assert not (tmp_path / "r.gpkg").exists()
    assert create_register(tmp_path / "r.gpkg", PROFILE, METRIC).integrity() == []
