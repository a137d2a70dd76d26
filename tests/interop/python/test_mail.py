"""Mail through a real SMTP server with STARTTLS and login: what arrives, and that nothing is lost while it is down."""

import email
import html
import json
import queue
import re
import socket
import ssl
import urllib.request

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from server import Server

PATIENCE_S = 30
USER, PASSWORD = b"greenroom", b"an smtp password"


class Inbox:
    """Takes every mail, but from those alone who encrypted and logged in."""

    def __init__(self, port, certificate):
        self.mails = queue.Queue()
        self.logins = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self.controller = Controller(
            self,
            hostname="127.0.0.1",
            port=port,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=self.check,
        )

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    def check(self, _server, session, _envelope, _mechanism, login):
        self.logins.append((login.login, session.ssl is not None))
        return AuthResult(success=(login.login, login.password) == (USER, PASSWORD), handled=False)

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.put((envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return "250 OK"

    def next(self):
        return self.mails.get(timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def settings(authority, tmp_path):
    """The environment of a server that trusts the authority alone, and the port it mails to."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return port, variables(port, PASSWORD) | {"SSL_CERT_FILE": str(tmp_path / "ca.pem")}


def variables(port, password):
    quoted = password.decode().replace(" ", "%20")
    return {
        "GREENROOM__MAIL__TRANSPORT": "smtp",
        "GREENROOM__MAIL__SMTP_URL": f"smtp://{USER.decode()}:{quoted}@localhost:{port}?tls=required",
    }


def sign_up(server, address):
    body = json.dumps({"email": address, "password": "tr0mbone in the attic", "name": "Ann"}).encode()
    request = urllib.request.Request(f"{server.url}/signup", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["success"] == 1


def waiting(server):
    with urllib.request.urlopen(f"{server.admin_url}/metrics") as answer:
        return int(re.search(r"^greenroom_mail_waiting (\d+)$", answer.read().decode(), re.MULTILINE)[1])


def test_a_mail_arrives_encrypted_after_a_login_in_text_and_html_and_its_link_works(settings, authority):
    port, environment = settings
    with Inbox(port, authority.issue_cert("localhost")) as inbox, Server(**environment) as server:
        sign_up(server, "ann@example.org")
        to, mail = inbox.next()
        assert to == ["ann@example.org"] and mail["subject"] == "Confirm your address"
        assert inbox.logins == [(USER, True)]
        parts = {part.get_content_type(): part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart()}
        assert set(parts) == {"text/plain", "text/html"}
        link = re.search(r"http://\S+/verify\?\S+", parts["text/plain"])[0]
        assert link in html.unescape(parts["text/html"])
        with urllib.request.urlopen(link) as page:
            assert page.status == 200


def test_mail_waits_while_the_mail_server_is_down_and_survives_a_crash(settings, authority):
    port, environment = settings
    with Server(**environment) as server:
        sign_up(server, "ann@example.org")
        server.wait_for("a mail was not handed over")
        assert waiting(server) == 1
        server.crash_and_restart()
        assert waiting(server) == 1
        with Inbox(port, authority.issue_cert("localhost")) as inbox:
            assert inbox.next()[0] == ["ann@example.org"]


def test_a_mail_server_that_refuses_the_login_costs_no_mail(settings, authority):
    port, environment = settings
    with Inbox(port, authority.issue_cert("localhost")) as inbox:
        with Server(**environment | variables(port, b"a wrong password")) as server:
            sign_up(server, "ann@example.org")
            server.wait_for("a mail was not handed over")
            assert waiting(server) == 1 and inbox.logins
            server.crash_and_restart(**environment)
            assert inbox.next()[0] == ["ann@example.org"]


def test_a_mail_server_whose_certificate_nobody_vouches_for_gets_nothing(settings):
    port, environment = settings
    with Inbox(port, trustme.CA().issue_cert("localhost")) as inbox, Server(**environment) as server:
        sign_up(server, "ann@example.org")
        server.wait_for("a mail was not handed over")
        assert waiting(server) == 1 and inbox.logins == []
