"""The migrated database is what the models say, and can be taken back."""

import asyncio

from baton import migrations
from lead_scoring.tables import METADATA
from support.databases import MIGRATIONS, Templates


async def test_models_and_migrations_agree(templates: Templates) -> None:
    url = await templates.copy("lead_scoring")

    assert await migrations.differences(url, METADATA) == []


async def test_migrations_can_be_taken_back_and_made_again(templates: Templates) -> None:
    url = await templates.copy("lead_scoring")
    folder = MIGRATIONS["lead_scoring"]

    await asyncio.to_thread(migrations.downgrade, folder, url, "base")
    await asyncio.to_thread(migrations.upgrade, folder, url)

    assert await migrations.differences(url, METADATA) == []


def test_no_column_may_hold_personal_data_unmarked() -> None:
    own = {"policies", "active_policy", "facts", "leads", "receipts", "consents", "outcomes"}
    suspicious = {"email", "phone", "name", "given_name", "family_name", "company", "message"}

    columns = {column.name for name in own for column in METADATA.tables[name].columns}

    assert not columns & suspicious
