"""First version: everything of `storage.tables`, and triggers that keep the history append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SQLITE = """
CREATE TRIGGER events_no_{word} BEFORE {verb} ON events
BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
"""
_POSTGRES = (
    """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$
""",
    """
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
""",
)


def upgrade() -> None:
    """Make the tables and the triggers."""
    op.create_table(
        "areas",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=128), nullable=False),
        sa.Column("parent", sa.String(length=128), nullable=True),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_areas"),
        sa.UniqueConstraint("code", name="uq_areas_code"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("receipt", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("grade", sa.String(length=128), nullable=False),
        sa.Column("topic", sa.String(length=128), nullable=False),
        sa.Column("stage", sa.String(length=128), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=128), nullable=False),
        sa.Column("village", sa.String(length=128), nullable=True),
        sa.Column("town", sa.String(length=128), nullable=True),
        sa.Column("county", sa.String(length=128), nullable=False),
        sa.Column("household", sa.String(length=128), nullable=True),
        sa.Column("handler", sa.String(length=128), nullable=True),
        sa.Column("lead", sa.String(length=128), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("receipt", name="uq_cases_receipt"),
    )
    op.create_index(
        "ix_cases_due", "cases", ["due_at"], sqlite_where=sa.text("open = 1"), postgresql_where=sa.text("open")
    )
    op.create_index("ix_cases_handler", "cases", ["handler"])
    op.create_index("ix_cases_household", "cases", ["household", "opened_at"])
    op.create_index("ix_cases_opened", "cases", ["opened_at"])
    op.create_index("ix_cases_village", "cases", ["village", "topic", "opened_at"])
    op.create_table(
        "conversations",
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("person", name="pk_conversations"),
    )
    op.create_table(
        "departments",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_departments"),
        sa.UniqueConstraint("id", name="uq_departments_id"),
    )
    op.create_table(
        "digests",
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "person", "slot", name="pk_digests"),
    )
    op.create_table(
        "households",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("village", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("helper", sa.String(length=128), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_households"),
        sa.UniqueConstraint("id", name="uq_households_id"),
    )
    op.create_index("ix_households_village", "households", ["village"])
    op.create_table(
        "inbox",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=128), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_inbox"),
        sa.UniqueConstraint("channel", "key", name="uq_inbox_channel_key"),
        sa.UniqueConstraint("id", name="uq_inbox_id"),
    )
    op.create_index("ix_inbox_sender", "inbox", ["sender"])
    op.create_index(
        "ix_inbox_unanswered",
        "inbox",
        ["place"],
        sqlite_where=sa.text("answered = 0"),
        postgresql_where=sa.text("NOT answered"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "persons",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=128), nullable=False),
        sa.Column("area", sa.String(length=128), nullable=True),
        sa.Column("department", sa.String(length=128), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_persons"),
        sa.UniqueConstraint("id", name="uq_persons_id"),
    )
    op.create_table(
        "visits",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household", sa.String(length=128), nullable=True),
        sa.Column("village", sa.String(length=128), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_visits"),
        sa.UniqueConstraint("id", name="uq_visits_id"),
    )
    op.create_index("ix_visits_by", "visits", ["by"])
    op.create_table(
        "addresses",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=128), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name="fk_addresses_person"),
        sa.PrimaryKeyConstraint("place", name="pk_addresses"),
        sa.UniqueConstraint("channel", "address", name="uq_addresses_channel_address"),
        sa.UniqueConstraint("id", name="uq_addresses_id"),
    )
    op.create_index("ix_addresses_person", "addresses", ["person"])
    op.create_table(
        "case_facts",
        sa.Column("case", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_case_facts_case"),
        sa.PrimaryKeyConstraint("case", name="pk_case_facts"),
    )
    op.create_table(
        "case_sight",
        sa.Column("case", sa.String(length=128), nullable=False),
        sa.Column("token", sa.String(length=192), nullable=False),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_case_sight_case"),
        sa.PrimaryKeyConstraint("case", "token", "barred", name="pk_case_sight"),
    )
    op.create_index("ix_case_sight_token", "case_sight", ["token", "barred"])
    op.create_table(
        "events",
        sa.Column("case", sa.String(length=128), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=True),
        sa.Column("to", sa.String(length=128), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_events_case"),
        sa.PrimaryKeyConstraint("case", "seq", name="pk_events"),
    )
    op.create_table(
        "notices",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.Column("case", sa.String(length=128), nullable=True),
        sa.Column("step", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spread", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_notices_case"),
        sa.PrimaryKeyConstraint("place", name="pk_notices"),
        sa.UniqueConstraint("id", name="uq_notices_id"),
        sa.UniqueConstraint("once", name="uq_notices_once"),
    )
    op.create_index("ix_notices_case", "notices", ["case"])
    op.create_index(
        "ix_notices_queued",
        "notices",
        ["place"],
        sqlite_where=sa.text("spread = 0"),
        postgresql_where=sa.text("NOT spread"),
    )
    op.create_table(
        "reports",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("case", sa.String(length=128), nullable=False),
        sa.Column("receipt", sa.String(length=128), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("reporter", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_reports_case"),
        sa.PrimaryKeyConstraint("place", name="pk_reports"),
        sa.UniqueConstraint("id", name="uq_reports_id"),
        sa.UniqueConstraint("receipt", name="uq_reports_receipt"),
    )
    op.create_index("ix_reports_case", "reports", ["case"])
    op.create_index("ix_reports_reporter", "reports", ["reporter"])
    op.create_table(
        "parcels",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=128), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=128), nullable=True),
        sa.Column("offers", sa.Boolean(), nullable=False),
        sa.Column("buttons", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name="fk_parcels_notice"),
        sa.PrimaryKeyConstraint("place", name="pk_parcels"),
        sa.UniqueConstraint("id", name="uq_parcels_id"),
        sa.UniqueConstraint("once", name="uq_parcels_once"),
    )
    op.create_index("ix_parcels_notice", "parcels", ["notice"])
    op.create_index("ix_parcels_person", "parcels", ["person", "state", "place"])
    op.create_index(
        "ix_parcels_waiting",
        "parcels",
        ["next_try"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    _keep_history()


def _keep_history() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(word=verb.lower(), verb=verb))
    else:
        for statement in _POSTGRES:
            op.execute(statement)
