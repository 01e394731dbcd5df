"""A student's visit in a real browser: open a released lesson in JupyterLab, run it, move a slider."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from playwright.sync_api import Locator, Page, expect, sync_playwright
from weeks import WEEKS

WEEK = "week04_loss_curves"
SCREENS = 25  # of 900 pixels, at most
PATIENCE = 240_000  # milliseconds
IDLE = "Python 3 (ipykernel) | Idle"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: apt-get install chromium"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def lab(week: str, tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab on a copy of the week's release and return the address of the notebook."""
    shutil.copytree(ROOT / "release" / week, tmp_path / "work")
    with served(tmp_path) as address:
        yield address.format(notebook=week)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Start JupyterLab on folder/work, and return the address of a {notebook} in it."""
    settings = settings_folder(folder)
    port, token = free_port(), secrets.token_hex(8)
    home = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--notebook-dir={folder / 'work'}",
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}",
        f"--LabApp.user_settings_dir={settings}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **home, "OMP_NUM_THREADS": "1"}, stdout=log, stderr=log
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server)
            yield f"http://127.0.0.1:{port}/lab/tree/{{notebook}}.ipynb?token={token}&reset"
        finally:
            server.terminate()
            server.wait(300)


def settings_folder(folder: Path) -> Path:
    """Return a folder of JupyterLab's settings: no news, and cells that are out of sight stay in the page."""
    chosen = {
        "notebook-extension/tracker": {"windowingMode": "none"},
        "apputils-extension/notification": {"fetchNews": "false"},
    }
    for name, values in chosen.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values))
    return folder / "settings"


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers. Raises TimeoutError after ten minutes, or if the server has ended."""
    end = time.monotonic() + 600
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("JupyterLab did not start")


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        yield opened
        browser.close()


def run_all_cells(page: Page, lab: str, awaited: str) -> None:
    """Open the notebook and run it, until there is what is awaited and the kernel has nothing left to do."""
    page.goto(lab)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text(IDLE).wait_for()
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator(awaited).first.wait_for(state="attached")
    page.get_by_text(IDLE).wait_for()  # a kernel that still runs cells answers no slider


@pytest.mark.parametrize("week", [WEEK])
def test_epoch_slider_moves_by_keyboard_and_the_words_change_with_it(lab: str, page: Page) -> None:
    run_all_cells(page, lab, ".trainwell-slider:has(label:text-is('Epoch')) input")
    slider = page.get_by_role("slider", name="Epoch", exact=True).first
    widget = page.locator(".widget-vbox", has=slider).first
    words = widget.locator("[role=status]", has_text="Epoch 1 of")
    expect(words).to_have_count(1)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    words = widget.locator("[role=status]", has_text="Epoch 3 of")
    expect(words).to_have_count(1)
    assert widget.locator("img").first.get_attribute("alt").split() == words.inner_text().split()
    assert screens(page) <= SCREENS


def screens(page: Page) -> float:
    """Return how many times 900 pixels a notebook is long that has been run."""
    return float(page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollHeight / 900"))


@pytest.mark.long
@pytest.mark.parametrize("week", WEEKS)
def test_the_first_slider_of_every_week_moves_by_keyboard(lab: str, page: Page) -> None:
    figure = ".widget-vbox:has(.trainwell-slider):has(img)"
    run_all_cells(page, lab, f"{figure} .trainwell-slider input")
    widget = page.locator(figure).first
    picture, slider = widget.locator("img").first, widget.get_by_role("slider").first
    before = picture.get_attribute("alt")
    slider.focus()
    at_the_end = slider.input_value() == slider.get_attribute("max")
    page.keyboard.press("ArrowLeft" if at_the_end else "ArrowRight")
    expect(picture).not_to_have_attribute("alt", before)
    words = widget.locator("[role=status]").last.inner_text()
    assert picture.get_attribute("alt").split() == words.split()
    assert screens(page) <= SCREENS


# ---------------------------------------------------------------- the controls by themselves

FIGURE = """
from controls import Button, NumberField
from widgets import Goal, label, live, menu, slider, stage
figure, (ax,) = stage()
(line,) = ax.plot([0, 1], [0, 0], label="line")
label(ax, "A line", "x", "y")
ax.set_ylim(-5, 5)

def draw(slope, sign, rate):
    line.set_ydata([0, slope if sign == "+" else -slope])
    return figure

live(
    draw,
    lambda slope, sign, rate: f"The line climbs by {sign}{slope}, rate {rate:.2g}.",
    Goal("Let the line fall by 3.", lambda slope, sign, rate: (slope, sign) == (3, "-"), moves=3),
    slope=slider("Slope", 0, 100, 1, 2),
    sign=menu("Sign", ["+", "-", "neither of the two, whatever the teacher may say"]),
    rate=slider("Learning rate", -5, 0, 0.25, 0.01, powers_of_ten=True),
)
"""
PAD = """
from IPython.display import display
from controls import Pad
from widgets import picture_html
pad, across, up = Pad("Click"), slider("Across", -10, 10, 1, 0), slider("Up", -5, 5, 1, 0)
square, (plane,) = stage()
plane.set(xlim=(-10, 10), ylim=(-5, 5))

def show(_change=None):
    pad.value = picture_html(square, f"At {across.value}, {up.value}.")

def go(_change):
    for control, place in zip((across, up), pad.place_in(plane) or (), strict=False):
        pad.pass_on(control, place)
    show()

pad.observe(go, names="clicks")
show()
display(across, pad, up)
"""
FIELDS = "from IPython.display import display\ndisplay(NumberField('Your guess'), Button('Show'))"


@pytest.fixture
def controls(tmp_path: Path, page: Page) -> Iterator[Page]:
    """Open a notebook with one control of each kind between two other cells, and run it."""
    shutil.copytree(ROOT / "course" / "shared", tmp_path / "work")
    cells = [nbformat.v4.new_code_cell(source) for source in ("1", FIGURE, PAD, FIELDS, "2")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, tmp_path / "work" / "controls.ipynb")
    with served(tmp_path) as address:
        run_all_cells(page, address.format(notebook="controls"), ".trainwell-button:text-is('Show')")
        yield page


def selected(page: Page) -> int:
    """Return the number of the notebook's selected cell."""
    found = page.locator(".jp-Notebook .jp-Cell").evaluate_all(
        "cells => cells.findIndex(cell => cell.classList.contains('jp-mod-active'))"
    )
    return int(found)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_controls_have_names_and_keep_their_keys(controls: Page) -> None:
    slope = controls.get_by_role("slider", name="Slope")
    goal, words = (controls.get_by_role("status").filter(has_text=text) for text in ("Goal", "The line"))
    slope.focus()
    cell, cells = selected(controls), controls.locator(".jp-Notebook .jp-Cell").count()
    press(controls, "ArrowRight")
    expect(words).to_contain_text("climbs by +3, rate 0.01")
    expect(slope).to_have_attribute("aria-valuetext", "3")
    expect(goal).to_have_text("Goal: not yet (1 move of 3)")
    press(controls, "Tab", "ArrowRight")  # into the group of radio buttons, whose first is chosen
    expect(controls.get_by_role("group", name="Sign").get_by_role("radio", name="-")).to_be_checked()
    expect(goal).to_have_text("✓ Goal reached in 2 moves")
    press(controls, "Tab")
    expect(controls.get_by_role("slider", name="Learning rate")).to_be_focused()
    press(controls, "PageUp", "Home", "ArrowUp", "ArrowDown", "d", "d", "Space", "Enter", "End")
    expect(words).to_contain_text("rate 1.")
    expect(controls.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "1")
    assert (selected(controls), controls.locator(".jp-Notebook .jp-Cell").count()) == (cell, cells)


def test_page_keys_take_large_steps_and_a_goal_can_be_started_again(controls: Page) -> None:
    slope = controls.get_by_role("slider", name="Slope")
    goal, words = (controls.get_by_role("status").filter(has_text=text) for text in ("Goal", "The line"))
    slope.focus()
    for key, height in [("PageUp", 12), ("End", 100), ("PageDown", 90), ("Home", 0)]:
        press(controls, key)
        expect(words).to_contain_text(f"climbs by +{height},")
    expect(goal).to_have_text("Goal: not yet (4 moves of 3). Too many: start again")
    again = controls.get_by_role("button", name="Start again")
    again.focus()
    press(controls, "Space")
    expect(goal).to_have_text("Goal: not yet (0 moves of 3)")
    expect(words).to_contain_text("climbs by +2,")
    expect(slope).to_have_value("2")


def test_a_number_is_typed_and_keeps_its_letters(controls: Page) -> None:
    field, cells = (
        controls.get_by_role("spinbutton", name="Your guess"),
        controls.locator(".jp-Notebook .jp-Cell"),
    )
    field.focus()
    before = selected(controls), cells.count()
    press(controls, "1", "e", "-", "3", "Enter", "ArrowUp", "ArrowDown", "Tab")
    expect(controls.get_by_role("button", name="Show")).to_be_focused()
    assert (selected(controls), cells.count()) == before
    assert float(field.input_value()) == pytest.approx(1e-3)


def test_a_click_into_a_pad_sets_sliders_and_moves_neither_focus_nor_selection(controls: Page) -> None:
    across, up = (controls.get_by_role("slider", name=name, exact=True) for name in ("Across", "Up"))
    image = controls.locator(".trainwell-pad img")
    across.focus()
    press(controls, "ArrowRight")
    cell, before = selected(controls), top_of(image)
    box = image.bounding_box()
    assert box is not None
    expect(image).to_have_attribute("alt", "At 0, 0.")
    image.click(position={"x": 0.75 * box["width"], "y": 0.25 * box["height"]})
    expect(image).not_to_have_attribute("alt", "At 0, 0.")
    place = int(across.input_value()), int(up.input_value())
    expect(image).to_have_attribute("alt", f"At {place[0]}, {place[1]}.")
    assert 3 <= place[0] <= 6
    assert 2 <= place[1] <= 4
    expect(across).to_be_focused()
    assert (selected(controls), top_of(image)) == (cell, before)
    press(controls, "Tab")
    expect(up).to_be_focused()  # the picture between them is no stop
    image.click(position={"x": 2, "y": 2})  # beside the axes
    assert (int(across.input_value()), int(up.input_value())) == place


def top_of(image: Locator) -> float:
    """Return where in the window a picture begins."""
    return float(image.evaluate("image => image.getBoundingClientRect().top"))
