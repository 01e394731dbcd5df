"""Laws of the markers: each is explained, `make check` leaves out all of them, no program starts unseen."""

from __future__ import annotations

import re
import subprocess
import tomllib

from conftest import MARKERS, ROOT, started
from sandbox_children import in_child


def test_make_check_leaves_out_every_marker_that_is_explained() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    (left_out,) = re.findall(r"^QUICK := not \((.*)\)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {line.partition(":")[0] for line in settings["markers"]} == set(MARKERS)
    assert set(left_out.split(" or ")) == set(MARKERS)


def test_a_program_is_noted_whoever_starts_it() -> None:
    assert started() == set()
    subprocess.run(["true"])
    assert in_child(lambda: subprocess.run(["false"]).returncode) == 1
    assert started() == {"true", "false"}
