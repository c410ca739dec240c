"""drafts in browsers: the salt of their key, a name for each save, and what a card could no longer take."""

import secrets

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_texts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scorecard_id", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecards.id"], name=op.f("fk_refused_texts_scorecard_id_scorecards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_texts")),
    )
    with op.batch_alter_table("refused_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_texts_scorecard_id"), ["scorecard_id"], unique=False)
    with op.batch_alter_table("card_revisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_card_revisions_scorecard_id_key"), ["scorecard_id", "key"])
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("draft_salt", sa.String(length=64), nullable=True))
    cards = sa.table("scorecards", sa.column("id"), sa.column("state"), sa.column("draft_salt"))
    connection = op.get_bind()
    for (card_id,) in connection.execute(sa.select(cards.c.id).where(cards.c.state == "draft")).all():
        connection.execute(cards.update().where(cards.c.id == card_id).values(draft_salt=secrets.token_hex(32)))


def downgrade() -> None:
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.drop_column("draft_salt")
    with op.batch_alter_table("card_revisions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_card_revisions_scorecard_id_key"), type_="unique")
        batch_op.drop_column("key")
    op.drop_table("refused_texts")
