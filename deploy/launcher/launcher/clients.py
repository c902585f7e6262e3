"""The three services as a launcher's stories speak to them: over their public HTTP APIs alone."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from launcher.installation import Installation

TIMEOUT_SECONDS: Final = 60.0


class WrongAnswer(Exception):
    """A service answered otherwise than the story counts on."""


@dataclass(frozen=True, slots=True)
class Services:
    """A client for each service, with its development key."""

    intake: httpx.AsyncClient
    scoring: httpx.AsyncClient
    routing: httpx.AsyncClient

    def all(self) -> dict[str, httpx.AsyncClient]:
        """By the service's name."""
        return {
            "marketing-intake": self.intake,
            "lead-scoring": self.scoring,
            "sales-routing": self.routing,
        }


@asynccontextmanager
async def connected(installation: Installation) -> AsyncIterator[Services]:
    """Clients for as long as the story lasts."""
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=installation.url(name),
                    headers={"authorization": f"Bearer {installation.keys[name]}"},
                    timeout=TIMEOUT_SECONDS,
                )
            )
            for name in ("marketing-intake", "lead-scoring", "sales-routing")
        ]
        yield Services(*clients)


async def send(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: object = None,
    **options: Any,  # noqa: ANN401 httpx knows
) -> Any:  # noqa: ANN401 whatever JSON comes back
    """One call that must succeed; returns its JSON. Raises `WrongAnswer`."""
    answer = await client.request(method, path, json=body, **options)
    if answer.status_code >= 400:
        raise WrongAnswer(f"{method} {path} was answered {answer.status_code}: {answer.text[:500]}")
    return answer.json() if answer.content else None


async def metric(client: httpx.AsyncClient, name: str) -> float:
    """The sum of a metric's samples, over all labels."""
    text = (await client.get("/metrics")).text
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in text.splitlines()
        if line.startswith((f"{name} ", f"{name}{{"))
    )


async def histogram(client: httpx.AsyncClient, name: str) -> list[tuple[float, float]]:
    """A histogram's cumulative buckets: upper bound in seconds, count."""
    text = (await client.get("/metrics")).text
    buckets = []
    for line in text.splitlines():
        if line.startswith(f"{name}_bucket{{le="):
            bound, count = line.split('"')[1], float(line.rsplit(" ", 1)[1])
            buckets.append((float("inf") if bound == "+Inf" else float(bound), count))
    return buckets


def quantile_ms(buckets: list[tuple[float, float]], share: float) -> float:
    """A quantile in milliseconds, interpolated within its bucket as Prometheus does."""
    if not buckets or not buckets[-1][1]:
        return 0.0
    wanted = share * buckets[-1][1]
    lower, below = 0.0, 0.0
    for bound, count in buckets:
        if count >= wanted:
            if bound == float("inf"):
                return lower * 1000
            inside = (wanted - below) / (count - below) if count > below else 1.0
            return (lower + (bound - lower) * inside) * 1000
        lower, below = bound, count
    return lower * 1000
