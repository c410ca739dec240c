"""Tables of plans with their sessions and questions, and of loops with their seats."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.accounts.models import Person
from hiring.bank.models import Question
from hiring.db import Model, UTCDateTime, new_id, now, one_of
from hiring.loops.rules import BLIND, LoopState, PlanState, SeatKind, SessionFormat
from hiring.openings.models import Candidacy, Opening
from hiring.openings.rules import Seal


class Plan(Model):
    """One version of an opening's plan; once published, it and the words in it stay as they are."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("opening_id", "version"), CheckConstraint(one_of("state", PlanState), name="state"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    opening_id: Mapped[str] = mapped_column(ForeignKey("openings.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    state_name: Mapped[str] = mapped_column("state", String(20), default=PlanState.DRAFT.value)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by: Mapped[str | None] = mapped_column(String(120))
    frozen_skills: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    opening: Mapped[Opening] = relationship()
    sessions: Mapped[list["PlanSession"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanSession.position", lazy="selectin"
    )

    @property
    def state(self) -> PlanState:
        return PlanState(self.state_name)

    @property
    def is_draft(self) -> bool:
        return self.state is PlanState.DRAFT


class PlanSession(Model):
    """One conversation of the plan: its name, format, minutes, seats and questions.

    panel_ids: the people with whom the builder found that its skills can be judged; a proposal, no seat.
    judged_ids: the skills that these could judge when the plan was built.
    """

    __tablename__ = "plan_sessions"
    __table_args__ = (
        CheckConstraint(one_of("format", SessionFormat), name="format"),
        CheckConstraint("minutes BETWEEN 15 AND 240", name="minutes"),
        CheckConstraint("seats BETWEEN 1 AND 4", name="seats"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80))
    format_name: Mapped[str] = mapped_column("format", String(20), default=SessionFormat.MIXED.value)
    minutes: Mapped[int] = mapped_column(default=60)
    reserve: Mapped[int] = mapped_column(default=10)
    seats: Mapped[int] = mapped_column(default=1)
    is_locked: Mapped[bool] = mapped_column(default=False)
    panel_ids: Mapped[list[str]] = mapped_column("panel", JSON, default=list)
    judged_ids: Mapped[list[str]] = mapped_column("judged", JSON, default=list)

    plan: Mapped[Plan] = relationship(back_populates="sessions")
    questions: Mapped[list["PlanQuestion"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="PlanQuestion.position", lazy="selectin"
    )

    @property
    def format(self) -> SessionFormat:
        return SessionFormat(self.format_name)


class PlanQuestion(Model):
    """A question's place in a session; on publishing, its words are kept as they were."""

    __tablename__ = "plan_questions"
    __table_args__ = (UniqueConstraint("session_id", "question_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("plan_sessions.id"), index=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    session: Mapped[PlanSession] = relationship(back_populates="questions")
    question: Mapped[Question] = relationship(lazy="joined")


class Loop(Model):
    """One candidate's run of a published plan.

    seats: those that somebody holds; who was freed is on no panel. early_because: why it was revealed without all cards.
    """

    __tablename__ = "loops"
    __table_args__ = (CheckConstraint(one_of("state", LoopState), name="state"), CheckConstraint(one_of("seal", Seal), name="seal"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    candidacy_id: Mapped[str] = mapped_column(ForeignKey("candidacies.id"), index=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    state_name: Mapped[str] = mapped_column("state", String(20), default=LoopState.DRAFT.value)
    seal_name: Mapped[str] = mapped_column("seal", String(20), default=Seal.REVEAL.value)
    revealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revealed_by: Mapped[str | None] = mapped_column(String(120))
    early_because: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    candidacy: Mapped[Candidacy] = relationship(lazy="joined")
    plan: Mapped[Plan] = relationship(lazy="joined")
    seats: Mapped[list["Seat"]] = relationship(
        back_populates="loop",
        primaryjoin="and_(Loop.id == Seat.loop_id, Seat.freed_at.is_(None))",
        lazy="selectin",
        order_by="Seat.created_at",
    )
    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def state(self) -> LoopState:
        return LoopState(self.state_name)

    @property
    def opening(self) -> Opening:
        return self.candidacy.opening

    @property
    def panelist_ids(self) -> set[str]:
        return {seat.interviewer_id for seat in self.seats}

    @property
    def lead_ids_in(self) -> set[str]:
        """The leads whose own card is in at this moment; whoever took theirs back is none of them."""
        return {seat.interviewer_id for seat in self.seats if seat.is_lead and seat.is_in}

    @property
    def opens_after_own(self) -> bool:
        """Whether a lead whose own card is in reads the others before the reveal."""
        return Seal(self.seal_name) is Seal.OWN

    @property
    def panel_is_revealed(self) -> bool:
        return self.state in {LoopState.REVEALED, LoopState.DECIDED}

    @property
    def was_broken(self) -> bool:
        """Whether it was revealed before all lead cards were in."""
        return self.early_because is not None

    @property
    def is_blind(self) -> bool:
        return self.state in BLIND

    @property
    def is_cancelled(self) -> bool:
        return self.state is LoopState.CANCELLED


THERE = text("freed_at IS NULL")


class Seat(Model):
    """A place on a panel: who sits in which session, when, as lead or shadow.

    card_in_at: since when the seat's card is in, None while it isn't; of a draft, a seat knows nothing. freed_at: when it
    was freed; the row stays, so that what was written in it stays its author's.
    """

    __tablename__ = "seats"
    __table_args__ = (
        Index("ix_seats_one_place", "loop_id", "interviewer_id", unique=True, sqlite_where=THERE, postgresql_where=THERE),
        CheckConstraint(one_of("kind", SeatKind), name="kind"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    loop_id: Mapped[str] = mapped_column(ForeignKey("loops.id"), index=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("plan_sessions.id"), index=True)
    interviewer_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind_name: Mapped[str] = mapped_column("kind", String(10), default=SeatKind.LEAD.value)
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    card_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    freed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    freed_by: Mapped[str | None] = mapped_column(String(120))
    freed_because: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    loop: Mapped[Loop] = relationship(back_populates="seats")
    session: Mapped[PlanSession] = relationship(lazy="joined")
    interviewer: Mapped[Person] = relationship(lazy="joined")

    @property
    def kind(self) -> SeatKind:
        return SeatKind(self.kind_name)

    @property
    def is_lead(self) -> bool:
        return self.kind is SeatKind.LEAD

    @property
    def is_in(self) -> bool:
        return self.card_in_at is not None

    @property
    def is_freed(self) -> bool:
        return self.freed_at is not None

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.session.minutes) if self.starts_at else None

    @property
    def opening(self) -> Opening:
        return self.loop.opening

    # What the table of permissions asks of a card, it may ask of the card's seat.
    @property
    def is_on_record(self) -> bool:
        return self.is_in and not self.is_freed

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


class ConflictOfInterest(Model):
    """Why a person may not sit on the panel of a candidate."""

    __tablename__ = "conflicts_of_interest"
    __table_args__ = (UniqueConstraint("candidacy_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    candidacy_id: Mapped[str] = mapped_column(ForeignKey("candidacies.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[str] = mapped_column(String(120))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    person: Mapped[Person] = relationship(lazy="joined")


class CandidateSpan(Model):
    """When a candidate is free for interviews; without any, always."""

    __tablename__ = "candidate_spans"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="order"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    candidacy_id: Mapped[str] = mapped_column(ForeignKey("candidacies.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PlanTemplate(Model):
    """A plan to start from: its sessions, and what it asks of which skills. Saved again under its name, it is a new version."""

    __tablename__ = "plan_templates"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int] = mapped_column(default=1)
    about: Mapped[str] = mapped_column(Text, default="")
    skills: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    sessions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    is_shipped: Mapped[bool] = mapped_column(default=False)
    is_retired: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
