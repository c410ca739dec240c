"""Tables of scorecards, their marks, and the notes taken on each question."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.db import Model, UTCDateTime, new_id, now, one_of
from hiring.loops.models import Loop, Seat
from hiring.openings.models import Opening
from hiring.scorecards.rules import CardState, Given, Recommendation


def new_salt() -> str:
    """256 random bits in 64 characters."""
    return secrets.token_hex(32)


class Scorecard(Model):
    """What one interviewer recorded in one seat; one card for one seat, in the database too.

    draft_salt: what the key of the copies in its author's browsers is made from; gone with the submission, and they with it.
    """

    __tablename__ = "scorecards"
    __table_args__ = (
        CheckConstraint(one_of("state", CardState), name="state"),
        CheckConstraint(f"recommendation IS NULL OR {one_of('recommendation', Recommendation)}", name="recommendation"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"), unique=True)
    state_name: Mapped[str] = mapped_column("state", String(20), default=CardState.DRAFT.value)
    recommendation_name: Mapped[str | None] = mapped_column("recommendation", String(20))
    why_not: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    debrief_notes: Mapped[str] = mapped_column(Text, default="")
    private_notes: Mapped[str] = mapped_column(Text, default="")
    draft_salt: Mapped[str | None] = mapped_column(String(64), default=new_salt)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    seat: Mapped[Seat] = relationship(lazy="joined")
    marks: Mapped[list["Mark"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    notes: Mapped[list["QuestionNote"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    # Read where they are asked for: a card that is being filled, and saved every second, has none.
    amendments: Mapped[list["Amendment"]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan", order_by="Amendment.made_at, Amendment.id"
    )
    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def state(self) -> CardState:
        return CardState(self.state_name)

    @property
    def recommendation(self) -> Recommendation | None:
        return Recommendation(self.recommendation_name) if self.recommendation_name else None

    @property
    def is_submitted(self) -> bool:
        return self.state is CardState.SUBMITTED

    @property
    def takes_entries(self) -> bool:
        """Whether its author goes on with it: they still have the seat, and the panel isn't revealed or closed."""
        return self.loop.is_blind and not self.seat.is_freed

    @property
    def is_on_record(self) -> bool:
        """Whether the panel may come to read it: handed in, in a seat that was not freed since."""
        return self.is_submitted and not self.seat.is_freed

    @property
    def interviewer_id(self) -> str:
        return self.seat.interviewer_id

    @property
    def loop(self) -> Loop:
        return self.seat.loop

    @property
    def opening(self) -> Opening:
        return self.loop.opening

    @property
    def panelist_ids(self) -> set[str]:
        return self.loop.panelist_ids

    @property
    def lead_ids_in(self) -> set[str]:
        return self.loop.lead_ids_in

    @property
    def opens_after_own(self) -> bool:
        return self.loop.opens_after_own

    @property
    def panel_is_revealed(self) -> bool:
        return self.loop.panel_is_revealed


class CardRevision(Model):
    """One save of a card: the fields that it changed, as the form names them. Rows are added and never changed.

    number: the card's version after the save. changed: field to its new text, all fields in the first row of a card.
    key: what the page called this save, so that the same one sent again is told from a new one.
    """

    __tablename__ = "card_revisions"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "number"),
        Index("ix_card_revisions_scorecard_id_key", "scorecard_id", "key", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scorecard_id: Mapped[str] = mapped_column(ForeignKey("scorecards.id"), index=True)
    number: Mapped[int]
    changed: Mapped[dict[str, str]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(64))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class RefusedText(Model):
    """What somebody typed that the card could no longer take: kept for them, on no card. Rows are only added.

    fields: the fields that held something else than the card, as the form names them. because: what they were told.
    """

    __tablename__ = "refused_texts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scorecard_id: Mapped[str] = mapped_column(ForeignKey("scorecards.id"), index=True)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    because: Mapped[str] = mapped_column(Text)
    refused_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Mark(Model):
    """What was given for one skill, with the evidence for it."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "skill_id"),
        CheckConstraint(f"given IS NULL OR {one_of('given', Given)}", name="given"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scorecard_id: Mapped[str] = mapped_column(ForeignKey("scorecards.id"), index=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), index=True)
    given_name: Mapped[str | None] = mapped_column("given", String(20))
    evidence: Mapped[str] = mapped_column(Text, default="")

    @property
    def given(self) -> Given | None:
        return Given(self.given_name) if self.given_name else None


class Amendment(Model):
    """What an author says otherwise of one skill after the reveal, beside the sealed mark. Rows are only added."""

    __tablename__ = "amendments"
    __table_args__ = (CheckConstraint(one_of("given", Given), name="given"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scorecard_id: Mapped[str] = mapped_column(ForeignKey("scorecards.id"), index=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), index=True)
    given_name: Mapped[str] = mapped_column("given", String(20))
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    scorecard: Mapped[Scorecard] = relationship(back_populates="amendments")
    rulings: Mapped[list["Ruling"]] = relationship(cascade="all, delete-orphan", order_by="Ruling.ruled_at, Ruling.id")

    @property
    def given(self) -> Given:
        return Given(self.given_name)


class Ruling(Model):
    """What a debrief decided of an amended mark: that it counts instead of the sealed one, or that it doesn't after all.

    Rows are only added; of those on one skill of a card, the newest holds.
    """

    __tablename__ = "rulings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    amendment_id: Mapped[str] = mapped_column(ForeignKey("amendments.id"), index=True)
    counts: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    ruled_by: Mapped[str] = mapped_column(String(120))
    ruled_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class QuestionNote(Model):
    """Whether a question was asked, what was noted, and how long it took."""

    __tablename__ = "question_notes"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "plan_question_id"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 0 AND 240", name="minutes"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scorecard_id: Mapped[str] = mapped_column(ForeignKey("scorecards.id"), index=True)
    plan_question_id: Mapped[str] = mapped_column(ForeignKey("plan_questions.id"), index=True)
    was_asked: Mapped[bool | None]
    notes: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int | None]
