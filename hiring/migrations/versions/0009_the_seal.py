"""the seal: its kind, its breaking, which cards are in, and seats that were freed with what was written in them."""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PLACE = "uq_seats_loop_id_interviewer_id"
ONE_PLACE = "ix_seats_one_place"
OLD = ("id", "loop_id", "session_id", "interviewer_id", "kind", "starts_at", "zone", "created_at")


def _new_columns() -> list[sa.Column]:
    return [
        sa.Column("card_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("freed_by", sa.String(length=120), nullable=True),
        sa.Column("freed_because", sa.Text(), nullable=True),
    ]


def upgrade() -> None:
    for table in ("openings", "loops"):
        check = f"CONSTRAINT ck_{table}_seal CHECK (seal IN ('reveal', 'own'))"
        op.execute(f"ALTER TABLE {table} ADD COLUMN seal VARCHAR(20) DEFAULT 'reveal' NOT NULL {check}")
    op.add_column("loops", sa.Column("early_because", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _make_seats_anew(*_new_columns())
    else:
        for column in _new_columns():
            op.add_column("seats", column)
        op.drop_constraint(PLACE, "seats", type_="unique")
    there = sa.text("freed_at IS NULL")
    op.create_index(ONE_PLACE, "seats", ["loop_id", "interviewer_id"], unique=True, sqlite_where=there, postgresql_where=there)
    op.execute(
        "UPDATE seats SET card_in_at = (SELECT scorecards.submitted_at FROM scorecards"
        " WHERE scorecards.seat_id = seats.id AND scorecards.state = 'submitted')"
    )
    # A loop is under way from the first card that is in, no longer from the first draft.
    op.execute(
        "UPDATE loops SET state = 'scheduled' WHERE state = 'under way' AND NOT EXISTS"
        " (SELECT 1 FROM seats WHERE seats.loop_id = loops.id AND seats.card_in_at IS NOT NULL)"
    )


def downgrade() -> None:
    # What was written in a freed seat was a shadow's card before; the other freed seats were deleted.
    op.execute("DELETE FROM seats WHERE freed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scorecards WHERE scorecards.seat_id = seats.id)")
    op.execute("UPDATE seats SET kind = 'shadow' WHERE freed_at IS NOT NULL")
    op.drop_index(ONE_PLACE, table_name="seats")
    if op.get_bind().dialect.name == "sqlite":
        _make_seats_anew(sa.UniqueConstraint("loop_id", "interviewer_id", name=op.f(PLACE)))
    else:
        for column in _new_columns():
            op.drop_column("seats", column.name)
        op.create_unique_constraint(op.f(PLACE), "seats", ["loop_id", "interviewer_id"])
    op.drop_column("loops", "early_because")
    for table in ("loops", "openings"):
        op.drop_column(table, "seal")


def _make_seats_anew(*more: sa.schema.SchemaItem) -> None:
    """SQLite can drop no constraint. By hand, for a batch writes the references in another order each time."""
    op.create_table(
        "seats_anew",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("loop_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("interviewer_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('lead', 'shadow')", name=op.f("ck_seats_kind")),
        sa.ForeignKeyConstraint(["interviewer_id"], ["people.id"], name=op.f("fk_seats_interviewer_id_people")),
        sa.ForeignKeyConstraint(["loop_id"], ["loops.id"], name=op.f("fk_seats_loop_id_loops")),
        sa.ForeignKeyConstraint(["session_id"], ["plan_sessions.id"], name=op.f("fk_seats_session_id_plan_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        *more,
    )
    columns = ", ".join(OLD)
    op.execute(f"INSERT INTO seats_anew ({columns}) SELECT {columns} FROM seats")
    op.drop_table("seats")
    op.rename_table("seats_anew", "seats")
    for column in ("interviewer_id", "loop_id", "session_id"):
        op.create_index(op.f(f"ix_seats_{column}"), "seats", [column])
