"""`python -m tests.pictures`: makes the pictures in docs/images anew, from the sample in a fresh installation."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from pypdfium2 import PdfDocument

from hiring.config import ROOT
from tests.browser.conftest import CHROMIUM, QUIET, Site, running_site
from tests.databases import Files

IMAGES = ROOT / "docs" / "images"
DOCUMENT = ROOT / "docs" / "pdf.md"
FOUR = "Amara Okafor,Jonas Lindqvist,Mei-Ling Chen,Rafael Duarte"
DEBRIEF = "/debrief/tech-lead-payments"
COLOURS = 64
PAGE_SCALE = 1.25
"""Pixels for each point of a page: 90 dpi."""


def keep(picture: Image.Image, name: str) -> None:
    picture.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png {picture.size[0]} x {picture.size[1]}")


def take_pages(site: Site) -> None:
    """Every page of the comparison of four candidates, and their list in docs/pdf.md."""
    for old in IMAGES.glob("comparison-*.png"):
        old.unlink()
    path = site.instance / "comparison.pdf"
    site.flask("debrief", "pdf", "tech-lead-payments", "-o", str(path), "--candidates", FOUR)
    for number, page in enumerate(PdfDocument(path), start=1):
        picture = page.render(scale=PAGE_SCALE).to_pil()  # pyright: ignore[reportArgumentType] - it takes fractions
        keep(picture, f"comparison-{number:02}")
    words, heading, _ = DOCUMENT.read_text().partition("## The pages\n")
    shown = [
        f"![Page {number} of the comparison](images/{image.name})" for number, image in enumerate(sorted(IMAGES.glob("comparison-*")), 1)
    ]
    DOCUMENT.write_text(words + heading + "\n" + "\n".join(shown) + "\n")


def take_screen(page: Page, name: str, height: int) -> None:
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    keep(picture.crop((0, 0, picture.width, min(height, picture.height))), name)


def take_screens(site: Site) -> None:
    """The debrief, the plan and a scorecard, as people see them."""
    password = (site.instance / "first-sign-in.txt").read_text().strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=site.url, color_scheme="light")
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill("hanna.berg@example.org")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.goto(DEBRIEF)
        take_screen(page, "debrief", 1900)
        page.goto("/openings/tech-lead-payments")
        page.get_by_role("link", name="Version 1").click()
        page.wait_for_load_state()
        take_screen(page, "plan", 1250)
        browser.close()


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), Files()) as site:
        take_screens(site)
        take_pages(site)


if __name__ == "__main__":
    main()
