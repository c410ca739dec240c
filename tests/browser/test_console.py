"""The page of an interview in a real browser: scored by keys alone, and saved through whatever goes wrong."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hiring.sqlite import driver
from tests.reliability.ward import PASSWORD, Desk, Server, end_sign_in, make_ward, serving

Open = Callable[[Desk], Page]
ALL_THAT_IS_KEPT = """async () => {
  const wait = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  const database = await wait(indexedDB.open("loopcard"));
  const rows = await wait(database.transaction("unsaved").objectStore("unsaved").getAll());
  database.close();
  return rows.map((row) => new TextDecoder().decode(row.text)).join() + JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
}"""


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[Desk]]]:
    """A server, and desks with an open card each."""
    instance = tmp_path_factory.mktemp("ward")
    desks = make_ward(instance, 6)
    with serving(instance) as server:
        yield server, desks


@pytest.fixture
def open_card(browser: Browser, ward: tuple[Server, list[Desk]]) -> Iterator[Open]:
    """Opens a card as its author, each in a browser of its own."""
    contexts = list[BrowserContext]()

    def open_for(desk: Desk) -> Page:
        context = browser.new_context(base_url=ward[0].url, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
        contexts.append(context)
        name, value = desk.cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": ward[0].url}])
        page = context.new_page()
        page.goto(f"/scorecards/{desk.card}")
        return page

    yield open_for
    for context in contexts:
        context.close()


def read(server: Server, query: str, *values: str) -> str:
    connection = driver.connect(str(server.instance / "loopcard.db"), timeout=20)  # pyright: ignore[reportAttributeAccessIssue]
    found = connection.execute(query, values).fetchone()
    connection.commit()
    connection.close()
    return found[0] if found else ""


def summary_of(server: Server, desk: Desk) -> str:
    return read(server, "SELECT summary FROM scorecards WHERE id = ?", desk.card)


def type_on(page: Page, text: str, name: str = "summary") -> None:
    page.locator(f"#{name}").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def saved(page: Page) -> None:
    expect(page.locator("[data-status]")).to_contain_text("Saved", timeout=30_000)


def test_a_whole_interview_is_scored_by_keys_alone(ward: tuple[Server, list[Desk]], open_card: Open, check_axe: Callable) -> None:
    server, desk = ward[0], ward[1][0]
    page = open_card(desk)
    keys = page.keyboard
    for number in range(page.locator("[data-question]").count()):  # T starts the clock and goes on to the next question
        keys.press("t")
        keys.press("e")
        keys.type(f"Answer {number + 1}: named one lead.")
        keys.press("Escape")
        keys.press("p")
        keys.press("Enter")  # the line becomes evidence of the skill that the question speaks to
        keys.press("Escape")
    for mark in ("4", "n"):
        keys.press("u")  # to what is unfinished
        keys.press(mark)
        keys.press("Escape")
    expect(page.locator("[data-left-count]")).to_have_text("All skills filled in")
    keys.press("f")
    check_axe(page)
    keys.press("f")
    keys.press("u")
    for _ in range(30):  # to the recommendation, which is a group of one stop
        keys.press("Tab")
        if page.evaluate("document.activeElement.name") == "recommendation":
            break
    for _ in range(3):
        keys.press("ArrowRight")
    while page.evaluate("document.activeElement.name") != "summary":
        keys.press("Tab")
    keys.type("Calm, and clear about who leads.")
    keys.press("Control+Enter")
    expect(page).to_have_url(re.compile("/read$"))
    assert read(server, "SELECT recommendation FROM scorecards WHERE id = ?", desk.card) == "yes"
    given = read(server, "SELECT group_concat(given || ': ' || evidence, '; ') FROM marks WHERE scorecard_id = ?", desk.card)
    assert "4: Answer" in given
    assert "no evidence" in given
    assert read(server, "SELECT min(was_asked AND minutes >= 1) FROM question_notes WHERE scorecard_id = ?", desk.card)


def test_what_is_typed_while_the_server_is_away_is_saved_when_it_is_back(ward: tuple[Server, list[Desk]], open_card: Open) -> None:
    server, desk = ward[0], ward[1][1]
    page = open_card(desk)
    type_on(page, "Before. ")
    saved(page)
    server.kill()
    type_on(page, "Meanwhile.")
    expect(page.locator("[data-status]")).to_contain_text("1 change waiting", timeout=10_000)
    server.start()
    saved(page)
    assert summary_of(server, desk) == "Before. Meanwhile."


def test_a_killed_tab_loses_nothing_and_leaves_no_plain_text(ward: tuple[Server, list[Desk]], open_card: Open) -> None:
    server, desk = ward[0], ward[1][2]
    page = open_card(desk)
    page.context.set_offline(True)
    type_on(page, "Secret words of a draft.")
    page.close(run_before_unload=False)
    other = page.context.new_page()
    page.context.set_offline(False)
    other.goto("/scorecards/")
    expect(other.get_by_text("Unsaved text in this browser")).to_be_visible()
    kept = other.evaluate(ALL_THAT_IS_KEPT)
    assert kept
    assert "Secret" not in kept
    other.goto(f"/scorecards/{desk.card}")
    expect(other.locator("[data-restored]")).to_be_visible()
    saved(other)
    assert summary_of(server, desk) == "Secret words of a draft."


def test_one_signs_in_over_the_page_and_goes_on(ward: tuple[Server, list[Desk]], open_card: Open, check_axe: Callable) -> None:
    server, desk = ward[0], ward[1][3]
    page = open_card(desk)
    end_sign_in(server, desk)
    type_on(page, "Typed without a sign-in, ")
    expect(page.get_by_text("Your sign-in has ended").first).to_be_visible()
    type_on(page, "and on.")  # nothing takes the keyboard away
    page.get_by_role("button", name="Sign in again").click()
    check_axe(page)
    for password in ("not this one", PASSWORD):
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")
        if password != PASSWORD:
            expect(page.locator("[data-signing-fault]")).to_contain_text("wrong")
    saved(page)
    assert summary_of(server, desk) == "Typed without a sign-in, and on."


def test_two_tabs_are_merged_by_field_and_a_person_decides_the_rest(ward: tuple[Server, list[Desk]], open_card: Open) -> None:
    server, desk = ward[0], ward[1][4]
    one = open_card(desk)
    other = one.context.new_page()
    other.goto(f"/scorecards/{desk.card}")
    type_on(one, "From one tab.")
    saved(one)
    type_on(other, "For the debrief.", "debrief_notes")
    saved(other)
    expect(other.locator("#summary")).to_have_value("From one tab.")
    type_on(one, "This is mine.", "private_notes")
    saved(one)
    type_on(other, "This is theirs.", "private_notes")
    expect(other.locator("#conflict")).to_be_visible(timeout=10_000)
    expect(other.locator("[data-difference] h3")).to_have_text("Private notes")
    other.get_by_role("button", name="Take this one").click()
    other.get_by_role("button", name="Save what the form holds now").click()
    saved(other)
    assert read(server, "SELECT private_notes FROM scorecards WHERE id = ?", desk.card) == "This is mine."
    # What was given up stood on the card for a moment, so that it can be put back.
    assert "This is theirs." in read(server, "SELECT group_concat(changed) FROM card_revisions WHERE scorecard_id = ?", desk.card)


def test_a_card_that_was_submitted_elsewhere_keeps_what_is_typed_here(ward: tuple[Server, list[Desk]], open_card: Open) -> None:
    server, desk = ward[0], ward[1][5]
    page = open_card(desk)
    assert read(server, "UPDATE scorecards SET state = 'submitted', draft_salt = NULL WHERE id = ? RETURNING 1", desk.card)
    type_on(page, "Too late.")
    page.get_by_role("link", name=re.compile("kept under Earlier versions")).wait_for(timeout=10_000)
    page.goto(f"/scorecards/{desk.card}/revisions")
    expect(page.get_by_role("heading", name="Typed, but not on the card")).to_be_visible()
    assert "Too late." in read(server, "SELECT fields FROM refused_texts WHERE scorecard_id = ?", desk.card)
