"""Values that many people give, and that therefore say of nobody who they are."""

import re
from typing import Final

from marketing_intake.domain.identity_domains import is_disposable

ROLES: Final = frozenset(
    {
        # RFC 2142 and what companies have made of it.
        "abuse", "account", "accounting", "accounts", "admin", "administration", "administrator",
        "advertising", "all", "billing", "booking", "bookings", "business", "care", "career",
        "careers", "ceo", "community", "compliance", "contact", "contactus", "contracts",
        "customercare", "customerservice", "customersupport", "dev", "editor", "email", "enquiries",
        "enquiry", "events", "everyone", "feedback", "finance", "ftp", "general", "hello", "help",
        "helpdesk", "hostmaster", "hr", "info", "information", "inquiries", "inquiry", "investors",
        "invoice", "invoices", "it", "itsupport", "jobs", "legal", "list", "mail", "mailbox",
        "mailer-daemon", "management", "marketing", "media", "news", "newsletter", "noc", "office",
        "operations", "ops", "order", "orders", "partners", "payments", "payroll", "postmaster",
        "pr", "press", "privacy", "procurement", "purchasing", "reception", "recruiting",
        "recruitment", "returns", "root", "sales", "security", "service", "services", "shop",
        "staff", "store", "subscribe", "support", "sysadmin", "team", "tech", "unsubscribe",
        "usenet", "uucp", "webmaster", "website", "www",
        # Nobody reads these.
        "bounce", "bounces", "daemon", "do-not-reply", "donotreply", "no-reply", "no.reply",
        "noreply",
        # The same in other languages.
        "accueil", "administracion", "amministrazione", "anfrage", "atencion", "atendimento",
        "bewerbung", "biuro", "buchhaltung", "buero", "bureau", "comercial", "commercial",
        "commerciale", "compras", "compta", "comptabilite", "contabilidade", "contabilita",
        "contacto", "contato", "contatti", "contatto", "direccion", "direction", "direzione",
        "einkauf", "empfang", "facturacion", "faktura", "financeiro", "gerencia", "info-de",
        "inkoop", "klantenservice", "kontakt", "kundenservice", "kontor", "ordini", "personal",
        "posta", "presse", "rechnung", "recepcion", "redaktion", "rh", "secretaria", "secretariat",
        "segreteria", "sekretariat", "service-client", "ventas", "vendas", "vendite", "verkauf",
        "verkoop", "vertrieb", "zentrale",
    }
)  # fmt: skip
"""Mailboxes that belong to a post and not to a person: whoever holds the post writes from them."""
NOBODY: Final = frozenset(
    {
        "-", "--", "?", "#n/a", "-1", "anon", "anonymous", "asdf", "default", "demo", "dummy",
        "empty", "example", "fake", "false", "foo", "n.a.", "n/a", "na", "nan", "nil", "nobody",
        "none", "not provided", "not set", "null", "qwerty", "string", "tbd", "test", "testing",
        "true", "undefined", "unknown", "user", "visitor", "xx", "xxx",
    }
)  # fmt: skip
"""What programs and people write where they have nothing to write, in small letters. Words that
are last names too (Guest, Self, No) are not among them."""
NO_ADDRESS: Final = frozenset(
    {
        "anonymous", "asdf", "blank", "dummy", "fake", "keine", "na", "nan", "no-email", "nobody",
        "noemail", "nomail", "none", "null", "undefined", "unknown",
    }
)  # fmt: skip
"""Local parts of addresses that are made up where a form insists on one."""
EMPTY_ID: Final = re.compile(r"[-0_.\s{}]*\Z")
"""Zeros and dashes, however many: an id that was never given."""
PHONE_DIGITS_MIN: Final = 7
SEQUENCES: Final = "01234567890123456789 98765432109876543210"


def is_placeholder(text: str) -> bool:
    """Whether this stands where nothing was known."""
    return text.strip().lower() in NOBODY or EMPTY_ID.match(text) is not None


def email_is_shared(email: str) -> bool:
    """Whether a normalised address may be many people's: a role's, a made-up, a disposable one."""
    local, _, domain = email.rpartition("@")
    own = local.partition("+")[0]
    return own in ROLES or own in NO_ADDRESS or is_disposable(domain)


def phone_is_blocked(phone: str) -> bool:
    """Whether an E.164 number is one that is typed in want of a real one.

    All its last seven digits are the same, or they count up or down.
    """
    tail = phone[-PHONE_DIGITS_MIN:]
    return len(set(tail)) == 1 or tail in SEQUENCES
