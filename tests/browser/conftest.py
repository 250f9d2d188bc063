"""One house of four real processes, and Debian's Chromium to look at its pages with.

`house` runs with the members of seed.yml (whose clock stands at Monday 23 November 2026, 09:00);
`browser` is one Chromium; `open_page` gives pages that know nothing of each other, as two people's
browsers do; `axe` lists what a page has against accessibility; `look` keeps a screenshot.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.street import _street, embed, member, street
from tests.processes.house import House

__all__ = ["_street", "embed", "member", "street"]

SEED = Path(__file__).parent / "seed.yml"
DEBIAN = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",  # containers have no user namespaces
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

# document.getAnimations() does not see into shadow roots; the typing dots never finish.
AT_REST = """
() => {
  const shadows = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
  const running = [document, ...shadows.filter(Boolean)].flatMap((root) => root.getAnimations());
  const ending = running.filter((a) => a.effect.getComputedTiming().iterations !== Infinity);
  return Promise.allSettled(ending.map((a) => a.finished)).then(() => null);
}
"""

OpenPage = Callable[..., Page]
AxeLook = Callable[[Page], list[str]]


def chromium() -> str:
    """Where Chromium is; the test fails with what to do where there is none."""
    found = DEBIAN if Path(DEBIAN).exists() else None
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = found or shutil.which(name)
    if found is None:
        pytest.fail(
            "Chromium is missing: install it (Debian: apt-get install chromium). "
            "`make test` does so itself where it may.",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The four processes with the members of seed.yml."""
    house = House(tmp_path_factory.mktemp("browser"), SEED)
    house.start()
    yield house
    assert house.stop() == 0


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium without a window. Not for the whole session: Playwright holds an event loop."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[OpenPage]:
    """`open_page("/desk", width=…, **context)`: a browser of its own; errors of scripts fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(path: str = "/", *, width: int = 1360, height: int = 860, **context: Any) -> Page:
        made = browser.new_context(
            base_url=house.settings.gateway_url,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            viewport={"width": width, "height": height},
            **context,
        )
        contexts.append(made)
        page = made.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def axe() -> AxeLook:
    """Every violation that axe-core finds on a page at rest, a line each."""
    checker = Axe()

    def look(page: Page) -> list[str]:
        # What is fading in has, for that moment, a colour that nobody is meant to read.
        page.evaluate(AT_REST)
        found = checker.run(page).response["violations"]
        return [
            f"{page.url}: {fault['id']} ({fault['impact']}): {node['html']}"
            for fault in found
            for node in fault["nodes"]
        ]

    return look


@pytest.fixture
def look(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Keep a screenshot: in MOEDEKLAR_TEST_SCREENSHOTS where that folder is named, else in tmp."""
    folder = Path(os.environ.get("MOEDEKLAR_TEST_SCREENSHOTS") or tmp_path)

    def keep(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path)
        return path

    return keep
