"""What a mail domain says: who provides it, what its mailboxes ignore, and whose it is not."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from baton.contracts.vocabulary import EmailKind

FREE_DOMAINS: Final = frozenset(
    {
        "163.com", "126.com", "alice.it", "aol.com", "arcor.de", "att.net", "bellsouth.net",
        "bigpond.com", "bk.ru", "blueyonder.co.uk", "bluewin.ch", "bol.com.br", "btinternet.com",
        "centrum.cz", "charter.net", "comcast.net", "cox.net", "daum.net", "earthlink.net",
        "email.cz", "fastmail.com", "fastmail.fm", "free.fr", "freenet.de", "gmail.com",
        "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hanmail.net",
        "hey.com", "hotmail.be", "hotmail.co.uk", "hotmail.com", "hotmail.com.br", "hotmail.de",
        "hotmail.es", "hotmail.fr", "hotmail.it", "hotmail.nl", "icloud.com", "ig.com.br",
        "inbox.lv", "inbox.ru", "interia.pl", "laposte.net", "libero.it", "list.ru", "live.co.uk",
        "live.com", "live.de", "live.fr", "live.nl", "mac.com", "mail.com", "mail.ru",
        "mailbox.org", "me.com", "msn.com", "naver.com", "neuf.fr", "ntlworld.com", "o2.pl",
        "onet.pl", "op.pl", "optonline.net", "orange.fr", "outlook.com", "outlook.com.br",
        "outlook.de", "outlook.es", "outlook.fr", "outlook.it", "planet.nl", "pm.me", "posteo.de",
        "proton.me", "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com",
        "rocketmail.com", "rogers.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr",
        "shaw.ca", "sina.com", "sky.com", "sohu.com", "sympatico.ca", "t-online.de",
        "talktalk.net", "telenet.be", "terra.com.br", "tiscali.it", "tuta.com", "tuta.io",
        "tutanota.com", "ukr.net", "uol.com.br", "verizon.net", "virgilio.it", "virginmedia.com",
        "wanadoo.fr", "web.de", "wp.pl", "xtra.co.nz", "ya.ru", "yahoo.ca", "yahoo.co.in",
        "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.com.ar", "yahoo.com.au",
        "yahoo.com.br", "yahoo.com.mx", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.in",
        "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "ziggo.nl", "zoho.com",
    }
)  # fmt: skip
"""Mailboxes that anybody may have: the domain says nothing of a company."""
DISPOSABLE_DOMAINS: Final = frozenset(
    {
        "0-mail.com", "10minutemail.com", "20minutemail.com", "anonbox.net", "burnermail.io",
        "discard.email", "dispostable.com", "dropmail.me", "emailondeck.com", "fakeinbox.com",
        "getairmail.com", "getnada.com", "grr.la", "guerrillamail.biz", "guerrillamail.com",
        "guerrillamail.net", "guerrillamail.org", "incognitomail.com", "inboxkitten.com",
        "jetable.org", "mail-temp.com", "mailcatch.com", "maildrop.cc", "mailinator.com",
        "mailinator.net", "mailnesia.com", "mailnull.com", "mailsac.com", "minuteinbox.com",
        "mintemail.com", "mohmal.com", "mytemp.email", "nada.email", "sharklasers.com",
        "spam4.me", "spambog.com", "spamgourmet.com", "temp-mail.io", "temp-mail.org",
        "tempail.com", "tempinbox.com", "tempmail.com", "tempmailo.com", "tempr.email",
        "throwawaymail.com", "trash-mail.com", "trashmail.com", "trashmail.de", "wegwerfmail.de",
        "yopmail.com", "yopmail.fr", "yopmail.net",
    }
)  # fmt: skip
"""Mailboxes that are thrown away. An operator adds to them by `BATON_DISPOSABLE_DOMAINS_FILE`."""


class Provider(NamedTuple):
    """What a provider's mailboxes make no difference of.

    `domain` is the one name for all its names, `tag` the character behind which an address goes
    on without becoming another, `dropped` characters are ignored, `dashed` ones are a dash.
    """

    domain: str
    tag: str = "+"
    dropped: str = ""
    dashed: str = ""


def _every(*domains: str) -> dict[str, Provider]:
    """Providers each of whose names has mailboxes of its own."""
    return {domain: Provider(domain) for domain in domains}


PROVIDERS: Final = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), Provider("gmail.com", dropped=".")),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), Provider("icloud.com")),
    **dict.fromkeys(
        ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        Provider("proton.me", dropped="._-"),
    ),
    **dict.fromkeys(
        ("yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz"),
        Provider("yandex.ru", dashed="."),
    ),
    **{
        domain: Provider(domain, tag="-")
        for domain in ("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.it", "ymail.com")
    },
    **_every(
        *("outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.co.uk", "hotmail.fr"),
        *("fastmail.com", "fastmail.fm", "hey.com", "mailbox.org", "posteo.de", "zoho.com"),
    ),
}
"""By what each provider says of its own addresses. For comparing alone: a card is never changed."""

_further_disposable: set[str] = set()


def also_disposable(domains: Iterable[str]) -> None:
    """Hold these domains for disposable too, in this process, from its start to its end.

    For the composition root: the list is the operator's file, as fixed as the program itself.
    """
    _further_disposable.update(domains)


def is_disposable(domain: str) -> bool:
    """Whether mailboxes of this domain are thrown away."""
    return domain in DISPOSABLE_DOMAINS or domain in _further_disposable


def is_anybodys(domain: str) -> bool:
    """Whether a mailbox of this domain says nothing of a company."""
    return domain in FREE_DOMAINS or is_disposable(domain)


def email_kind(email: str | None) -> EmailKind:
    """What the address's domain says of its owner."""
    if email is None:
        return EmailKind.NONE
    domain = email.rpartition("@")[2]
    if is_disposable(domain):
        return EmailKind.DISPOSABLE
    return EmailKind.FREE if domain in FREE_DOMAINS else EmailKind.BUSINESS


def same_mailbox(email: str) -> str:
    """One spelling for all addresses that reach the same mailbox, as its provider has it.

    `email` is a normalised address. Of a provider that nobody knows every spelling is its own.
    """
    local, _, domain = email.rpartition("@")
    provider = PROVIDERS.get(domain)
    if provider is None:
        return email
    kept = local.partition(provider.tag)[0]
    for character in provider.dropped:
        kept = kept.replace(character, "")
    for character in provider.dashed:
        kept = kept.replace(character, "-")
    # What is a tag or dots alone is no mailbox of theirs, whatever it is.
    return f"{kept}@{provider.domain}" if kept else email
