"""The IPython shell of a submission: what notebook cells expect, without a kernel or other processes."""

from __future__ import annotations

import contextlib
import os
import random
from typing import Any

import numpy as np
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import print_figure
from matplotlib import pyplot
from matplotlib.figure import Figure, FigureBase
from torch.utils.data import DataLoader, TensorDataset, dataloader
from traitlets.config import Config

from autograder.judge.capture import Outputs, captured

NO_COMMANDS = "[Shell commands are not run while a notebook is graded.]"
COMMAND_MAGICS = ("bash", "sh", "script", "sx", "system", "!", "pip", "conda", "mamba", "micromamba", "uv")


class StudentShell(InteractiveShell):  # type: ignore[misc]
    """Run the cells of one submission."""

    def system(self, command: str) -> None:
        """Print a note in place of running a shell command."""
        print(NO_COMMANDS)

    def getoutput(self, command: str, *ignored: Any, **also: Any) -> list[str]:
        """Return a note in place of the output of a shell command."""
        return [NO_COMMANDS]

    def _tee(self, channel: str) -> contextlib.AbstractContextManager[None]:
        """Keep no second, unbounded copy of what a cell prints, as IPython does for its history."""
        return contextlib.nullcontext()

    def ask_exit(self) -> None:
        """Go on after `exit` or `quit`: what comes later is judged too."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Open no window."""


def make_shell() -> StudentShell:
    """Return the shell of this process, warm, with inline figures."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.autoindent = False
    shell: StudentShell = StudentShell.instance(config=config)
    shell.run_line_magic("matplotlib", "inline")
    # For its kind in general: choosing another format takes away only what stands for `Figure` itself.
    shell.display_formatter.formatters["image/png"].for_type(FigureBase, _figure_as_png)
    for name in COMMAND_MAGICS:
        shell.register_magic_function(_print_note, "line_cell", name)
    _first_use(shell)
    return shell


def work_in_this_process() -> None:
    """Let loaders and joblib do all work in this process, on one thread: a submission has no other."""

    def one_process(loader: Any) -> Any:
        loader.__dict__.update(num_workers=0, timeout=0, prefetch_factor=None, persistent_workers=False)
        return dataloader._SingleProcessDataLoaderIter(loader)

    dataloader.DataLoader._get_iterator = one_process  # type: ignore[assignment, method-assign]
    os.environ["JOBLIB_MULTIPROCESSING"] = "0"
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)


def new_randomness() -> None:
    """Seed all random numbers anew: forked processes would draw the same ones."""
    random.seed()
    np.random.seed()
    torch.seed()


def _first_use(shell: StudentShell) -> None:
    """Train one step and show one figure: what torch and matplotlib load at first use takes seconds."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters())
    for (batch,) in DataLoader(TensorDataset(torch.zeros(2, 2)), batch_size=2, shuffle=True):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(batch), torch.zeros(2, 1)).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with captured(shell, Outputs(1000)):
        pyplot.plot([0, 1], label="line")
        pyplot.legend()
        shell.run_cell("0")
    pyplot.close("all")
    shell.reset(new_session=True)
    shell.execution_count = 1


def _figure_as_png(figure: FigureBase) -> str | None:
    """Return a figure as a PNG, the form in which pages show it, whatever format was chosen."""
    return print_figure(figure, fmt="png", base64=True) if isinstance(figure, Figure) else None


def _print_note(line: str, cell: str | None = None) -> None:
    print(NO_COMMANDS)
