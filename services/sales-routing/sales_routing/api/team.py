"""The team by HTTP: reps, pools and rules, for whoever looks after them."""

from typing import Annotated

from fastapi import APIRouter, Depends

from baton.http import PROBLEMS, Identity, PathUuid, request_origin, require
from baton.parts import Frame
from baton.transaction import Origin
from sales_routing.api.team_forms import (
    PoolChange,
    PoolForm,
    PoolList,
    PoolView,
    RepChange,
    RepForm,
    RepList,
    RepStanding,
    RulesForm,
    RulesView,
    pool_view,
    rep_view,
    rules_view,
)
from sales_routing.handlers import team
from sales_routing.repository import boards
from sales_routing.repository import team as repository

Admin = Annotated[Identity, Depends(require("reps:admin"))]
Asked = Annotated[Origin, Depends(request_origin)]


def make_team_router(frame: Frame) -> APIRouter:
    """`/v1/reps`, `/v1/pools` and `/v1/rules`; every change is audited."""
    router = APIRouter(prefix="/v1", tags=["team"], responses=PROBLEMS)
    _add_reps(router, frame)
    _add_pools(router, frame)
    _add_rules(router, frame)
    return router


def _add_reps(router: APIRouter, frame: Frame) -> None:
    transactions = frame.transactions

    @router.post("/reps", status_code=201)
    async def create_rep(form: RepForm, identity: Admin, origin: Asked) -> RepStanding:
        """Add a rep; a pool makes them somebody who is asked."""
        async with transactions.begin() as tx:
            rep = await team.create_rep(form.details(), tx, who=identity.who, origin=origin)
        return rep_view(rep)

    @router.get("/reps")
    async def list_reps(_: Admin) -> RepList:
        """All reps, with how many prospects they hold."""
        async with transactions.read() as reader:
            return RepList(items=[rep_view(one) for one in await repository.reps(reader)])

    @router.patch("/reps/{rep_id}")
    async def change_rep(
        rep_id: PathUuid, form: RepChange, identity: Admin, origin: Asked
    ) -> RepStanding:
        """Change what is named; the rest stays. Who waits is tried again at once."""
        changes = form.model_dump(exclude_unset=True)
        async with transactions.begin() as tx:
            rep = await team.change_rep(rep_id, changes, tx, who=identity.who, origin=origin)
        return rep_view(rep)


def _add_pools(router: APIRouter, frame: Frame) -> None:
    transactions = frame.transactions

    @router.post("/pools", status_code=201)
    async def create_pool(form: PoolForm, identity: Admin) -> PoolView:
        """Add a pool with its members; a rule leads prospects to it."""
        async with transactions.begin() as tx:
            return pool_view(await team.create_pool(form.details(), tx, who=identity.who))

    @router.get("/pools")
    async def list_pools(_: Admin) -> PoolList:
        """All pools with their members."""
        async with transactions.read() as reader:
            return PoolList(items=[pool_view(one) for one in await repository.pools(reader)])

    @router.patch("/pools/{pool_id}")
    async def change_pool(pool_id: PathUuid, form: PoolChange, identity: Admin) -> PoolView:
        """Change what is named; the rest stays."""
        async with transactions.begin() as tx:
            pool = await team.change_pool(pool_id, form.changes(), tx, who=identity.who)
        return pool_view(pool)


def _add_rules(router: APIRouter, frame: Frame) -> None:
    transactions = frame.transactions

    @router.get("/rules")
    async def show_rules(_: Admin) -> RulesView:
        """The rules in force."""
        async with transactions.read() as reader:
            return rules_view(await boards.load_rulebook(reader))

    @router.put("/rules")
    async def replace_rules(form: RulesForm, identity: Admin) -> RulesView:
        """Put these rules in force as the next version; the first that matches decides."""
        async with transactions.begin() as tx:
            return rules_view(await team.put_rules(form.rulebook(), tx, who=identity.who))
