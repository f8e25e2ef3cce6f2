"""Bodies that are refused by what the head says: on every address, before anything reads one byte."""

import io

import pytest
from django.urls import get_resolver

from config.wsgi import application

FORM = "application/x-www-form-urlencoded"
MULTIPART = "Multipart/Form-Data; boundary=b"


class Unread(io.RawIOBase):
    """A body that may not be read."""

    def readable(self):
        return True

    def readinto(self, into):
        raise AssertionError("somebody reads the body")


def addresses():
    """Every address of the desk, with something in each place that wants one."""
    for pattern in get_resolver().url_patterns:
        path = str(pattern.pattern)
        if path != "api/v1/":
            yield "/" + path.replace("<int:account>", "1").replace("<", "").replace(">", "").replace(":", "-")
    yield from ("/api/v1/shares", "/api/v1/nothing", "/nowhere", "/hooks/cms/more")


def send(path, method="POST", kind=FORM, length="", coding="", **more):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": length,
        "wsgi.input": Unread(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        **({"HTTP_TRANSFER_ENCODING": coding} if coding else {}),
        **more,
    }
    told = []
    answer = application(environ, lambda status, headers: told.append((int(status[:3]), dict(headers))))
    text = b"".join(answer).decode()
    return *told[0], text


@pytest.mark.parametrize("path", list(addresses()))
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_address_reads_such_a_body(path, method):
    for facts, expected in (
        ({"kind": MULTIPART, "length": "300000000"}, 415),
        ({"kind": MULTIPART, "length": "1"}, 415),
        ({"length": "12000001"}, 413),
        ({"length": "1" + "0" * 40}, 413),
        ({"coding": "chunked"}, 411),
        ({"length": "-1"}, 411),
    ):
        status, headers, text = send(path, method, **facts)
        assert status == expected, (facts, text)
        assert "default-src" in headers["Content-Security-Policy"]
        problem = headers["Content-Type"] == "application/problem+json"
        assert problem == path.startswith(("/hooks/", "/api/", "/kakao/"))


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "파일을 받는 화면이 없다"), ("en", "no form of this desk")]
)
def test_a_page_says_why_in_the_language_of_its_reader(language, words):
    cookie = {"HTTP_COOKIE": f"language={language}"}
    _status, headers, text = send("/sign-in", kind=MULTIPART, length="9", **cookie)
    assert headers["Content-Type"].startswith("text/html")
    assert words in text
    _status, headers, text = send("/sign-in", kind=MULTIPART, length="9", HTTP_HX_REQUEST="true", **cookie)
    assert headers["Content-Type"].startswith("text/plain")
    assert words in text
