"""A real server and a real Chromium; where there is no browser, its tests are skipped with the reason."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from hiring.config import ROOT
from tests.conftest import Stock
from tests.databases import Databases
from tests.serving import environment, free_port, wait_for

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
RULES = {
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "dark": {"type": "rule", "values": ["color-contrast"]},
}

NARROW = (768, 390)
"""Widths of a tablet and a phone, in pixels."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=os.environ.get("NO_CHROMIUM", "no Chromium on this machine")))


@dataclass(frozen=True)
class Site:
    """A running server: where it answers, its installation's folder, and its database where that is not in there."""

    url: str
    instance: Path
    database: str

    def flask(self, *arguments: str) -> str:
        """What a command of the app prints."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT,
            env=environment(self.instance, self.url, self.database),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running_site(instance: Path, databases: Databases) -> Iterator[Site]:
    """An installation as `./run` makes it, sample and all, under gunicorn."""
    port = free_port()
    databases.make(instance)
    running = Site(f"http://127.0.0.1:{port}", instance, databases.url(instance))
    running.flask("db", "upgrade")
    running.flask("set-up")
    serve = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket", "--log-level", "warning", "app:app"]
    server = subprocess.Popen([sys.executable, "-m", *serve], cwd=ROOT, env=environment(instance, running.url, running.database))
    try:
        wait_for(running.url + "/health")
        yield running
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, web_fonts: Path, usual_stock: Stock) -> Iterator[Site]:
    instance = tmp_path_factory.mktemp("site")
    shutil.copytree(web_fonts, instance / "fonts")
    with running_site(instance, usual_stock.databases) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *sandbox])
    yield running
    running.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(browser: Browser, site: Site) -> Iterator[SignIn]:
    """Opens a browser of one's own for somebody and signs them in."""
    contexts = []

    def open_for(email: str, password: str | None = None, **options: object) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "base_url": site.url, "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(password or (site.instance / "first-sign-in.txt").read_text().strip())
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        return page

    yield open_for
    for context in contexts:
        context.close()


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Looks for what axe finds wrong with the page as it stands: all of it in light, its contrasts in dark; no page scrolls sideways.

    A page that was looked at in the same state, for another person or candidate, is not looked at again.
    """
    axe, seen = Axe(), set()

    def check(page: Page) -> None:
        page.wait_for_load_state()
        state = (
            re.sub(r"[0-9a-f]{32}|/invitation/.*", "", page.url),
            page.title().replace("Dina", "Cleo").replace("Ira", "Ivo"),
            page.get_by_role("alert").count(),
        )
        if state in seen:
            return
        seen.add(state)
        window = page.viewport_size
        assert window is not None
        # The whole page at once: at some scroll position, a bar that sticks covers half of something.
        page.set_viewport_size({"width": window["width"], "height": max(page.evaluate("document.documentElement.scrollHeight") + 200, 900)})
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = axe.run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
            faults = [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}" for one in found]
            assert faults == [], f"{page.url} in {scheme}: " + "\n".join(faults)
        page.emulate_media(color_scheme="light")
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways at {width} px"
        page.set_viewport_size(window)

    return check
