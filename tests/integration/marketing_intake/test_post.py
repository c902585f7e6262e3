"""The post office: TLS, passwords, and what is never said in the clear."""

import ipaddress
import ssl
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marketing_intake.work.post import Post, Undeliverable
from support.facts import NOON
from support.smtp_sink import SmtpSink, smtp_sink

YEARS = timedelta(days=36_500)


def a_message() -> EmailMessage:
    """Something to send."""
    message = EmailMessage()
    message["Subject"], message["From"] = "Hello", "hello@crumpet.example"
    message.set_content("Hello")
    return message


def a_post(sink: SmtpSink, **details: str) -> Post:
    """The sink's post office."""
    return Post(
        host="127.0.0.1",
        port=sink.port,
        username=details.get("username"),
        password=details.get("password"),
        is_tls=False,
        sender="hello@crumpet.example",
        ca_file=details.get("ca_file"),
    )


def certified(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A server's context for 127.0.0.1, and the file with the certificate to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOON - YEARS / 2)
        .not_valid_after(NOON + YEARS)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256())
    own, trusted = folder / "server.pem", folder / "trusted.pem"
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    trusted.write_bytes(pem)
    own.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    return context, str(trusted)


async def test_a_message_goes_out_without_a_password() -> None:
    async with smtp_sink() as sink:
        await a_post(sink).send(a_message(), "ada@example.org")

    assert (sink.recipients, sink.messages[0]["to"]) == (["ada@example.org"], "ada@example.org")


async def test_a_password_is_said_behind_tls(tmp_path: Path) -> None:
    context, trusted = certified(tmp_path)

    async with smtp_sink(context) as sink:
        post = a_post(sink, username="baton", password="secret", ca_file=trusted)
        await post.send(a_message(), "ada@example.org")

    assert (sink.passwords, len(sink.messages)) == ([b"secret"], 1)


async def test_a_password_is_never_said_in_the_clear() -> None:
    async with smtp_sink() as sink:
        with pytest.raises(aiosmtplib.SMTPException):
            await a_post(sink, username="baton", password="secret").send(
                a_message(), "ada@example.org"
            )

    assert (sink.passwords, sink.messages) == ([], [])


async def test_a_server_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    context, _ = certified(tmp_path)

    async with smtp_sink(context) as sink:
        with pytest.raises((aiosmtplib.SMTPException, ssl.SSLError)):
            await a_post(sink, username="baton", password="secret").send(
                a_message(), "ada@example.org"
            )

    assert sink.messages == []


async def test_an_address_in_another_script_is_written_as_servers_know_it() -> None:
    async with smtp_sink() as sink:
        await a_post(sink).send(a_message(), "ada@bücher.example")

    assert sink.recipients == ["ada@xn--bcher-kva.example"]


async def test_an_unknown_mailbox_is_undeliverable() -> None:
    async with smtp_sink() as sink:
        sink.answers["nobody@example.org"] = "550 no such user"
        with pytest.raises(Undeliverable):
            await a_post(sink).send(a_message(), "nobody@example.org")
