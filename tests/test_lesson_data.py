"""What is kept beside a lesson: texts that are not readable at a glance, and progress that is never lost."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_data import (
    DATA,
    PROGRESS,
    SECTIONS,
    Progress,
    decode,
    decoded,
    encode,
    inline_html,
    load_data,
    progress_of_others,
    read_progress,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
DAMAGED = [b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"{} {}", b'{"guesses": []}', b"[" * 100_000]


@given(value=JSON)
def test_what_is_encoded_comes_back(value: Any) -> None:
    assert decode(encode(value)) == value


@given(text=st.text(min_size=8, alphabet=st.characters(categories=["L"])))
def test_what_is_encoded_is_plain_ascii_and_cannot_be_read(text: str) -> None:
    encoded = encode({"text": text})
    assert encoded.isascii()
    assert text not in encoded


@pytest.mark.parametrize("text", ["", "abc", "YWJj", "ä", encode("a")[:-4]])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are the library's
        decode(text)


@given(text=st.text())
def test_reading_what_is_no_encoded_value_gives_nothing_or_a_value(text: str) -> None:
    with contextlib.suppress(ValueError):
        decode(text)


def test_data_is_read_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_data() == load_data(tmp_path) == {
        "week": "", "reveals": {}, "replies": {}, "options": {}, "hints": {}, "cards": [], "words": {},
    }  # fmt: skip
    (tmp_path / DATA).write_text(json.dumps({"week": "week03", "reveals": {"a": encode({"right": 5})}}))
    assert load_data()["week"] == load_data(tmp_path)["week"] == "week03"
    assert load_data(tmp_path / "other")["week"] == ""
    assert decoded("reveals", "a") == {"right": 5}
    assert decoded("reveals", "b") == {}


@pytest.mark.parametrize("content", [*DAMAGED, b'{"reveals": {"a": "%"}, "cards": 5, "options": null}'])
def test_damaged_data_is_no_data(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / DATA).write_bytes(content)
    assert decoded("reveals", "a") == {}
    assert (load_data()["cards"], load_data()["options"]) == ([], {})


MARKDOWN = [
    ("plain < text", "plain &lt; text"),
    ("`a*b*c` and *b*", "<code>a*b*c</code> and <i>b</i>"),
    ("**bold** words", "<b>bold</b> words"),
    ("$a_1 * b * c$ stays", "$a_1 * b * c$ stays"),
    ("2 * 3 * 4", "2 * 3 * 4"),
    ("`<b>`", "<code>&lt;b&gt;</code>"),
]


@pytest.mark.parametrize(("text", "html"), MARKDOWN)
def test_a_line_of_markdown_becomes_html(text: str, html: str) -> None:
    assert inline_html(text) == html


# progress
NAMES = st.sampled_from(["a", "b", "ä"])
BYTES = st.binary(max_size=20).filter(lambda content: b"{" not in content)
STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(SECTIONS), NAMES, JSON), max_size=12)


@settings(max_examples=50)
@given(steps=STEPS)
def test_what_several_notebooks_and_kernels_keep_is_never_lost(
    steps: list[tuple[int, str, str, Any]],
) -> None:
    expected: dict[str, dict[str, Any]] = {}
    with TemporaryDirectory() as folder:
        notebooks = [Progress(folder), Progress(folder)]
        for number, section, name, value in steps:
            writer = notebooks[number] if number < 2 else Progress(folder)  # the third is a new kernel
            writer.set(section, name, value)
            expected.setdefault(section, {})[name] = value
            for reader in (*notebooks, Progress(folder)):
                assert reader.section(section) == expected[section]
                assert reader.get(section, name) == value
        assert [path.name for path in Path(folder).iterdir()] == ([PROGRESS] if steps else [])
        assert (read_progress(Path(folder) / PROGRESS) or {}) == expected


@settings(max_examples=50)
@given(contents=st.lists(BYTES | st.sampled_from(DAMAGED), max_size=5))
def test_no_damaged_file_is_lost(contents: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        for content in contents:
            (Path(folder) / PROGRESS).write_bytes(content)
            progress = Progress(folder)
            assert progress.get("cards", "a") is None
            progress.set("cards", "a", 1)
            assert Progress(folder).get("cards", "a") == 1
        aside = [path.read_bytes() for path in Path(folder).glob("progress-damaged-*.json")]
        assert sorted(aside) == sorted(contents)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    for content in DAMAGED:
        (tmp_path / PROGRESS).write_bytes(content)
        assert Progress(tmp_path).section("guesses") == {}
        assert (tmp_path / PROGRESS).read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


def a_missing_folder(place: Path) -> None:
    place.rmdir()


def a_folder_of_this_name(place: Path) -> None:
    (place / PROGRESS).mkdir()


@pytest.mark.parametrize("block", [a_missing_folder, a_folder_of_this_name])
def test_what_cannot_be_written_is_kept_in_memory_and_written_later(
    block: Callable[[Path], None], tmp_path: Path
) -> None:
    place = tmp_path / "week03"
    place.mkdir()
    block(place)
    progress = Progress(place)
    progress.set("cards", "a", 1)
    progress.set("guesses", "b", 2)
    assert (progress.get("cards", "a"), progress.get("guesses", "b")) == (1, 2)
    if place.exists():
        (place / PROGRESS).rmdir()
    else:
        place.mkdir()
    progress.set("cards", "c", 3)
    assert read_progress(place / PROGRESS) == {"cards": {"a": 1, "c": 3}, "guesses": {"b": 2}}
    assert len(list(place.iterdir())) == 1


def test_the_progress_of_other_weeks_is_read_beside_this_one(tmp_path: Path) -> None:
    for week in ("week01_a", "week02_b", "week03_c", "other"):
        (tmp_path / week).mkdir()
        Progress(tmp_path / week).set("cards", week, 1)
    (tmp_path / "week01_a" / PROGRESS).write_text("damaged")
    assert progress_of_others(tmp_path / "week03_c") == {"week02_b": {"cards": {"week02_b": 1}}}
