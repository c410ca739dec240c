"""The machine: a rule for each thing that somebody can do, and after each step the database compared with the model."""

from collections import Counter
from statistics import fmean
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from hiring.scorecards.rules import LONGEST_NOTE
from tests.card_life.model import BLIND, COORDINATORS, EVERYBODY, LEADS, PANEL, Fields, Model, Stage, is_complete
from tests.card_life.site import Site, Stand, Stood
from tests.factories import SKILLS

SECRET = "Kanarie"
EARLY = 2
"""Saves after which a life has seen enough of its blind phase."""
panelists = st.sampled_from(PANEL)
givens = st.sampled_from(["1", "3", "5", "no evidence", "not asked"])
words = st.sampled_from(["", f"{SECRET} heard", f"{SECRET} saw", " "])
most_words = st.one_of(words, words, words, st.just("x" * (LONGEST_NOTE + 1)))
reasons = st.sampled_from(["We heard otherwise.", "Once more.", ""])


class CardLife(RuleBasedStateMachine):
    """Two leads and a shadow with a card each, whoever runs the opening, and somebody outside of it."""

    site: ClassVar[Site]
    lives: ClassVar[int] = 0
    steps: ClassVar[Counter[str]] = Counter()
    """How many steps were compared, by where the loop stood then."""

    def __init__(self) -> None:
        super().__init__()
        self.site.reset()
        self.model = Model(self.site.blank)
        self.stand: Stand = self.site.read()
        self.sealed: dict[str, Fields] = {}
        self.taken = 0
        self.sent: list[tuple[str, Fields, dict[str, Any]]] = []
        type(self).lives += 1

    @initialize(
        opens_after_own=st.booleans(), leads=st.sampled_from([(), LEADS[:1], LEADS[1:], LEADS]), reveals=st.sampled_from([True, False])
    )
    def begin(self, opens_after_own: bool, leads: tuple[str, ...], reveals: bool) -> None:
        """Some lives begin with cards that are in, or with the reveal: by chance alone few would come that far."""
        if opens_after_own:
            self.site.open_after_own()
            self.model.opens_after_own = True
        if leads:
            self.get_ready(leads, reveals)

    def path(self, part: str, rest: str = "") -> str:
        return f"/scorecards/{self.stand.cards[part].id}{rest}"

    def debrief(self, rest: str = "") -> str:
        return f"/debrief/{self.site.place.world.slug}/{self.site.place.world.candidacy}{rest}"

    def has(self, part: str) -> bool:
        """Whether there is a card to act on; where not, the step only opens it."""
        if part in self.stand.cards:
            return True
        self.check(self.site.post(part, f"/scorecards/seat/{self.site.place.world.seats[part]}"), self.model.open(part))
        return part in self.stand.cards

    def check(self, status: int, wanted: int) -> None:
        """Compare an answer, and everything that stands after it, with what the model says."""
        self.steps[self.model.stage] += 1
        self.taken += 1
        assert status == wanted, (status, wanted)
        before, self.stand = self.stand, self.site.read()
        assert self.stand.stage == self.model.stage
        assert self.stand.trail == self.model.trail
        assert self.stand.decisions == self.model.decisions
        assert self.stand.cards.keys() == self.model.cards.keys()
        for part, stood in self.stand.cards.items():
            card = self.model.cards[part]
            assert (stood.fields, stood.is_submitted, stood.amended) == (card.fields, card.is_submitted, card.amended), part
            assert stood.refused == card.refused, part
            check_revisions(before.cards.get(part), stood, card.revisions)
        if [one.is_submitted for one in before.cards.values()] != [one.is_submitted for one in self.stand.cards.values()]:
            self.look_around()
        if self.model.stage in BLIND:
            assert (self.model.stage is Stage.READY) == all(one in self.stand.cards and self.stand.cards[one].is_submitted for one in LEADS)
            assert self.stand.early is None
        elif not self.sealed:
            self.sealed = {part: stood.fields for part, stood in self.stand.cards.items()}
        else:
            assert self.sealed == {part: stood.fields for part, stood in self.stand.cards.items()}

    def look_around(self) -> None:
        """The seal, after each card that is handed in or taken back: for somebody in turn, on every card."""
        turn = self.taken
        for number, part in enumerate(self.stand.cards):
            reader = EVERYBODY[(turn + number) % len(EVERYBODY)]
            status = self.site.get(reader, self.path(part, "/read")).status_code
            assert status == (200 if self.model.may_read(reader, part) else 404), (reader, part, status)

    def some(self, part: str, draw: Any) -> Fields:
        """A few fields of a card, as a page that knows of no others would send them."""
        places = [name for name in self.site.blank[part] if name.startswith(("asked-", "minutes-", "notes-"))]
        strategies: dict[str, st.SearchStrategy[str]] = {
            **{f"given-{skill}": st.one_of(st.just(""), givens) for skill in SKILLS},
            **{f"evidence-{skill}": most_words for skill in SKILLS},
            **dict.fromkeys(("summary", "why_not", "debrief_notes", "private_notes"), words),
            "recommendation": st.sampled_from(["", "yes", "strong no", "can't recommend"]),
            **{name: words for name in places if name.startswith("notes-")},
            **{name: st.sampled_from(["", "yes", "no"]) for name in places if name.startswith("asked-")},
            **{name: st.sampled_from(["", "0", "15"]) for name in places if name.startswith("minutes-")},
        }
        names = draw.draw(st.lists(st.sampled_from(sorted(strategies)), min_size=1, max_size=3, unique=True))
        return {name: draw.draw(strategies[name]) for name in names}

    @rule(part=panelists)
    def open_card(self, part: str) -> None:
        self.check(self.site.post(part, f"/scorecards/seat/{self.site.place.world.seats[part]}"), self.model.open(part))

    @rule(part=panelists, draw=st.data(), is_fresh=st.sampled_from([True, True, False]), twice=st.booleans())
    def save_some(self, part: str, draw: Any, is_fresh: bool, twice: bool) -> None:
        """As the page's script does it; twice: an answer was lost on its way, and the same is sent again as it was."""
        if self.has(part):
            self.save(part, self.some(part, draw), is_fresh=is_fresh, times=1 + twice)

    def save(self, part: str, sent: Fields, *, is_fresh: bool = True, times: int = 1) -> None:
        """Every other save has a name, as the page's script gives it."""
        named = {"key": f"save-{self.taken:08}"} if self.taken % 2 else {}
        data = {**sent, **named, "version": self.version_for(part, is_fresh)}
        for _ in range(times):
            self.send(part, data)

    def send(self, part: str, data: Fields, told: dict[str, Any] | None = None) -> None:
        """told: what was answered the first time, where that is to be answered again."""
        sent = {name: text for name, text in data.items() if name not in {"key", "version"}}
        wanted = self.model.save(part, sent, is_fresh=self.is_fresh(part, data["version"]), key=data.get("key", ""))
        answer = self.site.ask(part, self.path(part, "/draft"), data)
        self.check(answer.status_code, wanted)
        if data.get("key") in self.model.cards[part].keys:
            assert told is None or answer.json == told, (told, answer.json)
            self.sent.append((part, data, answer.json or {}))

    @precondition(lambda self: self.sent)
    @rule(chance=st.integers(0, 5))
    def save_again(self, chance: int) -> None:
        """A save of before that was never answered, whatever came in between: it is answered as it was then."""
        self.send(*self.sent[-1 - chance % len(self.sent)])

    def version_for(self, part: str, is_fresh: bool) -> str:
        return str(self.stand.cards[part].version - (not is_fresh))

    def is_fresh(self, part: str, version: str) -> bool:
        return version == str(self.stand.cards[part].version)

    @rule(part=panelists, draw=st.data(), accepts=st.booleans(), is_fresh=st.sampled_from([True, True, False]))
    def submit_some(self, part: str, draw: Any, accepts: bool, is_fresh: bool) -> None:
        """Whatever is filled so far."""
        if self.has(part):
            self.hand_in(part, self.some(part, draw), accepts=accepts, is_fresh=is_fresh, times=1)

    @rule(part=panelists, given=givens, word=words, said=words, accepts=st.booleans(), times=st.sampled_from([1, 1, 2]))
    def submit_all(self, part: str, given: str, word: str, said: str, accepts: bool, times: int) -> None:
        """A card with all that is needed on it, if there is evidence or the author says that there is none."""
        if self.has(part):
            sent = {f"given-{skill}": given for skill in SKILLS} | {f"evidence-{skill}": word for skill in SKILLS}
            self.hand_in(part, {**sent, "recommendation": "yes", "summary": said or SECRET}, accepts=accepts, is_fresh=True, times=times)

    def hand_in(self, part: str, sent: Fields, *, accepts: bool, is_fresh: bool, times: int) -> None:
        version, more = self.version_for(part, is_fresh), {"accept_unsupported": "1"} if accepts else {}
        for _ in range(times):
            wanted = self.model.submit(part, sent, is_fresh=self.is_fresh(part, version), accepts=accepts)
            self.check(self.site.post(part, self.path(part), {**sent, **more, "do": "submit", "version": version}), wanted)

    @rule(part=panelists)
    def withdraw(self, part: str) -> None:
        if self.has(part):
            self.check(self.site.post(part, self.path(part, "/withdraw")), self.model.withdraw(part))

    @rule(part=panelists, chance=st.integers(0, 5))
    def put_back(self, part: str, chance: int) -> None:
        """An earlier revision made the newest; one that there never was, too."""
        if self.has(part):
            numbers = [number for number, _ in self.stand.cards[part].revisions]
            number = numbers[chance] if chance < len(numbers) else 999
            self.check(self.site.post(part, self.path(part, f"/revisions/{number}")), self.model.put_back(part, chance))

    @rule(part=panelists, chance=st.integers(0, 5))
    def read_revision(self, part: str, chance: int) -> None:
        """Each one is there for its author, and for nobody else."""
        if self.has(part) and (revisions := self.stand.cards[part].revisions):
            path = self.path(part, f"/revisions/{revisions[chance % len(revisions)][0]}")
            assert self.site.get(part, path).status_code == 200
            other = EVERYBODY[chance] if EVERYBODY[chance] != part else "outsider"
            self.check(self.site.get(other, path).status_code, 403 if self.model.may_read(other, part) else 404)

    @rule(part=st.sampled_from(["manager", "manager", "manager", "ana", "admin", "outsider"]))
    def reveal(self, part: str) -> None:
        self.check(self.site.post(part, self.debrief("/reveal")), self.model.reveal(part))

    @precondition(lambda self: self.model.trail)
    @rule(part=st.sampled_from(["manager", "manager", "recruiter", "ben", "outsider"]), reason=st.sampled_from(["", " ", "It can't wait."]))
    def reveal_early(self, part: str, reason: str) -> None:
        """With a lead's card missing: only with a reason, which stays."""
        self.check(self.site.post(part, self.debrief("/break"), {"reason": reason}), self.model.reveal_early(part, reason))
        assert self.stand.early in ({None} if self.model.stage in BLIND else {None, "It can't wait."})
        assert (self.stand.early is not None) == (("debrief.break_seal", "manager") in self.model.trail)

    @rule(part=panelists, reader=st.sampled_from(EVERYBODY))
    def read_refused(self, part: str, reader: str) -> None:
        """What was typed in vain is there for its author, and for nobody else."""
        if self.has(part) and self.stand.cards[part].refused:
            may = reader == part or self.model.may_read(reader, part)
            answer = self.site.get(reader, self.path(part, "/revisions"))
            assert reader == part or SECRET not in answer.text
            self.check(answer.status_code, 200 if reader == part else 403 if may else 404)

    @precondition(lambda self: self.model.stage in BLIND and sum(len(one.revisions) for one in self.model.cards.values()) > EARLY)
    @rule(leads=st.sampled_from([LEADS, LEADS, LEADS[:1], LEADS[1:]]), reveals=st.booleans())
    def get_ready(self, leads: tuple[str, ...], reveals: bool) -> None:
        """All that is missing for the reveal, or for an early one."""
        for part in leads:
            if self.has(part) and not self.stand.cards[part].is_submitted:
                self.submit_all(part, "3", f"{SECRET} heard", "", accepts=False, times=1)
        if reveals:
            self.reveal("manager") if leads == LEADS else self.reveal_early("manager", "It can't wait.")

    @precondition(lambda self: self.model.stage not in BLIND or len(self.model.trail) % 4 == 0)
    @rule(part=panelists, skill=st.sampled_from(SKILLS), given=st.one_of(givens, st.just("")), reason=reasons)
    def amend(self, part: str, skill: str, given: str, reason: str) -> None:
        if self.has(part):
            data = {"given": given, "reason": reason} if given else {"reason": reason}
            self.check(self.site.post(part, self.path(part, f"/amend/{skill}"), data), self.model.amend(part, skill, given, reason))

    @precondition(lambda self: self.model.stage not in BLIND or len(self.model.trail) % 4 == 1)
    @rule(reason=reasons, again=st.booleans())
    def decide(self, reason: str, again: bool) -> None:
        """A decision, or its reopening."""
        if again:
            self.check(self.site.post("manager", self.debrief("/reopen"), {"reason": reason}), self.model.reopen(reason))
        else:
            data = {"outcome": "hold", "reason": reason}
            self.check(self.site.post("manager", self.debrief("/decide"), data), self.model.decide(reason))

    @rule(reader=st.sampled_from(EVERYBODY), part=panelists)
    def read_card(self, reader: str, part: str) -> None:
        """The seal, and what is private behind it."""
        if self.has(part):
            answer, may = self.site.get(reader, self.path(part, "/read")), self.model.may_read(reader, part)
            fields = self.model.cards[part].fields
            said = [text for name, text in fields.items() if SECRET in text and name not in {"private_notes", "why_not"}]
            assert all(text in answer.text for text in said) if may else SECRET not in answer.text
            self.check(answer.status_code, 200 if may else 404)

    @rule(reader=st.sampled_from(EVERYBODY), part=panelists, what=st.sampled_from(["/draft", "", "/withdraw"]))
    def meddle(self, reader: str, part: str, what: str) -> None:
        """Somebody else writes on a card."""
        if self.has(part) and reader != part:
            status = self.site.post(
                reader, self.path(part, what), {"summary": "Mine now", "version": self.version_for(part, is_fresh=True)}
            )
            self.check(status, 403 if self.model.may_read(reader, part) else 404)

    @rule(reader=st.sampled_from([*PANEL, *COORDINATORS, "outsider"]))
    def read_result(self, reader: str) -> None:
        """The candidate's page, and the score: the mean of what the leads had sealed."""
        status = self.site.get(reader, self.debrief()).status_code
        scores = self.site.read_scores(reader)
        if self.model.may_read_result(reader):
            assert scores == {skill: self.mean(skill) for skill in scores}
        else:
            assert not scores
        self.check(status, 200 if self.model.may_read_result(reader) else 404)

    def mean(self, skill: str) -> float | None:
        marks = [self.sealed[part][f"given-{skill}"] for part in LEADS if self.model.is_in(part)]
        numbers = [int(mark) for mark in marks if mark.isdigit()]
        return fmean(numbers) if numbers else None


def check_revisions(before: Stood | None, stood: Stood, wanted: list[Fields]) -> None:
    """They only grow, number after number, and together they tell each version of the card."""
    earlier = before.revisions if before else []
    assert stood.revisions[: len(earlier)] == earlier
    numbers = [number for number, _ in stood.revisions]
    assert numbers == sorted(set(numbers))
    assert not numbers or numbers[-1] <= stood.version
    fields: Fields = {}
    told = [fields := {**fields, **changed} for _, changed in stood.revisions]
    assert told == wanted
    assert not stood.is_submitted or is_complete(stood.fields, accepts=True)
    if before is not None:
        changed = (before.fields, before.is_submitted) != (stood.fields, stood.is_submitted)
        assert stood.version > before.version if changed else stood.version == before.version
