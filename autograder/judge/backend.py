"""Reach a student's names in another process, in the way in which checks ask for them."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from typing import Any

from autograder.judge.connection import Connection, move_random_state, random_state
from autograder.judge.errors import Missing, ProtocolError, StudentTimeout
from autograder.judge.proxies import is_remote


class RemoteBackend:
    """Look up names and run scenarios over a connection; data, callables and remote objects come back."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def lookup(self, name: str) -> Any:
        """Return the value of a name. Raises Missing if the student has no such name.

        A module counts as missing: through a proxy for `np` the student would answer np.allclose.
        """
        answer = self.connection.ask_for(tuple, "lookup", name=name)
        if len(answer) != 2:
            raise self.connection.lose(ProtocolError("an answer to a look-up is malformed"))
        found, value = answer
        if found is not True or (is_remote(value) and "builtins.module" in value._names):
            raise Missing(name)
        return value

    def run(self, source: str, inputs: Mapping[str, Any]) -> Any:
        """Run a scenario beside the student's code and return the value of its last expression as data.

        Raises SyntaxError if the scenario itself is no Python.
        """
        source = textwrap.dedent(source)
        ast.parse(source)
        value = self.connection.ask("run", source=source, inputs=dict(inputs), random_state=random_state())
        move_random_state()
        return value


class LostBackend:
    """Stand for a student's process that could not be reached any more, because `reason`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def lookup(self, name: str) -> Any:
        """Raise StudentTimeout."""
        raise StudentTimeout(self.reason)

    def run(self, source: str, inputs: Mapping[str, Any]) -> Any:
        """Raise StudentTimeout."""
        raise StudentTimeout(self.reason)
