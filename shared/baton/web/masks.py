"""What is shown of a person to somebody who may not know who it is."""


def mask_email(email: str | None) -> str:
    """`ada@example.org` as `a…@e….org`."""
    if not email or "@" not in email:
        return ""
    local, _, domain = email.rpartition("@")
    name, _, ending = domain.rpartition(".")
    return f"{local[:1]}…@{name[:1]}….{ending}"


def mask_phone(phone: str | None) -> str:
    """The last two digits."""
    return f"…{phone[-2:]}" if phone else ""


def mask_name(name: str | None) -> str:
    """Initials."""
    return " ".join(f"{part[:1]}." for part in (name or "").split()[:3])
