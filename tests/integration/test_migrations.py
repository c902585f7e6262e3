"""Each service's migrated database is what its models say, and can be taken back."""

import asyncio

import pytest
from sqlalchemy import MetaData

from baton import migrations
from lead_scoring.tables import METADATA as SCORING
from marketing_intake.tables import METADATA as INTAKE
from sales_routing.tables import METADATA as ROUTING
from support.databases import MIGRATIONS, Templates

SERVICES = [("marketing_intake", INTAKE), ("lead_scoring", SCORING), ("sales_routing", ROUTING)]


@pytest.mark.parametrize(("service", "metadata"), SERVICES)
async def test_models_and_migrations_agree(
    templates: Templates, service: str, metadata: MetaData
) -> None:
    url = await templates.copy(service)

    assert await migrations.differences(url, metadata) == []


@pytest.mark.parametrize(("service", "metadata"), SERVICES)
async def test_migrations_can_be_taken_back_and_made_again(
    templates: Templates, service: str, metadata: MetaData
) -> None:
    url = await templates.copy(service)

    await asyncio.to_thread(migrations.downgrade, MIGRATIONS[service], url, "base")
    await asyncio.to_thread(migrations.upgrade, MIGRATIONS[service], url)

    assert await migrations.differences(url, metadata) == []
