"""The audit trail: who did what to which thing, in the same transaction as the change. It never holds a mark."""

from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hiring.db import Model, UTCDateTime, db, now
from hiring.permissions import Actor

HIGHEST_ID = 2**63 - 1
"""The highest number that a database gives a row."""


class AuditEvent(Model):
    """One act; ids and names only, so that it outlives what it speaks of."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    actor_id: Mapped[str] = mapped_column(String(32), index=True)
    actor_name: Mapped[str] = mapped_column(String(120))
    act: Mapped[str] = mapped_column(String(80), index=True)
    thing_id: Mapped[str] = mapped_column(String(80), default="", index=True)
    detail: Mapped[str] = mapped_column(Text, default="")


def record(actor: Actor | None, act: str, thing_id: str = "", detail: str = "", *, session: Session | None = None) -> None:
    """Add one event to the running transaction. `act` is dotted: the feature, then the verb (`loops.publish_plan`)."""
    event = AuditEvent(
        actor_id=actor.id if actor else "", actor_name=actor.name if actor else "Nobody", act=act, thing_id=thing_id, detail=detail
    )
    (session or db.session).add(event)


def list_events(*, act: str = "", before: int | None = None, limit: int = 100) -> list[AuditEvent]:
    """The newest events first, at most `limit`, from before the event id `before`."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    if act:
        query = query.where(AuditEvent.act.startswith(act, autoescape=True))
    if before is not None:
        query = query.where(AuditEvent.id < before)
    return list(db.session.scalars(query))
