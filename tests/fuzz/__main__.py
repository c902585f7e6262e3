"""`make fuzz`: coverage-guided bytes into every reader; the first exception that is not promised
ends it, and so does an input that takes longer than ten seconds.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["marketing_intake"], enable_loader_override=False):
    from marketing_intake.domain.source import Source
    from marketing_intake.reading.drafts import draft_of_finding
    from marketing_intake.reading.email.reader import read_mail
    from marketing_intake.reading.findings import Finding, Unreadable
    from marketing_intake.reading.json_lead import read_json
    from marketing_intake.reading.raw import Raw
    from marketing_intake.reading.vendors import VENDORS
    from marketing_intake.reading.vendors.shape import NO_CONFIG

from baton.contracts.vocabulary import Channel, SourceKind
from support.form_samples import SAMPLES
from support.form_vendors import NOW
from support.message_samples import MESSAGES

BYTES_MAX: Final = 16 * 1024
INPUT_SECONDS_MAX: Final = 10
MEMORY_MIB_MAX: Final = 2048
KNOWN: Final = {**SAMPLES, **MESSAGES}
SOURCE: Final = Source(
    id="01890000-0000-7000-8000-000000000000",
    name="fuzz",
    kind=SourceKind.WEBHOOK,
    channel=Channel.OTHER,
    is_active=True,
)
MAIL: Final = (
    b"From: Ada Invented <ada@crumpet.example>\r\nTo: hello+spring@oven.example\r\n"
    b"Subject: =?utf-8?q?Ovens?=\r\nMessage-ID: <1@crumpet.example>\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nDo you sell ovens?\r\n-- \r\nAda\r\n"
)
LEAD: Final = b'{"email": "ada@crumpet.example", "name": "Ada", "traits": {"a": 1}, "x": [1]}'
Reader = Callable[[bytes], None]


def main() -> None:
    """Fuzz for some seconds; libFuzzer says how many inputs it tried."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    readers = _readers()
    names = sorted(readers)

    def one_input(data: bytes) -> None:
        if data:
            readers[names[data[0] % len(names)]](data[1:])

    with tempfile.TemporaryDirectory() as folder:
        for index, name in enumerate(names):
            seed = bytes([index]) + _seed(name)
            (Path(folder) / name).write_bytes(seed)
        sys.stderr.write(f"fuzzing {len(names)} readers: {', '.join(names)}\n")
        atheris.Setup(
            [
                *("fuzz", folder, f"-max_total_time={options.seconds}", f"-max_len={BYTES_MAX}"),
                *(f"-timeout={INPUT_SECONDS_MAX}", f"-rss_limit_mb={MEMORY_MIB_MAX}"),
                *("-print_final_stats=1", "-verbosity=0"),
            ],
            one_input,
        )
        atheris.Fuzz()


def _readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {name: _vendor(name) for name in VENDORS}
    return readers | {"mail": _mail, "lead-json": _lead}


def _vendor(name: str) -> Reader:
    vendor, sample = VENDORS[name], KNOWN[name]
    config = getattr(sample, "config", NO_CONFIG)

    def read(body: bytes) -> None:
        raw = Raw(body, sample.content_type)
        with suppress(Unreadable):
            for finding in vendor.parse(raw, config):
                _draft(finding)
        if vendor.redact is not None:
            vendor.redact(body)

    return read


def _mail(body: bytes) -> None:
    _draft(read_mail(body, now=NOW))


def _lead(body: bytes) -> None:
    read_json(body, SOURCE, NOW, "US")


def _draft(finding: Finding) -> None:
    draft_of_finding(finding, SOURCE, NOW, "US")


def _seed(name: str) -> bytes:
    if name in KNOWN:
        sample = KNOWN[name]
        return sample.raw(sample.document(1, "Crumpet")).body
    return MAIL if name == "mail" else LEAD


if __name__ == "__main__":
    main()
