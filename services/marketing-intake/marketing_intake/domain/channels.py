"""The channel catalogue: by which doors marketing reaches people, online and offline."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baton.contracts.vocabulary import Channel


class ChannelGroup(StrEnum):
    """Whether a channel leaves a trace by itself, or somebody has to write down what it brought."""

    ONLINE = "online"
    OFFLINE = "offline"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """A channel as the catalogue has it: what it is called, and what belongs there."""

    channel: Channel
    group: ChannelGroup
    title: str
    examples: tuple[str, ...] = ()


_ONLINE, _OFFLINE, _EITHER = ChannelGroup.ONLINE, ChannelGroup.OFFLINE, ChannelGroup.EITHER
CATALOGUE: Final = (
    ChannelEntry(Channel.DIRECT, _ONLINE, "Direct", ("typed address", "bookmark")),
    ChannelEntry(Channel.ORGANIC_SEARCH, _ONLINE, "Organic search", ("search engine",)),
    ChannelEntry(Channel.PAID_SEARCH, _ONLINE, "Paid search", ("search ad", "ad lead form")),
    ChannelEntry(Channel.SOCIAL, _ONLINE, "Social", ("post", "message", "social selling by a rep")),
    ChannelEntry(Channel.PAID_SOCIAL, _ONLINE, "Paid social", ("sponsored post", "lead ad")),
    ChannelEntry(Channel.EMAIL, _ONLINE, "E-mail", ("newsletter", "reply", "sequence")),
    ChannelEntry(Channel.DISPLAY, _ONLINE, "Display", ("banner", "video ad")),
    ChannelEntry(Channel.EVENT, _OFFLINE, "Event", ("trade show", "conference", "open day")),
    ChannelEntry(Channel.PHONE, _OFFLINE, "Phone", ("inbound call", "outbound call", "hotline")),
    ChannelEntry(
        Channel.PRINT, _OFFLINE, "Print", ("newspaper", "letter", "brochure", "gift", "billboard")
    ),
    ChannelEntry(Channel.BROADCAST, _OFFLINE, "Broadcast", ("television", "radio", "cinema")),
    ChannelEntry(
        Channel.REFERRAL, _EITHER, "Referral", ("customer's advice", "link", "former customer")
    ),
    ChannelEntry(Channel.PARTNER, _EITHER, "Partner", ("reseller", "franchise", "association")),
    ChannelEntry(Channel.OTHER, _EITHER, "Other"),
    ChannelEntry(Channel.UNKNOWN, _EITHER, "Unknown"),
)
"""In the order in which they are shown; a test keeps every channel in it, once."""
TITLES: Final = {entry.channel: entry.title for entry in CATALOGUE}
