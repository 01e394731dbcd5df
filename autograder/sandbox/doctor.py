"""Find out what protects this machine from a submission, by attempting each violation inside the sandbox."""

from __future__ import annotations

import contextlib
import json
import platform
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Limits
from autograder.sandbox import bubblewrap
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.lockdown import Tier, environment
from autograder.sandbox.process import SandboxError
from autograder.sandbox.session import Session
from autograder.sandbox.violations import VIOLATIONS, Scene, attempt_all, scene

TIERS: tuple[Tier, ...] = ("bubblewrap", "landlock")
# Small limits: an attempt that succeeds must not hurt the machine either.
PROBE_LIMITS = Limits(
    memory=512 << 20, disk=16 << 20, file_size=4 << 20, shared_memory=2 << 20, total_seconds=30
)
# What the tier without namespaces cannot prevent. It is announced, and does not stop the grading.
WAIVED = {"bubblewrap": frozenset[str](), "landlock": frozenset({"exists", "disk"}), "none": frozenset[str]()}


@dataclass(frozen=True)
class Attempt:
    """Hold the outcome of one attempted violation: `refusal` is what it met, empty if it succeeded."""

    name: str
    sentence: str
    refusal: str
    waived: bool = False

    @property
    def held(self) -> bool:
        """Return whether the protection held."""
        return bool(self.refusal)


@dataclass(frozen=True)
class Report:
    """Say how well a tier protects. `reasons` tell why better tiers could not be used."""

    tier: Tier
    attempts: tuple[Attempt, ...] = ()
    reasons: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def holes(self) -> tuple[Attempt, ...]:
        """Return the violations that succeeded and make the tier unfit."""
        return tuple(attempt for attempt in self.attempts if not attempt.held and not attempt.waived)

    @property
    def missing(self) -> tuple[Attempt, ...]:
        """Return the violations that succeeded and are known of this tier."""
        return tuple(attempt for attempt in self.attempts if not attempt.held and attempt.waived)

    @property
    def isolates(self) -> bool:
        """Return whether submissions that nobody has read may run in this tier."""
        return self.tier != "none" and bool(self.attempts) and not self.holes

    @property
    def warning(self) -> str:
        """Return the one loud line that a weaker tier deserves; empty for the best one."""
        if self.tier == "none":
            return "WARNING: no sandbox. Every submission can read and change all that you can."
        if self.tier == TIERS[0]:
            return ""
        missing = ", ".join(attempt.sentence for attempt in self.missing) or "see one another's shadow"
        return f"WARNING: weaker sandbox ({self.tier}). A submission can {missing}. {' '.join(self.reasons)}"


def open_sandbox(no_sandbox: bool = False, hidden: Iterable[Path] = ()) -> tuple[Zygote, Report]:
    """Return a warm zygote in the best tier that withstands all violations, and the report that shows it.

    `hidden` are folders that no submission may read. `no_sandbox` takes no tier at all, for submissions that
    are trusted. Raises SandboxError, with what mends it, if no tier isolates.
    """
    if no_sandbox:
        return Zygote("none", hidden), Report("none")
    if platform.system() != "Linux":
        raise SandboxError(f"There is no sandbox on {platform.system()}. {bubblewrap.install_hint()}")
    reasons: list[str] = []
    for tier in TIERS:
        try:
            zygote = Zygote(tier, hidden)
        except SandboxError as error:
            reasons.append(str(error))
            continue
        with contextlib.ExitStack() as undo:
            undo.callback(zygote.close)
            report = _examine(zygote, tuple(reasons))
            if report.isolates:
                undo.pop_all()
                return zygote, report
        found = [f"In the sandbox ({tier}) a submission can {hole.sentence}." for hole in report.holes]
        reasons = [*report.reasons, *found]
    raise SandboxError(
        "Nothing on this machine isolates a submission, so nothing is graded. "
        + " ".join(reasons)
        + " (`--no-sandbox` grades submissions that you trust.)"
    )


def choose_tier(no_sandbox: bool = False, hidden: Iterable[Path] = ()) -> Report:
    """Return the report on the tier that `open_sandbox` picks, and keep nothing running."""
    zygote, report = open_sandbox(no_sandbox, hidden)
    zygote.close()
    return report


def probe(zygote: Zygote, reasons: tuple[str, ...] = ()) -> Report:
    """Return the report on a running zygote. Raises SandboxError if no child of it can be locked down."""
    began = time.monotonic()
    limits = {name: getattr(PROBE_LIMITS, name) for name in ("memory", "disk", "file_size", "shared_memory")}
    expected = set(environment("", True)) | {"MPLCONFIGDIR"}
    with scene(zygote.library, limits, expected) as stage:
        with zygote.spawn({}, {}, PROBE_LIMITS, program="probe") as session:
            refusals = _attempt(session, stage)
        effects = stage.effects()
    waived = WAIVED[zygote.tier]
    attempts = tuple(
        Attempt(v.name, v.sentence, _refusal(v.name, refusals, effects), v.name in waived) for v in VIOLATIONS
    )
    return Report(zygote.tier, attempts, reasons, time.monotonic() - began)


def describe(report: Report) -> list[tuple[str, str, str]]:
    """Return the rows of a table: what a submission may not do, whether it is refused, and how."""
    return [
        (attempt.sentence, "refused" if attempt.held else "POSSIBLE", attempt.refusal or "no protection here")
        for attempt in report.attempts
    ]


def run_cell(session: Session, source: str, seconds: float = 30.0) -> dict[str, str]:
    """Run a cell in a session of the program "probe"; return what it printed and its error ("" if none).

    Raises SandboxError if it does not answer in time.
    """
    session.sock.settimeout(min(seconds, session.seconds_left))
    try:
        with session.sock.makefile("rw", encoding="utf-8", newline="\n") as stream:
            stream.write(json.dumps(source) + "\n")
            stream.flush()
            answer = stream.readline()
    except OSError:
        answer = ""
    if not answer:
        raise SandboxError("The sandboxed process ended, or did not answer in time.")
    parsed: dict[str, str] = json.loads(answer)
    return parsed


def _examine(zygote: Zygote, reasons: tuple[str, ...]) -> Report:
    """Return the report on a zygote; one whose children cannot be locked down gets one without attempts."""
    try:
        return probe(zygote, reasons)
    except SandboxError as error:
        return Report(zygote.tier, (), (*reasons, f"{zygote.tier}: {error}"))


def _refusal(name: str, refusals: Mapping[str, str], effects: Mapping[str, bool]) -> str:
    """Return what an attempt met. Where its effect would show outside, only that counts."""
    if effects.get(name):
        return ""
    return refusals.get(name) or ("had no effect outside" if name in effects and name in refusals else "")


def _attempt(session: Session, stage: Scene) -> dict[str, str]:
    """Attempt all violations inside; return by name why each was refused, or "" where it was not."""
    printed = run_cell(session, attempt_all(stage.values))["printed"]
    refusals: dict[str, str] = json.loads(printed.partition("FOUND")[2] or "{}")
    return refusals
