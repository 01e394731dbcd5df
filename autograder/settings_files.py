"""Find the files in which nbgrader looks for settings."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "nbgrader_config"
ENDINGS = (".py", ".json")


def settings_of(folder: Path) -> list[Path]:
    """Return the files with settings that lie in the folder of a course, the more important last."""
    return _present(folder, NAME)


def settings_elsewhere() -> list[Path]:
    """Return the files with settings for all courses of this user or machine, the more important last.

    They lie where Jupyter looks for its own: in `~/.jupyter` and others, or in `$JUPYTER_CONFIG_DIR`.
    """
    from jupyter_core.paths import jupyter_config_path

    places = [Path(place) for place in reversed(jupyter_config_path())]
    return [path for name in ("jupyter_config", NAME) for place in places for path in _present(place, name)]


def _present(folder: Path, name: str) -> list[Path]:
    # Not Path.is_file(), which fails where one may not look.
    return [path for end in ENDINGS if os.path.isfile(path := folder / f"{name}{end}")]
