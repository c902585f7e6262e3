"""The terminal's door: sources and their contracts, one JSON object a line; each change audited."""

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from baton.command_line import Commands
from baton.errors import NotFound, Refused
from baton.http.problems import field_errors
from baton.messaging.command_line import say
from baton.transaction import Origin, Transaction
from baton.transactions import Transactions
from baton.vault import Vault, vault_of
from marketing_intake import queries
from marketing_intake.api.source_forms import SourceChange, SourceForm, contract_view, view
from marketing_intake.api.source_terms import change_of, drawn_source
from marketing_intake.handlers import source_secrets, sources
from marketing_intake.repository import catalogue

WHO: Final = "command line"
TERMS_HELP: Final = 'what is agreed, as JSON: {"vendor": "typeform", "per_second": 10}'
Terms = Annotated[str, typer.Argument(help=TERMS_HELP)]
F = TypeVar("F", bound=BaseModel)
Change = Callable[[Transaction], Awaitable[Any]]


def source_commands(commands: Commands) -> typer.Typer:
    """`list`, `show`, `versions`, `make`, `change`, and what is done with secrets and keys."""
    app = typer.Typer(help="Sources and what is agreed with them.", no_args_is_help=True)
    _add_looking(app, commands)
    _add_changing(app, commands)
    _add_secrets(app, commands)
    return app


def _add_looking(app: typer.Typer, commands: Commands) -> None:
    @app.command("list")
    def list_sources() -> None:
        """All sources, by name."""

        async def work(transactions: Transactions) -> list[dict[str, Any]]:
            async with transactions.read() as reader:
                return [view(source) for source in await catalogue.list_sources(reader)]

        for row in commands.in_database(work):
            say(row)

    @app.command("show")
    def show_source(source_id: str) -> None:
        """One source with its contract; of secrets only their ids."""

        async def work(transactions: Transactions) -> dict[str, Any]:
            return await _shown(transactions, source_id)

        say(commands.in_database(work))

    _add_versions(app, commands)


def _add_versions(app: typer.Typer, commands: Commands) -> None:
    @app.command("versions")
    def list_versions(source_id: str) -> None:
        """What was agreed with a source, newest first."""

        async def work(transactions: Transactions) -> list[dict[str, Any]]:
            async with transactions.read() as reader:
                return await queries.contract_versions(reader, source_id)

        for row in commands.in_database(work):
            say(row)


async def _shown(transactions: Transactions, source_id: str) -> dict[str, Any]:
    async with transactions.read() as reader:
        source = await catalogue.find_source(reader, source_id)
    if source is None:
        raise NotFound("there is no such source", field="source_id")
    return contract_view(source).model_dump(mode="json")


def _add_changing(app: typer.Typer, commands: Commands) -> None:
    @app.command("make")
    def make_source(terms: Terms) -> None:
        """Make a source; its key is shown this once. A vendor's secret is read from the input."""
        form = _parsed(SourceForm, terms)
        secret = None if form.vendor is None else sys.stdin.readline().rstrip("\n") or None

        async def work(tx: Transaction) -> dict[str, Any]:
            made = await sources.create_source(
                drawn_source(form), secret, tx,
                vault=_vault(commands), who=WHO, origin=Origin.fresh(),
            )  # fmt: skip
            return view(made.source) | {"api_key": made.api_key}

        say(_committed(commands, work))

    @app.command("change")
    def change_source(source_id: str, terms: Terms) -> None:
        """Change what is agreed with a source; what is not named stays."""
        change = change_of(_parsed(SourceChange, terms), source_id, _vault(commands))

        async def work(tx: Transaction) -> dict[str, Any]:
            source = await sources.change_source(
                source_id, change, tx, what="source changed", who=WHO, origin=Origin.fresh()
            )
            return contract_view(source).model_dump(mode="json")

        say(_committed(commands, work))


def _add_secrets(app: typer.Typer, commands: Commands) -> None:
    @app.command("add-secret")
    def add_secret(source_id: str) -> None:
        """Make a secret active beside the one before; one that a vendor made is read from input."""
        given = sys.stdin.readline().rstrip("\n") or None

        async def work(tx: Transaction) -> dict[str, str]:
            made, text = await source_secrets.add_secret(
                source_id, given, tx, vault=_vault(commands), who=WHO, origin=Origin.fresh()
            )
            return {"secret_id": made, "secret": text}

        say(_committed(commands, work))

    @app.command("end-secret")
    def end_secret(source_id: str, secret_id: str) -> None:
        """End a secret."""
        _committed(
            commands,
            lambda tx: source_secrets.end_secret(
                source_id, secret_id, tx, who=WHO, origin=Origin.fresh()
            ),
        )
        say({"ended": secret_id})

    @app.command("add-key")
    def add_key(source_id: str) -> None:
        """Make an API key beside the one before."""

        async def work(tx: Transaction) -> dict[str, str]:
            key_id, text = await source_secrets.add_key(source_id, tx, who=WHO)
            return {"key_id": key_id, "key": text}

        say(_committed(commands, work))

    @app.command("end-key")
    def end_key(source_id: str, key_id: str) -> None:
        """End one of the source's keys."""
        _committed(commands, lambda tx: source_secrets.end_key(source_id, key_id, tx, who=WHO))
        say({"ended": key_id})


def _committed(commands: Commands, change: Change) -> Any:  # noqa: ANN401 whatever the change returns
    async def work(transactions: Transactions) -> Any:  # noqa: ANN401 as above
        async with transactions.begin() as tx:
            return await change(tx)

    return commands.in_database(work)


def _parsed(form: type[F], terms: str) -> F:
    try:
        return form.model_validate_json(terms)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        first = field_errors(faults)[0]
        raise Refused(f"{first['pointer']}: {first['detail']}") from None


def _vault(commands: Commands) -> Vault:
    return vault_of(commands.parts().settings)
