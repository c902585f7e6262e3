"""Load at a steady pace over a few kept-alive connections, cheap enough to share the machine."""

import asyncio
import json
import time
from collections import deque
from typing import Final
from urllib.parse import urlsplit

CONNECTIONS: Final = 16


class Pacer:
    """Posts leads one by one, each at its moment."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._head = (
            f"POST /v1/leads HTTP/1.1\r\nhost: {parts.netloc}\r\n"
            f"content-type: application/json\r\nauthorization: Bearer {key}\r\ncontent-length: "
        )

    async def post(self, run: str, *, per_second: int, seconds: float) -> int:
        """Post that many leads; returns how many there were. Fails when one is not taken."""
        count = round(per_second * seconds)
        started = time.perf_counter()
        due = deque((n, started + n / per_second) for n in range(count))
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(self._work(run, due))
        return count

    async def _work(self, run: str, due: deque[tuple[int, float]]) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        while due:
            number, moment = due.popleft()
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            writer.write(self._request(run, number))
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            assert b" 202" in lines[0], f"a lead was answered {lines[0]!r}"
            length = next(line for line in lines if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
        writer.close()

    def _request(self, run: str, number: int) -> bytes:
        lead = {
            "email": f"p{run}.{number}@crumpet{number % 97}.org",
            "given_name": "Ada",
            "company": "Crumpet",
            "country": "GB",
            "consent": ["contact"],
        }
        body = json.dumps(lead)
        return f"{self._head}{len(body)}\r\n\r\n{body}".encode()
