"""The channel catalogue: what can be named, and how many sources name it."""

from collections import Counter
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marketing_intake.domain.channels import CATALOGUE, ChannelGroup
from marketing_intake.repository import catalogue
from marketing_intake.web.room import Room, Signed

WORDS: Final = {
    ChannelGroup.ONLINE: "Online: they leave a trace by themselves",
    ChannelGroup.OFFLINE: "Offline: somebody writes down what they brought",
    ChannelGroup.EITHER: "Either",
}


def add_channels(router: APIRouter, room: Room) -> None:
    """`/channels`."""

    @router.get("/channels")
    async def channels_page(request: Request, person: Signed) -> Response:
        async with room.read() as reader:
            sources = await catalogue.list_sources(reader)
        counts = Counter(source.channel for source in sources)
        groups = [
            (words, [entry for entry in CATALOGUE if entry.group is group])
            for group, words in WORDS.items()
        ]
        return room.show(request, "channels.html", person, groups=groups, counts=counts)
