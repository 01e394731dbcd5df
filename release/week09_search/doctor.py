"""Say whether this machine and a folder have what a lesson needs: `doctor()` in a notebook.

`python doctor.py` in the folder says the same in a terminal, also where no notebook can start any more.
The folder is looked at for names that hide a library before anything else is loaded, see folder_look.py.
"""

from __future__ import annotations

import os
import sys
import time

try:
    from folder_look import Folder
except (ImportError, SyntaxError):
    Folder = None  # type: ignore[assignment,misc]  # then there is one thing to say, see report()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Check = Callable[[Folder], tuple[str, str]]  # returns one of the four words below, and a sentence

PYTHON = (3, 11)
PACKAGES = {  # as they are installed, and the lowest version of each that the lessons are made for
    "torch": "2.13.0", "numpy": "2", "matplotlib": "3.9", "ipywidgets": "8.1", "anywidget": "0.9",
    "scikit-learn": "1.5", "scipy": "1.13", "ipython": "9", "pillow": "11", "pooch": "1.8", "tqdm": "4.66",
    "optuna": "5", "psutil": "6", "cloudpickle": "3", "nbimporter": "0.3.4",
}  # fmt: skip
OWN = os.path.dirname(os.path.realpath(__file__))
OK, LOOK, SEE, NOT_TRIED = "ok", "look here", "see below", "not tried"


def doctor(folder: Any = None) -> None:
    """Print a line for each thing that a lesson needs, and what to do where one is missing.

    `folder` is where the notebook lies, by default the current folder. In a notebook a slider follows.
    """
    if SEE in report(folder):
        _slider()._ipython_display_()


def report(folder: Any = None) -> list[str]:
    """Print the lines of `doctor`, and return the words with which they begin."""
    if Folder is None:
        print(f"{LOOK}  folder_look.py is not here, or is damaged. Unpack the whole folder once more.")
        return [LOOK]
    try:
        here = Folder(os.getcwd() if folder is None else folder)
    except (TypeError, ValueError, OSError) as error:
        print(f"{LOOK}  Folder: {folder!r} cannot be looked at ({error}). Give a notebook's folder.")
        return [LOOK]
    words = []
    for name, check in CHECKS.items():
        word, sentence = _tried(check, here)
        words.append(word)
        print(f"{word:<9}  {name}: {sentence}", flush=True)
    looks = words.count(LOOK)
    lines = "1 line above begins" if looks == 1 else f"{looks} lines above begin"
    ends = "ends" if looks == 1 else "end"
    print(f'{lines} with "{LOOK}" and {ends} with what to do.' if looks else "All is well.")
    return words


def _tried(check: Check, here: Folder) -> tuple[str, str]:
    """Return what a check found. One that fails itself is told, and does not stop those after it."""
    if check in LOADING and here.hiding:
        name, whose = next(iter(here.hiding.items()))
        return NOT_TRIED, f"because {here.shown(name)} hides {whose}."
    places = list(sys.path)
    script = OWN if __name__ == "__main__" else None
    sys.path[:] = [place for place in places if not here.is_at(place) and os.path.realpath(place) != script]
    try:
        return check(here)
    except ImportError as error:
        return LOOK, f"not possible ({error}). Do first what the line about packages says."
    except (Exception, SystemExit) as error:
        told = f"{type(error).__name__}: {error}"
        return LOOK, f"this check itself failed ({told}). Show this line to your teacher."
    finally:
        sys.path[:] = places


def _shell() -> Any:
    """Return the shell of the notebook in which this runs, or None in a terminal."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython and hasattr(ipython, "get_ipython") else None
    return shell if hasattr(shell, "kernel") else None


# ---------------------------------------------------------------- checks that load nothing of the folder


def check_python(_here: Folder) -> tuple[str, str]:
    """Compare the version of Python."""
    version, wanted = ("{}.{}".format(*numbers[:2]) for numbers in (sys.version_info, PYTHON))
    if sys.version_info[:2] == PYTHON:
        return OK, f"Python {version}."
    if sys.version_info[:2] > PYTHON:
        return OK, (
            f"Python {version}. The lessons were tried with {wanted}; importing from a notebook, in week 0, "
            "does not work in later ones, and is shown as a stored result."
        )
    return LOOK, (
        f"this is Python {version}, and the lessons are made for {wanted}. In the top right corner of the "
        f"notebook, choose a kernel (the Python behind it) with {wanted}; in a terminal, activate the "
        "environment of the course."
    )


def check_packages(_here: Folder) -> tuple[str, str]:
    """Compare the versions of what is installed."""
    from importlib.metadata import PackageNotFoundError, version

    found, lacking = {}, {}
    for package, wanted in PACKAGES.items():
        try:
            found[package] = version(package)
            if _numbers(found[package]) < _numbers(wanted):
                lacking[package] = f"{package} {found[package]} is older than {wanted}"
        except PackageNotFoundError:
            lacking[package] = f"{package} is missing"
    if not lacking:
        shown = [f"{package} {found[package]}" for package in list(PACKAGES)[:6]]
        return OK, f"{', '.join(shown)} and {len(PACKAGES) - len(shown)} more are installed."
    pip = "%pip" if _shell() is not None else "python -m pip"
    needed = " ".join(f'"{package}>={PACKAGES[package]}"' for package in lacking)
    return LOOK, f"{'; '.join(lacking.values())}. Run: {pip} install {needed}"


def _numbers(version: str) -> list[int]:
    """Return the numbers of a version: [2, 13, 0] for "2.13.0+cpu"."""
    return [int(part) for part in version.split("+")[0].split(".") if part.isdigit()]


def check_names(here: Folder) -> tuple[str, str]:
    """Tell which files of the folder hide a library."""
    if not here.hiding:
        return OK, "no file of yours hides a library."
    told = [f"{here.shown(name)} hides {whose}" for name, whose in here.hiding.items()]
    more = f"; and {len(told) - 5} more" if len(told) > 5 else ""
    them = "it" if len(told) == 1 else "them"
    then = "start the notebook again" if _shell() is None else "restart the kernel"
    return LOOK, f"{'; '.join(told[:5])}{more}. Rename or delete {them}, then {then}."


def check_files(here: Folder) -> tuple[str, str]:
    """Look whether the week's files lie beside the notebook, as they were given."""
    if not here.is_lesson:
        return LOOK, "no notebook of the course is here. Did you open the right folder?"
    if lost := here.missing_files():
        return LOOK, (
            f"Not beside the notebook: {', '.join(lost)}. Unpack the whole folder that you were given once "
            "more, in another place, and go on with the notebook there, or put yours in its place."
        )
    if here.hiding:
        return NOT_TRIED, "first do what the line about names says."
    faults = _file_faults(here)
    return (LOOK, " ".join(faults)) if faults else (OK, "all files of this week are here, as given.")


def _file_faults(here: Folder) -> list[str]:
    sys.path.insert(0, OWN)  # it needs modules of Python's own that a file could hide: now none does
    from folder_files import file_faults

    return file_faults(here, _shell() is not None)


def check_writing(here: Folder) -> tuple[str, str]:
    """Write an empty file into the folder, and remove it."""
    path = here.file(f".doctor-{os.getpid()}")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.remove(path)
    except OSError as error:
        return LOOK, (
            f"this folder cannot be written to ({error.strerror}), so no answer can be saved. "
            "Move the whole folder to your own documents: out of the zip file, or of a viewer for downloads."
        )
    return OK, "this folder can be written to."


# ---------------------------------------------------------------- checks that load libraries


def check_data(_here: Folder) -> tuple[str, str]:
    """Load the data that come with scikit-learn."""
    from sklearn.datasets import load_digits

    rows = len(load_digits().data)
    if rows == 1797:
        return OK, "digits: 1797 rows, loaded without a network."
    return LOOK, f"digits: {rows} rows instead of 1797. Install scikit-learn once more."


def check_training(here: Folder) -> tuple[str, str]:
    """Measure one small training of the generic model."""
    if "utils.py" in here.files and check_files(here)[0] == LOOK:
        return NOT_TRIED, "first bring the files of this week in order."
    sys.path.insert(0, here.path)
    try:
        from utils import get_generic_model, train_model
    except ImportError as error:
        if error.name != "utils":
            raise
        return NOT_TRIED, "because the course's utils.py is not here."
    model, train_loader, val_loader, _, criterion, optimizer = get_generic_model(seed=0)
    start = time.perf_counter()
    train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs=30, verbose=False)
    took = time.perf_counter() - start
    return OK, f"30 epochs took {took:.1f} s. Closing other programs helps where lessons feel slow."


def check_widgets(here: Folder) -> tuple[str, str]:
    """Say where to look whether widgets come alive: only a person can see that."""
    if _shell() is None:
        return NOT_TRIED, "this is a terminal. Run doctor() in a notebook: it shows a slider to move."
    sys.path.insert(0, here.path)
    import widgets  # noqa: F401 - so that a fault of it is told here

    return SEE, (
        "move the slider below: its sentence should follow. If there is none, reload the page; in VS Code, "
        "allow widgets. Every static picture of the lessons says the same."
    )


def check_accelerator(_here: Folder) -> tuple[str, str]:
    """Say what computes. Nothing is a fault here."""
    try:
        import torch
    except ImportError as error:
        return NOT_TRIED, f"because torch cannot be loaded ({error})."
    if torch.cuda.is_available():
        return OK, f"{torch.cuda.get_device_name()} (the processor alone would be enough)."
    if torch.backends.mps.is_available():
        return OK, "an Apple chip (the processor alone would be enough)."
    return OK, "processor only (that is enough)."


def _slider() -> Any:
    """Return a slider with a sentence that follows it."""
    from controls import Slider, Words
    from widgets import WithStatic

    slider, words = Slider("Try me", 0, 10, 1, 3), Words()

    def follow(_change: Any = None) -> None:
        words.value = f'<p role="status" aria-live="polite">The slider says {slider.value}.</p>'

    follow()
    slider.observe(follow, names="value")
    return WithStatic(
        [slider, words], "<p>No slider has come alive here. Reload the page, and run the cell.</p>"
    )


LOADING = (check_data, check_training, check_widgets, check_accelerator)
CHECKS: dict[str, Check] = {
    "Python": check_python,
    "Packages": check_packages,
    "Names in your folder": check_names,
    "Files of this week": check_files,
    "Writing": check_writing,
    "Data": check_data,
    "Training": check_training,
    "Widgets": check_widgets,
    "Accelerator": check_accelerator,
}


def main(arguments: Sequence[str]) -> int:
    """Look at the folder that is named, or at the one of this file; return 1 if a line needs a look."""
    return int(LOOK in report(arguments[0] if arguments else OWN))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
