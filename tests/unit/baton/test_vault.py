"""The vault: what is sealed opens again, for what it was sealed for, and for nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.vault import TEXT_CHARACTERS_MAX, BrokenSeal, Vault

OLD, NEW = "o" * 40, "n" * 40
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(TEXTS, TEXTS)
def test_what_is_sealed_opens_again(text: str, purpose: str) -> None:
    vault = Vault(NEW)

    assert vault.open(vault.seal(text, purpose=purpose), purpose=purpose) == text


def test_the_same_text_is_never_sealed_alike() -> None:
    vault = Vault(NEW)

    assert vault.seal("whsec", purpose="a") != vault.seal("whsec", purpose="a")


def test_an_envelope_does_not_hold_the_text() -> None:
    assert b"whsec" not in Vault(NEW).seal("whsec", purpose="a")


def test_one_sources_secret_does_not_open_as_anothers() -> None:
    vault = Vault(NEW)

    with pytest.raises(BrokenSeal):
        vault.open(vault.seal("whsec", purpose="a"), purpose="b")


def test_the_previous_secret_still_opens() -> None:
    envelope = Vault(OLD).seal("whsec", purpose="a")
    vault = Vault(NEW, OLD)

    assert vault.open(envelope, purpose="a") == "whsec"
    assert not vault.is_current(envelope)
    assert vault.is_current(vault.seal("whsec", purpose="a"))


def test_a_secret_that_is_not_known_opens_nothing() -> None:
    envelope = Vault(OLD).seal("whsec", purpose="a")

    with pytest.raises(BrokenSeal, match="not known here"):
        Vault(NEW).open(envelope, purpose="a")


@pytest.mark.parametrize("place", [0, 1, 8, 9, 20, 21, -1])
def test_an_envelope_that_was_changed_opens_nothing(place: int) -> None:
    vault = Vault(NEW)
    envelope = bytearray(vault.seal("whsec", purpose="a"))
    envelope[place] ^= 1

    with pytest.raises(BrokenSeal):
        vault.open(bytes(envelope), purpose="a")


@pytest.mark.parametrize("envelope", [b"", b"\x01", b"plain text that was never sealed at all"])
def test_what_is_no_envelope_opens_nothing(envelope: bytes) -> None:
    with pytest.raises(BrokenSeal):
        Vault(NEW).open(envelope, purpose="a")


def test_an_envelope_cut_short_opens_nothing() -> None:
    vault = Vault(NEW)
    envelope = vault.seal("whsec", purpose="a")

    for length in range(len(envelope)):
        with pytest.raises(BrokenSeal):
            vault.open(envelope[:length], purpose="a")


def test_a_text_that_is_no_secret_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="characters"):
        Vault(NEW).seal("x" * (TEXT_CHARACTERS_MAX + 1), purpose="a")
