"""A token that may be used once: the same request again is nothing new, another is refused."""

from baton.transaction import Origin
from marketing_intake.api.committer import Committer
from marketing_intake.domain.draft import IgnoredDraft
from marketing_intake.handlers.hooks import Spent, once_key
from marketing_intake.handlers.submission import Replayed, SetAside, Submission
from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource


def a_submission(shop: MadeSource) -> Submission:
    """Something without a key of its own."""
    return Submission(shop.id, IgnoredDraft("delivered"), b"{}", "", Origin.fresh(), NOON)


async def test_a_token_opens_once(intake: IntakeDoor, shop: MadeSource) -> None:
    committer = Committer(intake.opened.service.transactions, queue_max=10, leads_max=10)
    this, other = once_key("token", b"this"), once_key("token", b"other")

    first = await committer.commit_once([a_submission(shop)], this)
    again = await committer.commit_once([a_submission(shop)], this)
    forged = await committer.commit_once([a_submission(shop)], other)

    assert isinstance(first, list)
    assert isinstance(first[0], SetAside)
    assert again == [Replayed(200, b"{}")]
    assert forged == Spent()
    assert await intake.count("payloads") == 1
    assert await intake.unaccounted() == 0


async def test_another_sources_token_of_the_same_name_opens(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    committer = Committer(intake.opened.service.transactions, queue_max=10, leads_max=10)
    fair = await intake.source("fair")
    await committer.commit_once([a_submission(shop)], once_key("token", b"this"))

    other = await committer.commit_once([a_submission(fair)], once_key("token", b"other"))

    assert isinstance(other, list)
