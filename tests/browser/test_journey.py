"""The main job in a real browser, from the bank to the PDF, as four people; axe looks at every page of it."""

import io
import re
from collections.abc import Callable
from contextlib import nullcontext

from playwright.sync_api import Locator, Page, expect
from pypdfium2 import PdfDocument

from tests.browser.conftest import SignIn, Site

ADMIN, PASSWORD = "admin@example.org", "four plain words here"
PEOPLE = {"Mona Manager": "hiring manager", "Ivo Interviewer": "interviewer", "Ira Interviewer": "interviewer"}
CANDIDATES = ("Cleo Candidate", "Dina Candidate")
SKILLS = {"crisis-response": "Crisis response", "empathy": "Empathy"}
Check = Callable[[Page], None]
MOST_TABS = 200


def email_of(name: str) -> str:
    return name.replace(" ", ".").lower() + "@example.org"


def test_from_the_bank_to_the_pdf_as_four_people(site: Site, sign_in: SignIn, check_axe: Check) -> None:
    admin = sign_in(ADMIN)
    check_axe(admin)
    links = {name: invite(admin, name, role, check_axe) for name, role in PEOPLE.items()}
    for name, link in links.items():
        accept(sign_in, admin, name, link, check_axe)
    manager = sign_in(email_of("Mona Manager"), PASSWORD)
    check_axe(manager)
    write_a_question(manager, check_axe)
    create_opening(manager, check_axe)
    plan(manager, check_axe)
    for day, candidate in enumerate(CANDIDATES, 1):
        start_loop(manager, candidate, day, check_axe)
    staff_and_replace(manager, check_axe)
    for number, name in enumerate(("Ivo Interviewer", "Ira Interviewer")):
        page = sign_in(email_of(name), PASSWORD)
        for mark, candidate in zip((5 - 2 * number, 3), CANDIDATES, strict=True):
            fill_card(page, candidate, mark, check_axe, cards_in=number)
    reveal(manager, check_axe)
    amend(sign_in(email_of("Ivo Interviewer"), PASSWORD), check_axe)
    decide(manager, check_axe)
    compare(manager)


def press(page: Page, control: Locator) -> None:
    """Go to a control by the Tab key alone, as one does without a mouse, and press it; a link's page is there afterwards."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if control.evaluate("one => one === document.activeElement"):
            assert control.evaluate("one => one.matches(':focus-visible') && getComputedStyle(one).outlineStyle !== 'none'")
            leads_away = control.evaluate("one => one.tagName === 'A'")
            with page.expect_navigation() if leads_away else nullcontext():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{control} can't be reached by keyboard")


def invite(page: Page, name: str, role: str, check_axe: Check) -> str:
    page.goto("/people")
    check_axe(page)
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name.")
    check_axe(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(email_of(name))
    page.get_by_label("Role").select_option(role)
    page.get_by_role("button", name="Make the link").click()
    check_axe(page)
    return page.get_by_label("Invitation link").input_value()


def accept(sign_in: SignIn, anybody: Page, name: str, link: str, check_axe: Check) -> None:
    browser = anybody.context.browser
    assert browser is not None
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(link)
    check_axe(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_role("heading", name=f"Hello, {name.split()[0]}")).to_be_visible()
    check_axe(page)
    context.close()


def write_a_question(page: Page, check_axe: Check) -> None:
    page.get_by_role("link", name="Bank").click()
    check_axe(page)
    page.get_by_role("searchbox").fill("silent")
    page.get_by_role("button", name="Find").click()
    expect(page).to_have_url(re.compile(r"q=silent"))
    check_axe(page)
    page.get_by_role("link", name="New question").click()
    check_axe(page)
    page.locator("[name=text]").fill(
        "A colleague stops answering messages two days before a launch that hangs on them. What do you do first?"
    )
    page.locator("[name=minutes]").fill("9")
    page.locator("input[name=primary][value=empathy]").check()
    page.locator("[name=probes]").fill("Whom do you tell, and what?\nWhat if it happens again?")
    page.get_by_role("button", name=re.compile("Save|Add|Create")).first.click()
    expect(page.get_by_text("A colleague stops answering messages").first).to_be_visible()
    check_axe(page)


def create_opening(page: Page, check_axe: Check) -> None:
    page.get_by_role("link", name="Openings").first.click()
    check_axe(page)
    page.get_by_role("link", name="New opening").click()
    check_axe(page)
    page.get_by_label("Title").fill("Tech lead, Ledger")
    for box in page.locator("input[name=skills]").all():
        box.set_checked(box.get_attribute("value") in SKILLS)
    page.get_by_role("button", name="Create the opening").click()
    expect(page.get_by_role("heading", name="Tech lead, Ledger")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="Weights and must-haves").click()
    check_axe(page)
    page.get_by_label("Weight of Crisis response").fill("2")
    page.get_by_role("button", name="Declare this rule").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why this skill weighs more")
    page.get_by_label("Why of Crisis response").fill("The ledger never sleeps.")
    page.get_by_label("Bar of Crisis response").fill("3")
    page.get_by_role("button", name="Declare this rule").click()
    expect(page.get_by_text("The rule is declared")).to_be_visible()


def plan(page: Page, check_axe: Check) -> None:
    page.get_by_role("link", name="Start the plan").click()
    check_axe(page)
    page.get_by_role("button", name="Start with this").first.click()
    check_axe(page)
    for _ in range(3):
        last = page.locator("section.session").last
        last.get_by_text("Remove", exact=True).first.click()
        last.get_by_role("button", name=re.compile("^Remove ")).click()
    expect(page.locator("section.session")).to_have_count(2)
    press(page, page.get_by_role("button", name="Build the plan"))
    expect(page.get_by_text("2 of 2 skills covered")).to_be_visible(timeout=30_000)
    check_axe(page)
    press(page, page.get_by_role("button", name="Pin", exact=True).first)
    expect(page.get_by_role("button", name="Unpin").first).to_be_visible()
    press(page, page.get_by_role("link", name="Swap").last)
    check_axe(page)
    press(page, page.get_by_role("button", name="Ask this instead").first)
    expect(page.get_by_text("swapped and pinned")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Add a question")).first.click()
    check_axe(page)
    page.go_back()
    page.locator("section.session").first.get_by_role("button", name="Lock").click()
    expect(page.get_by_text("Locked", exact=True)).to_be_visible()
    page.get_by_role("link", name="What if …").click()
    check_axe(page)
    page.get_by_label("Let it weigh more or less").select_option(label="Empathy")
    page.get_by_role("button", name="Show the difference").click()
    expect(page.get_by_role("heading", name="The difference")).to_be_visible(timeout=60_000)
    check_axe(page)
    page.get_by_role("link", name="Cancel").click()
    search_longer(page)
    press(page, page.get_by_text("Publish …"))
    press(page, page.get_by_role("button", name=re.compile("^Publish version")))
    expect(page.get_by_text("published and frozen")).to_be_visible()


def search_longer(page: Page) -> None:
    """On two skills the best plan is found at once; the page of the search sends on to the plan by itself."""
    press(page, page.get_by_text("Search longer …"))
    page.get_by_role("button", name="Search for the best plan").click()
    expect(page.get_by_text(re.compile("^Built version 1: .* 2 of 2 skills covered"))).to_be_visible(timeout=60_000)


def staff_and_replace(page: Page, check_axe: Check) -> None:
    """A panel that the builder chooses for a third candidate, of whom one falls ill; nobody else has to change."""
    page.goto("/openings/tech-lead-ledger")
    page.get_by_role("link", name="Add a candidate").first.click()
    page.get_by_label("Name").fill("Emma Candidate")
    page.get_by_role("button", name="Add the candidate").click()
    page.get_by_role("row", name=re.compile("Emma Candidate")).get_by_role("button", name="Start the loop").click()
    press(page, page.get_by_role("button", name="Fill the free seats"))
    expect(page.get_by_text("Seat somebody in")).to_have_count(0, timeout=30_000)
    check_axe(page)
    names = page.locator("td[data-label=Interviewer]")
    ill, *stay = names.all_inner_texts()
    press(page, page.get_by_text("Replace", exact=True).first)
    page.get_by_role("button", name="Find somebody else").click()
    expect(names.filter(has_text=ill)).to_have_count(0, timeout=30_000)
    for name in stay:
        expect(names.filter(has_text=name)).to_have_count(1)
    page.get_by_role("button", name="Add shadows").click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile("Shadows:|Nobody is free"))
    check_axe(page)


def start_loop(page: Page, candidate: str, day: int, check_axe: Check) -> None:
    page.goto("/openings/tech-lead-ledger")
    page.get_by_role("link", name="Add a candidate").first.click()
    check_axe(page)
    page.get_by_label("Name").fill(candidate)
    page.get_by_role("button", name="Add the candidate").click()
    page.get_by_role("row", name=re.compile(candidate)).get_by_role("button", name="Start the loop").click()
    check_axe(page)
    for hour, name in ((9, "Ivo Interviewer"), (11, "Ira Interviewer")):
        page.get_by_role("link", name=re.compile("^Seat somebody in ")).first.click()
        check_axe(page)
        page.get_by_label("Interviewer").select_option(label=name)
        page.get_by_label("Starts at").fill(f"2026-12-{day:02}T{hour:02}:00")
        page.get_by_role("button", name="Give the seat").click()
    expect(page.get_by_role("heading", name=candidate)).to_contain_text("Scheduled")
    check_axe(page)


def fill_card(page: Page, candidate: str, mark: int, check_axe: Check, *, cards_in: int) -> None:
    page.goto("/")
    check_axe(page)
    page.get_by_role("link", name=f"Open the kit for {candidate}").click()
    check_axe(page)
    page.get_by_role("button", name="Start the scorecard").click()
    check_axe(page)
    for skill in SKILLS:
        page.locator(f"[name='evidence-{skill}']").fill(f"Said what they would do about {skill}, with figures.")
        page.locator(f"[name='given-{skill}'][value='{mark}']").check()
    expect(page.locator("[data-status]")).to_contain_text("Saved", timeout=10_000)
    page.get_by_role("link", name="Earlier versions").click()
    check_axe(page)
    page.get_by_role("link", name=re.compile("^Revision ")).first.click()
    check_axe(page)
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name=candidate).click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_contain_text("isn't complete yet")
    check_axe(page)
    page.locator("[name=recommendation][value='yes']").check()
    page.locator("[name=summary]").fill(f"{candidate} is worth a second look.")
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile("/read$"))
    check_axe(page)
    page.goto("/scorecards/")
    check_axe(page)


def reveal(page: Page, check_axe: Check) -> None:
    page.goto("/")
    check_axe(page)
    page.goto("/debrief/tech-lead-ledger")
    expect(page.get_by_text("2 of 2 cards are in").first).to_be_visible()
    check_axe(page)
    page.get_by_text("Reveal all 2 that are ready").click()
    page.get_by_role("button", name="Reveal 2 panels").click()
    expect(page.get_by_role("link", name="Download comparison PDF")).to_be_visible()
    check_axe(page)


def amend(page: Page, check_axe: Check) -> None:
    """After the reveal the sealed mark stays, and what its author thinks now stands beside it."""
    page.goto("/scorecards/")
    page.get_by_role("link", name=re.compile("Cleo Candidate")).first.click()
    page.get_by_role("link", name="Amend Crisis response").click()
    check_axe(page)
    page.locator("[name=given][value='4']").check()
    page.get_by_role("button", name="Amend for good").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what made you think otherwise")
    check_axe(page)
    page.get_by_label("What made you think otherwise").fill("Ira heard who held the bridge.")
    page.get_by_role("button", name="Amend for good").click()
    expect(page.locator(".amended").get_by_text("Amended after the reveal").first).to_be_visible()
    check_axe(page)


def decide(page: Page, check_axe: Check) -> None:
    page.goto("/debrief/tech-lead-ledger")
    page.get_by_role("link", name="Cleo Candidate", exact=True).click()
    check_axe(page)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_axe(page)
    page.get_by_label("Hire", exact=True).check()
    page.get_by_label("Reason").fill("Clears the bar, and both heard figures.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Clears the bar, and both heard figures.")).to_be_visible()
    check_axe(page)


def compare(page: Page) -> None:
    page.goto("/debrief/tech-lead-ledger")
    address = page.get_by_role("link", name="Download comparison PDF").get_attribute("href")
    assert address is not None
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    document = PdfDocument(io.BytesIO(answer.body()))
    text = " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    for said in (*CANDIDATES, *SKILLS.values(), "The ledger never sleeps.", "4.00", "3.00", "Ira heard who held the bridge."):
        assert said in text
