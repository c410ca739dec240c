"""Stories of typing in a real Chromium, through whatever goes wrong; at the end every letter has to be somewhere on the server."""

import asyncio
import json
import os
import random
import statistics
import string
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Error, Page, ViewportSize, async_playwright

from hiring.sqlite import driver
from tests.browser.conftest import CHROMIUM, QUIET
from tests.reliability.figures import Figure
from tests.reliability.ward import PASSWORD, Desk, Server, end_sign_in, make_ward, serving

AT_ONCE = 6
"""Pages that are typed on at the same time."""
KILLS = (8, 24)
"""Seconds between two kills of the server, at least and at most: some, so that each story meets one."""
PATIENCE = 120_000
"""Milliseconds until all is saved, once nothing is in the way any more."""
WINDOW: ViewportSize = {"width": 800, "height": 500}
"""A small one: to paint costs more than to type."""
FIELDS = ("summary", "debrief_notes", "private_notes")
LETTERS = string.ascii_letters + string.digits + "äßçŁя日本語🙂’—"
TROUBLES = ("none", "offline", "signed out", "two tabs", "killed tab", "signed out after an hour offline")


@dataclass
class Story:
    """One author's hour at one card. words: everything that was typed, by field. seconds: from the last key to all saved, untroubled."""

    desk: Desk
    trouble: str
    chance: random.Random
    words: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    seconds: list[float] = field(default_factory=list[float])
    stuck: str = ""

    def word(self) -> str:
        return "".join(self.chance.choice(LETTERS) for _ in range(self.chance.randint(3, 9)))


async def open_card(context: BrowserContext, story: Story) -> Page:
    """A page of the story's card; while the server is away it is asked for again, as people do."""
    page = await context.new_page()
    while True:
        try:
            await page.goto(f"/scorecards/{story.desk.card}", wait_until="load")
            await page.wait_for_selector("body.live", timeout=5000)
            return page
        except Error:
            await asyncio.sleep(0.3)


async def type_some(page: Page, story: Story, words: int, fields: tuple[str, ...] = FIELDS) -> None:
    """Words at the end of fields, letter by letter, with the pauses of somebody who listens."""
    for _ in range(words):
        name, word = story.chance.choice(fields), story.word()
        box = page.locator(f"#{name}")
        await box.focus()
        await page.keyboard.press("Control+End")
        story.words[name].append(word)
        for letter in f"{word} ":
            await page.keyboard.insert_text(letter)
            await asyncio.sleep(story.chance.choice((0.0, 0.01, 0.05)))
        await asyncio.sleep(story.chance.choice((0.0, 0.1, 0.4, 0.9)))


async def sign_in_again(page: Page) -> None:
    """The sign-in over the page, as soon as the page asks for it; while the server is away it is tried again, as the page says."""
    await page.get_by_role("button", name="Sign in again").click(timeout=PATIENCE)
    await page.get_by_label("Password").fill(PASSWORD)
    dialog = page.locator("#signing")
    while await dialog.is_visible():
        with suppress(Error):  # it may have closed meanwhile
            await dialog.get_by_role("button", name="Sign in and save").click(timeout=1000)
        await asyncio.sleep(0.7)


async def go_offline(context: BrowserContext, page: Page, story: Story) -> None:
    """An hour without a network, by the page's own clock."""
    await context.set_offline(True)
    await type_some(page, story, 3)
    await page.clock.fast_forward("01:00:00")
    await type_some(page, story, 2)
    await context.set_offline(False)


async def in_two_tabs(context: BrowserContext, page: Page, story: Story) -> Page:
    """Two tabs of one card, written on at once; where both changed a field, somebody chooses."""
    other = await open_card(context, story)
    await asyncio.gather(type_some(page, story, 4), type_some(other, story, 4))
    await settle(other, story)
    await other.close()
    return page


async def settle(page: Page, story: Story) -> None:
    """Wait until the page says that all is saved; choose where it asks."""
    end = asyncio.get_running_loop().time() + PATIENCE / 1000
    while asyncio.get_running_loop().time() < end:
        if await page.locator("#conflict").is_visible():
            takes = page.locator("[data-take]")
            for place in range(await takes.count()):
                if story.chance.random() < 0.5:
                    await takes.nth(place).click()
            await page.locator("[data-settle]").click()
        status = page.locator("[data-status]")
        if await status.get_attribute("data-state") == "good" and (await status.inner_text()).startswith("Saved"):
            return
        await asyncio.sleep(0.05)
    story.stuck = await page.locator("[data-status]").inner_text()


async def tell(browser: Browser, server: Server, story: Story) -> None:
    """Type, meet the trouble, type on, and wait until all is saved."""
    context = await browser.new_context(base_url=server.url, reduced_motion="reduce", viewport=WINDOW)
    name, value = story.desk.cookie.split("=", 1)
    await context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page = await open_card(context, story)
    await page.clock.install()
    await type_some(page, story, 2)
    if "offline" in story.trouble:
        if "signed out" in story.trouble:
            end_sign_in(server, story.desk)
        await go_offline(context, page, story)
    elif story.trouble == "signed out":
        end_sign_in(server, story.desk)
    elif story.trouble == "two tabs":
        page = await in_two_tabs(context, page, story)
    elif story.trouble == "killed tab":
        await type_some(page, story, 1)
        await asyncio.sleep(0.1)  # what is typed in the last milliseconds can be lost: the browser must have taken its ciphertext
        await page.close(run_before_unload=False)
        page = await open_card(context, story)
    await type_some(page, story, 2)
    if "signed out" in story.trouble:
        await sign_in_again(page)
    began = asyncio.get_running_loop().time()
    await settle(page, story)
    if story.trouble == "none":
        story.seconds.append(asyncio.get_running_loop().time() - began)
    await context.close()


def read_texts(instance: Path, card: str) -> str:
    """Everything that the server keeps of a card: what stands on it, its revisions, and what it refused."""
    connection = driver.connect(str(instance / "loopcard.db"))  # pyright: ignore[reportAttributeAccessIssue]
    stands = connection.execute(f"SELECT {', '.join(FIELDS)} FROM scorecards WHERE id = ?", (card,)).fetchone()  # noqa: S608 - our names
    kept = connection.execute("SELECT changed FROM card_revisions WHERE scorecard_id = ?", (card,)).fetchall()
    refused = connection.execute("SELECT fields FROM refused_texts WHERE scorecard_id = ?", (card,)).fetchall()
    connection.close()
    return "\n".join([*stands, *(text for (fields,) in [*kept, *refused] for text in json.loads(fields).values())])


def count_lost(instance: Path, story: Story) -> int:
    """Letters of words that are on the server nowhere."""
    there = read_texts(instance, story.desk.card)
    return sum(len(word) for words in story.words.values() for word in words if word not in there)


async def tell_all(instance: Path, server: Server, stories: list[Story], kills: random.Random) -> None:
    """The stories, some at a time; meanwhile the server is killed and started again."""
    async with async_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *sandbox])
        waiting = asyncio.Semaphore(AT_ONCE)

        async def one(story: Story) -> None:
            async with waiting:
                await tell(browser, server, story)

        async def kill_now_and_then() -> None:
            while True:
                await asyncio.sleep(kills.uniform(*KILLS))
                server.kill()
                await asyncio.sleep(kills.uniform(0, 2))
                await asyncio.to_thread(server.start)

        killing = asyncio.create_task(kill_now_and_then())
        await asyncio.gather(*(one(story) for story in stories))
        killing.cancel()
        await browser.close()


def measure_stories(instance: Path, *, stories: int) -> list[Figure]:
    """So many random stories of typing, each with a trouble of its own, while the server is killed every few seconds."""
    desks = make_ward(instance, stories)
    told = [Story(desk, TROUBLES[number % len(TROUBLES)], random.Random(number)) for number, desk in enumerate(desks)]  # noqa: S311
    with serving(instance) as server:
        asyncio.run(tell_all(instance, server, told, random.Random(3)))  # noqa: S311 - the same moments each time
        each = [(story.trouble, count_lost(instance, story)) for story in told]
    lost, lost_in = sum(letters for _, letters in each), {trouble for trouble, letters in each if letters}
    seconds = sorted(second for story in told for second in story.seconds)
    letters = sum(len(word) for story in told for words in story.words.values() for word in words)
    stuck = [f"{story.trouble}: {story.stuck}" for story in told if story.stuck]
    return [
        Figure(
            f"letters lost in {stories} stories of typing in Chromium",
            f"{lost} of {letters} {', '.join(sorted(lost_in))}".strip(),
            "0",
            not lost,
        ),
        Figure(
            "seconds from the last key to all saved: median / slowest", f"{statistics.median(seconds):.1f} / {seconds[-1]:.1f}", "", True
        ),
        Figure("stories that never came to be saved", f"{len(stuck)} of {stories} {'; '.join(stuck[:3])}".strip(), "0", not stuck),
    ]
