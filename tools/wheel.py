"""Put into a wheel what a new course is made from. An editable install has it in the checkout."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STARTER = "autograder/starter"  # see autograder/starter.py
FILES = ("utils.py", "nbgrader_config.py", "jupytext.toml", "course/shared")


class Starter(BuildHookInterface):  # type: ignore[misc]
    """Add the files to every wheel but that of an editable install, which would keep old copies of them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say where the files go."""
        if version != "editable":
            build_data["force_include"].update({name: f"{STARTER}/{name}" for name in FILES})
