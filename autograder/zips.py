"""Write zip files that do not say when and where they were made: the same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip cannot say less
UNIX = 3
READABLE, RUNNABLE = 0o100644, 0o100755


def zipped(files: Mapping[str, bytes], runnable: Collection[str] = ()) -> bytes:
    """Return a zip of files by their names in it; those in `runnable` are programs."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            archive.writestr(entry(name, runnable=name in runnable), files[name])
    return buffer.getvalue()


def entry(name: str, *, runnable: bool = False) -> zipfile.ZipInfo:
    """Return the entry of a file in a zip, to be compressed."""
    made = zipfile.ZipInfo(name, EARLIEST)
    made.compress_type, made.create_system = zipfile.ZIP_DEFLATED, UNIX
    made.external_attr = (RUNNABLE if runnable else READABLE) << 16
    return made
