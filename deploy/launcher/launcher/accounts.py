"""Accounts for a look at the pages: one for each role, with links that sign in once."""

import json
from typing import Final

from rich.console import Console

from launcher.installation import Installation
from launcher.topology import SERVICES, ServiceSpec

ROLES: Final = ("marketing", "manager", "operator")


def show_links(installation: Installation, console: Console) -> None:
    """Make the accounts and print a link for each service and role."""
    console.print("\nPages to look at (each link signs in once):", style="bold")
    for spec in SERVICES:
        for role in ROLES:
            link = f"{installation.url(spec.name)}/sign-in/link?token="
            token = _token(installation, spec, role)
            console.print(f"  {spec.name:18} {role:10} {link}{token}", soft_wrap=True)


def _token(installation: Installation, spec: ServiceSpec, role: str) -> str:
    email = f"{role}@baton.example"
    installation.run_command(spec, "create-staff", email, role, role.title())
    token: str = json.loads(installation.run_command(spec, "sign-in-link", email))["token"]
    return token
