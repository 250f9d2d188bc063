"""How much the chat weighs over the wire, and how long a member waits: `python -m bench.widget_size`.

Size: every file that a page with the chat loads, as a browser gets it (compressed, headers not counted).
Time: from the press of Enter to the answer on screen, in Chromium, against four running processes
(`make up`, or MOEDEKLAR_GATEWAY_PORT of another house); median and 90th percentile.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time

import requests
from playwright.sync_api import Page, sync_playwright

from bot.gateway.tokens import mint_token
from bot.settings import read_settings

AIM_BYTES = 30_000
QUESTION = "hvornår er mit næste møde?"


def weight(gateway: str) -> dict[str, tuple[int, int]]:
    """File -> bytes (over the wire, unpacked) of all that the entry script leads to."""
    found: dict[str, tuple[int, int]] = {}
    entry = "/static/chat/moedeklar-chat.js"
    waiting = [entry, "/static/chat/widget/chat.css", "/api/chat/texts"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer = requests.get(
            gateway + path, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=10
        )
        answer.raise_for_status()
        wire = len(answer.raw.read(decode_content=False))
        text = requests.get(gateway + path, timeout=10).text
        found[path] = (wire, len(text.encode()))
        folder = path.rsplit("/", 1)[0]
        for name in re.findall(r'(?:from|import) "\./([\w/.-]+\.js)"', text):
            waiting.append(f"{folder}/{name}")
    return found


def waits(page: Page, count: int) -> list[float]:
    """Milliseconds from Enter to the answer on screen, each time."""
    field = page.get_by_label("Din besked")
    found = []
    for number in range(count + 1):
        answers = page.locator(".message.bot").count()
        field.fill(QUESTION)
        begun = time.perf_counter()
        field.press("Enter")
        page.locator(".message.bot").nth(answers).wait_for()
        if number:  # the first one warms up
            found.append((time.perf_counter() - begun) * 1000)
    return found


def main() -> int:
    """Print both; exit code 1 where the chat weighs more than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--member", default="m1")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    given = parser.parse_args()
    settings = read_settings()
    files = weight(settings.gateway_url)
    for path, (wire, whole) in sorted(files.items(), key=lambda item: -item[1][0]):
        print(f"{wire:7,} {whole:8,}  {path}")
    total = sum(wire for wire, _ in files.values())
    print(f"{total:7,} {sum(whole for _, whole in files.values()):8,}  {len(files)} files")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=given.chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(base_url=settings.gateway_url, locale="da-DK")
        page.goto("/")
        token = mint_token(settings, given.member)
        page.evaluate(
            "([member, token]) => { sessionStorage.setItem('member', member);"
            " sessionStorage.setItem('token', token); }",
            [given.member, token],
        )
        page.reload()
        page.get_by_role("button", name="Skriv med os").click()
        times = sorted(waits(page, given.count))
        browser.close()
    middle, slow = statistics.median(times), times[int(len(times) * 0.9)]
    print(f"{middle:.0f} ms median, {slow:.0f} ms 90th percentile, {len(times)} messages")
    return 0 if total <= AIM_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
