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

WEEK = "week04_loss_curves"
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
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: apt-get install chromium"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab on a copy of the release and return the address of the notebook."""
    shutil.copytree(ROOT / "release" / WEEK, tmp_path / "work")
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
            yield f"http://127.0.0.1:{port}/lab/tree/{WEEK}.ipynb?token={token}&reset"
        finally:
            server.terminate()
            server.wait(60)


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
    """Return when the server answers. Raises TimeoutError after three minutes, or if the server has ended."""
    end = time.monotonic() + 180
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
        yield browser.new_page(viewport={"width": 1200, "height": 900})
        browser.close()


@pytest.mark.timeout(600)
def test_epoch_slider_moves_by_keyboard_and_the_words_change_with_it(lab: str, page: Page) -> None:
    page.goto(lab)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.get_by_text(IDLE).wait_for(timeout=60_000)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.get_by_text("Run All Cells", exact=True).click()
    label = ".widget-slider:has(.widget-label:text-is('Epoch'))"
    slider = page.locator(f"{label} [role=slider]").first
    slider.wait_for(state="attached", timeout=180_000)
    widget = page.locator(".widget-vbox", has=page.locator(label)).first
    words = widget.locator("[role=status]").first
    page.get_by_text(IDLE).wait_for(timeout=240_000)  # a kernel that still runs cells answers no slider
    expect(words).to_contain_text("Epoch 1 of", timeout=60_000)
    before = words.inner_text()
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("Epoch 3 of", timeout=60_000)
    assert words.inner_text() != before
    assert widget.locator("img").first.get_attribute("alt") == words.inner_text()
