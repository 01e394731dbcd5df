"""Read `submission_metadata.yml` of a Gradescope export: who handed in what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from autograder.course import CourseError
from autograder.intake.files import Entry, Refused
from autograder.marks.collect_sources import utc

METADATA = "submission_metadata.yml"
MAX_METADATA = 500 << 20
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RubyLoader(Loader):  # type: ignore[misc]
    """Load YAML as Ruby writes it: objects of Ruby's come as what is in them, nothing is ever made or run."""


@dataclass(frozen=True)
class Told:
    """Hold what Gradescope says of a submission: its people's `name`, `sid` and `email`, the time (UTC)."""

    people: tuple[Mapping[str, str], ...]
    handed_in: str = ""


def read_metadata(entry: Entry) -> dict[str, Told]:
    """Return what Gradescope says, by the submission's folder. Raises CourseError if it is damaged."""
    try:
        data = yaml.load(entry.read(MAX_METADATA), Loader=RubyLoader)
        return {str(name): _told(fields) for name, fields in data.items()}
    except (Refused, yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError) as error:
        words = " ".join(str(error).split())[:200]
        raise CourseError(
            f"{entry.name} cannot be read ({words}). Export the submissions once more."
        ) from None


def _told(fields: Mapping[str, Any]) -> Told:
    people = tuple(
        {key: str(value).strip() for key in ("name", "sid", "email") if (value := one.get(f":{key}"))}
        for one in fields.get(":submitters") or ()
    )
    return Told(people or ({},), _moment(fields.get(":created_at")))


def _moment(value: object) -> str:
    """Return a time in UTC, "" if it is none or has no zone: then nobody knows which moment it was."""
    if isinstance(value, dict):
        value = value.get("utc") or value.get("time")
        value = f"{value} Z" if isinstance(value, str) and not value.endswith("Z") else value
    try:
        moment = (
            value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace(" Z", "Z"))
        )
    except ValueError:
        return ""
    return utc(moment) if moment.tzinfo else ""


def _anything(loader: Any, _suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


RubyLoader.add_multi_constructor("!", _anything)
