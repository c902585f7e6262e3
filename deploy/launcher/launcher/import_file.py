"""`baton import`: a file of leads sent to marketing-intake, followed to its end, and told of."""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from launcher.errors import CannotStart
from launcher.installation import Installation
from launcher.settings import read_launch_settings

KEY_SETTING: Final = "BATON_API_KEY"
INTAKE: Final = "marketing-intake"
PIECE_BYTES: Final = 256 * 1024
LOOK_EVERY_SECONDS: Final = 0.2
TIMEOUT_SECONDS: Final = 60.0
SHOWN_CHARACTERS: Final = 40
ENDS: Final = frozenset({"ended", "cancelled", "failed"})

console = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was asked for."""

    file: Path
    source: str
    options: dict[str, str | Sequence[str]]
    is_new: bool


def import_file(  # noqa: PLR0913 a command has the options that a file may need
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    source: Annotated[str, typer.Option(help="whose leads they are: a source's name or id")],
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="column=field, as often as needed")
    ] = None,
    *,
    delimiter: Annotated[str, typer.Option(help="comma, semicolon, tab or pipe")] = "",
    encoding: Annotated[str, typer.Option(help="utf-8, utf-16 or windows-1252")] = "",
    header: Annotated[
        bool | None, typer.Option("--header/--no-header", help="whether names come first")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show it, and keep nothing")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="even if this very file was imported before")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="what came of it as JSON")] = False,
    url: Annotated[str, typer.Option(help="marketing-intake; by default this machine's")] = "",
) -> None:
    """Import a file of leads (CSV or JSON lines); exits with 0 when no row was refused.

    Speaks to what `baton up` runs here, or to --url with the key in BATON_API_KEY.
    """
    told = {"delimiter": delimiter, "encoding": encoding, "name": file.name[:200]}
    options: dict[str, str | Sequence[str]] = {name: text for name, text in told.items() if text}
    if header is not None:
        options["has_header"] = str(header).lower()
    wanted = Wanted(file, source, options | {"map": mapping or []}, is_new=again)
    try:
        with _client(url) as client:
            outcome = _preview(client, wanted) if dry_run else _import(client, wanted)
    except httpx.TransportError:
        raise CannotStart(
            "Nothing answers there: start it with `baton up`, or name --url."
        ) from None
    if as_json:
        sys.stdout.write(json.dumps(outcome) + "\n")
    is_short = outcome.get("refused", outcome.get("would_be_refused"))
    if is_short or outcome.get("reason") or outcome.get("held_until"):
        sys.exit(1)


def _client(url: str) -> httpx.Client:
    key = os.environ.get(KEY_SETTING, "")
    if not url:
        installation = Installation(read_launch_settings(), lambda _: None)
        installation.read_keys()
        url, key = installation.url(INTAKE), key or installation.keys.get(INTAKE, "")
    if not key:
        raise CannotStart(f"{KEY_SETTING} must hold a key of marketing-intake.")
    headers = {"authorization": f"Bearer {key}"}
    return httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS)


def _import(client: httpx.Client, wanted: Wanted) -> dict[str, Any]:
    """Send, follow, tell; returns the import as it ended."""
    with _bars() as bars:
        sent, answer = _send(client, wanted, bars)
        if "idempotent-replayed" in answer.headers:
            console.print("This very file was imported before: nothing is done (see --again).")
        outcome = _followed(client, sent["import_id"], bars)
    console.print(
        f"{outcome['rows']} rows: {outcome['taken']} taken, {outcome['refused']} refused"
        f"{_of_the_forgotten(outcome)}"
        f" ({outcome['status']}, {outcome['rows_per_second'] or 0:,.0f} rows/s)."
    )
    if outcome["held_until"]:
        console.print(
            "Its source has sent what is agreed for a day. The import goes on of itself"
            f" at {outcome['held_until']}, or as soon as more is agreed."
        )
    if outcome["reason"]:
        console.print(f"It did not come to its end: {outcome['reason']}.", style="bold red")
    if outcome["refused"] or outcome["suppressed"]:
        _tell_faults(outcome["faults"])
        _save_refused(client, outcome["import_id"], wanted.file)
    return outcome


def _of_the_forgotten(outcome: dict[str, Any]) -> str:
    count = outcome["suppressed"]
    return f", {count} of people who asked to be forgotten" if count else ""


def _preview(client: httpx.Client, wanted: Wanted) -> dict[str, Any]:
    with _bars() as bars:
        seen, _ = _send(client, wanted, bars, dry_run="true")
    table = Table(title="The first rows as they would be read", title_justify="left")
    fields = list(dict.fromkeys(name for row in seen["rows"] for name in row["fields"] or ()))
    for name in ("row", *fields, "fault"):
        table.add_column(name)
    for row in seen["rows"]:
        values = [str((row["fields"] or {}).get(name, ""))[:SHOWN_CHARACTERS] for name in fields]
        fault = ": ".join(filter(None, (row["field"], row["detail"])))
        table.add_row(str(row["row"]), *values, fault)
    console.print(table)
    unread = [name for name in seen["columns"] if name not in seen["mapping"]]
    if unread:
        console.print(f"Kept, but not read: {', '.join(unread)} (see --map).")
    part = "the file" if seen["is_whole_file"] else "its beginning"
    console.print(
        f"Of {part}, {seen['checked']} rows were looked at: {seen['would_be_taken']} would be"
        f" taken, {seen['would_be_refused']} refused. Nothing was kept."
    )
    _tell_faults(seen["faults"])
    return seen


def _send(
    client: httpx.Client, wanted: Wanted, bars: Progress, **more: str
) -> tuple[dict[str, Any], httpx.Response]:
    size = wanted.file.stat().st_size
    task = bars.add_task("sending", total=size)
    headers = {"content-type": "application/octet-stream", "content-length": str(size)}
    source_id = _source_id(client, wanted.source)
    params = wanted.options | {"source_id": source_id} | more
    if not wanted.is_new and not more:
        headers["idempotency-key"] = _fingerprint(wanted, source_id)
    answer = client.post(
        "/v1/imports", content=_pieces(wanted.file, bars, task), params=params, headers=headers
    )
    sent: dict[str, Any] = _checked(answer)
    return sent, answer


def _pieces(file: Path, bars: Progress, task: TaskID) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            yield piece
            bars.update(task, advance=len(piece))


def _followed(client: httpx.Client, import_id: str, bars: Progress) -> dict[str, Any]:
    task: TaskID | None = None
    while True:
        shown: dict[str, Any] = _checked(client.get(f"/v1/imports/{import_id}"))
        if task is None:
            task = bars.add_task("reading", total=shown["size_bytes"])
        bars.update(task, completed=shown["size_bytes"] * shown["percent"] / 100)
        if shown["status"] in ENDS or shown["held_until"]:
            return shown
        time.sleep(LOOK_EVERY_SECONDS)


def _tell_faults(faults: Sequence[dict[str, Any]]) -> None:
    for fault in faults:
        what = ": ".join(filter(None, (fault["field"], fault["detail"])))
        console.print(f"  {fault['rows']:>7} x {what}")


def _save_refused(client: httpx.Client, import_id: str, file: Path) -> None:
    path = file.with_name(f"{file.stem}.refused.csv")
    with client.stream("GET", f"/v1/imports/{import_id}/errors") as answer:
        if not answer.is_success:
            console.print(f"The refused rows are at {answer.url}, for a key with pii:read.")
            return
        with path.open("wb") as opened:
            for piece in answer.iter_bytes():
                opened.write(piece)
    console.print(f"The refused rows are in {path}: mend them there, and import that.")


def _source_id(client: httpx.Client, source: str) -> str:
    for one in _checked(client.get("/v1/sources")):
        if source in (one["name"], one["source_id"]):
            return str(one["source_id"])
    raise CannotStart(f"There is no source called {source}.")


def _fingerprint(wanted: Wanted, source_id: str) -> str:
    digest = hashlib.sha256(repr((source_id, sorted(wanted.options.items()))).encode())
    with wanted.file.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _checked(answer: httpx.Response) -> Any:  # noqa: ANN401 whatever JSON comes back
    if answer.is_success:
        return answer.json()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError):
        detail = answer.reason_phrase
    raise CannotStart(f"marketing-intake answered {answer.status_code}: {detail}.")


def _bars() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)
