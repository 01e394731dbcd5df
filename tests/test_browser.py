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
from pathlib import Path

import pytest
from conftest import ROOT
from playwright.sync_api import Page, expect, sync_playwright
from weeks import WEEKS

WEEK = "week04_loss_curves"
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
    settings = settings_folder(tmp_path)
    port, token = free_port(), secrets.token_hex(8)
    home = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--notebook-dir={tmp_path / 'work'}",
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}",
        f"--LabApp.user_settings_dir={settings}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **home, "OMP_NUM_THREADS": "1"}, stdout=log, stderr=log
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server)
            yield f"http://127.0.0.1:{port}/lab/tree/{week}.ipynb?token={token}&reset"
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
        opened = browser.new_page(viewport={"width": 1200, "height": 900})
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
    label = ".widget-slider:has(.widget-label:text-is('Epoch'))"
    run_all_cells(page, lab, f"{label} [role=slider]")
    slider = page.locator(f"{label} [role=slider]").first
    widget = page.locator(".widget-vbox", has=page.locator(label)).first
    words = widget.locator("[role=status]").first
    expect(words).to_contain_text("Epoch 1 of")
    before = words.inner_text()
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("Epoch 3 of")
    assert words.inner_text() != before
    assert widget.locator("img").first.get_attribute("alt") == words.inner_text()


@pytest.mark.long
@pytest.mark.parametrize("week", WEEKS)
def test_the_first_slider_of_every_week_moves_by_keyboard(lab: str, page: Page) -> None:
    figure = ".widget-vbox:has([role=status]):has(.widget-slider)"
    run_all_cells(page, lab, f"{figure} [role=slider]")
    widget = page.locator(figure).first
    words, slider = widget.locator("[role=status]").first, widget.locator("[role=slider]").first
    before = words.inner_text()
    slider.focus()
    at_the_end = slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
    page.keyboard.press("ArrowLeft" if at_the_end else "ArrowRight")
    expect(words).not_to_have_text(before)
    assert widget.locator("img").first.get_attribute("alt") == words.inner_text()
