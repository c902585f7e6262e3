"""Publications and what follows them, what drafts would have changed, and names of sources."""

from alembic import op

revision = "0004"
down_revision = "0003"

UPGRADE = (
    """
    create table publications (
      number integer primary key,
      version integer not null,
      is_rollback boolean not null,
      published_at timestamptz not null,
      published_by text not null,
      correlation_id uuid not null,
      traceparent text,
      position uuid,
      people integer not null,
      people_total integer not null,
      said integer not null,
      started_at timestamptz,
      ended_at timestamptz
    )
    """,
    # What was published before scores nobody anew.
    """
    insert into publications
    select row_number() over (order by published_at, version), version, false, published_at,
      published_by, gen_random_uuid(), null, null, 0, 0, 0, published_at, published_at
    from policies where published_at is not null
    """,
    "alter table active_policy add column publication integer",
    "update active_policy set publication = (select max(number) from publications)",
    "alter table active_policy alter column publication set not null",
    """
    create table diffs (
      id uuid primary key,
      version integer not null,
      against integer not null,
      since timestamptz,
      until timestamptz not null,
      status text not null,
      position uuid,
      people integer not null,
      people_total integer not null,
      created_at timestamptz not null,
      created_by text not null,
      started_at timestamptz,
      ended_at timestamptz
    )
    """,
    """
    create table diff_counts (
      diff_id uuid, source_id uuid, side text, people integer not null, won integer not null,
      primary key (diff_id, source_id, side)
    )
    """,
    """
    create table diff_amounts (
      diff_id uuid, source_id uuid, side text, currency text, amount numeric(26, 6) not null,
      primary key (diff_id, source_id, side, currency)
    )
    """,
    """
    create table diff_people (
      diff_id uuid,
      person_id uuid,
      side text not null,
      source_id uuid not null,
      decided_at timestamptz not null,
      points_before double precision not null,
      points_after double precision not null,
      won integer not null,
      reasons jsonb not null,
      primary key (diff_id, person_id)
    )
    """,
    "create index diff_people_side on diff_people (diff_id, side, person_id)",
    "create index outcomes_person on outcomes (person_id)",
    # It costs next to nothing to keep, and finds the days that a page shows.
    "create index facts_happened on facts using brin (happened_at)",
    "create table sources (id uuid primary key, name text not null)",
)
DOWNGRADE = (
    "drop table sources",
    "drop index facts_happened",
    "drop index outcomes_person",
    "drop table diff_people",
    "drop table diff_amounts",
    "drop table diff_counts",
    "drop table diffs",
    "alter table active_policy drop column publication",
    "drop table publications",
)


def upgrade() -> None:
    """Make them."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for statement in DOWNGRADE:
        op.execute(statement)
