"""Second version: web phones with their mailboxes and what comes with a message. One function for each matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from storage.backfill import chain_what_is_there

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns."""
    _web()
    _people()
    _sealed()
    _queue()
    _history()


def _history() -> None:
    """The chained history, its daily anchors, and the ledger (台账). What happened so far is chained once, here."""
    op.add_column("cases", sa.Column("head", sa.String(length=64), nullable=True))
    op.add_column("cases", sa.Column("anchored", sa.Integer(), server_default=sa.text("0"), nullable=False))
    moved = sa.text("seq > anchored")
    op.create_index("ix_cases_moved", "cases", ["id"], sqlite_where=moved, postgresql_where=moved)
    op.add_column("events", sa.Column("digest", sa.String(length=64), nullable=True))
    op.create_table(
        "anchors",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_anchors"),
        sa.UniqueConstraint("at", name="uq_anchors_at"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.String(length=128), nullable=False),
        sa.Column("household", sa.String(length=128), nullable=False),
        sa.Column("village", sa.String(length=128), nullable=True),
        sa.Column("town", sa.String(length=128), nullable=True),
        sa.Column("county", sa.String(length=128), nullable=False),
        sa.Column("step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("anchored", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
        sa.UniqueConstraint("number", name="uq_ledger_number"),
    )
    for name in ("household", "village", "town", "step_at"):
        op.create_index(f"ix_ledger_{name}", "ledger", [name])
    op.create_table(
        "ledger_events",
        sa.Column("entry", sa.String(length=128), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("entry", "seq", name="pk_ledger_events"),
        sa.ForeignKeyConstraint(["entry"], ["ledger.id"], name="fk_ledger_events_entry"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_events_no_{verb.lower()} BEFORE {verb} ON ledger_events "
                "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER ledger_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    chain_what_is_there(op.get_bind(), context.config.attributes["vault"])


def _queue() -> None:
    """When a case closed and last missed a limit, the names of departments by date, and the visit plan."""
    for name in ("closed_at", "breached_at"):
        op.add_column("cases", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.create_index(f"ix_cases_{name.removesuffix('_at')}", "cases", [name])
    op.create_index("ix_cases_stage", "cases", ["stage"])
    op.add_column("departments", sa.Column("names", sa.JSON(), nullable=True))
    op.create_table(
        "visit_plans",
        sa.Column("household", sa.String(length=128), nullable=False),
        sa.Column("village", sa.String(length=128), nullable=False),
        sa.Column("town", sa.String(length=128), nullable=True),
        sa.Column("county", sa.String(length=128), nullable=True),
        sa.Column("known", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("household", name="pk_visit_plans"),
        sa.ForeignKeyConstraint(["household"], ["households.id"], name="fk_visit_plans_household"),
    )
    for name in ("village", "town", "county"):
        op.create_index(f"ix_visit_plans_{name}", "visit_plans", [name, "due"])


def _web() -> None:
    op.create_table(
        "media",
        sa.Column("said", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("said", name="pk_media"),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
    )
    op.create_table(
        "mailbox",
        sa.Column("parcel", sa.String(length=128), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("parcel", name="pk_mailbox"),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name="fk_mailbox_device"),
        sa.UniqueConstraint("device", "number", name="uq_mailbox_device_number"),
    )


def _people() -> None:
    """Who came, is away, left or is on duty; invitations; wrong codes; what was opened."""
    place = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name in ("left_at", "away_until"):
        op.add_column("persons", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("persons", sa.Column("deputy", sa.String(length=128), nullable=True))
    op.add_column("parcels", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notices", sa.Column("watched", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_notices_watched",
        "notices",
        ["place"],
        sqlite_where=sa.text("watched = 1"),
        postgresql_where=sa.text("watched"),
    )
    op.create_table(
        "invites",
        sa.Column("place", place, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("place", name="pk_invites"),
        sa.UniqueConstraint("id", name="uq_invites_id"),
        sa.UniqueConstraint("token", name="uq_invites_token"),
        sa.UniqueConstraint("code", name="uq_invites_code"),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name="fk_invites_person"),
    )
    op.create_index("ix_invites_person", "invites", ["person"])
    op.create_table(
        "tries",
        sa.Column("place", place, autoincrement=True, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_tries"),
    )
    op.create_index("ix_tries_who", "tries", ["who", "at"])
    op.create_table(
        "duties",
        sa.Column("place", place, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("desk", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_duties"),
        sa.UniqueConstraint("id", name="uq_duties_id"),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name="fk_duties_person"),
    )
    op.create_index("ix_duties_desk", "duties", ["desk"])


def _sealed() -> None:
    place = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "followups",
        sa.Column("place", place, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_followups"),
        sa.UniqueConstraint("id", name="uq_followups_id"),
    )
    op.create_index("ix_followups_due_at", "followups", ["due_at"])
    op.create_table(
        "accesses",
        sa.Column("place", place, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_accesses"),
        sa.UniqueConstraint("id", name="uq_accesses_id"),
    )
