"""Which mail domains are thrown away in this installation: the operator's list beside our own."""

import sys

from marketing_intake.domain.identity_domains import also_disposable
from marketing_intake.reading.domain_file import read_domains
from marketing_intake.settings import IntakeSettings


def learn_disposable_domains(settings: IntakeSettings) -> None:
    """Let this process know them; a list that can't be read ends it by a sentence."""
    path = settings.disposable_domains_file
    if path is None:
        return
    try:
        also_disposable(read_domains(path.read_text("utf-8")))
    except OSError as error:
        sys.exit(f"BATON_DISPOSABLE_DOMAINS_FILE: {error.strerror}")
    except ValueError as error:
        sys.exit(f"BATON_DISPOSABLE_DOMAINS_FILE: {error}")
