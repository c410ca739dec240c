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
    op.add_column("card_revisions", sa.Column("key", sa.String(length=64), nullable=True))
    op.create_index("ix_card_revisions_scorecard_id_key", "card_revisions", ["scorecard_id", "key"], unique=True)
    op.add_column("scorecards", sa.Column("draft_salt", sa.String(length=64), nullable=True))
    cards = sa.table("scorecards", sa.column("id"), sa.column("state"), sa.column("draft_salt"))
    connection = op.get_bind()
    for (card_id,) in connection.execute(sa.select(cards.c.id).where(cards.c.state == "draft")).all():
        connection.execute(cards.update().where(cards.c.id == card_id).values(draft_salt=secrets.token_hex(32)))


def downgrade() -> None:
    op.drop_column("scorecards", "draft_salt")
    op.drop_index("ix_card_revisions_scorecard_id_key", table_name="card_revisions")
    op.drop_column("card_revisions", "key")
    op.drop_table("refused_texts")
