from hypothesis import given
from hypothesis import strategies as st

from longhouse.frontdoor.content import Content, answer, encodings

HELLO = Content(size=10, etag=b'"abc"', headers=((b"content-type", b"text/plain"),), modified=1000)


def status(**headers: bytes) -> int:
    request = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    return answer(HELLO, "GET", request).status


def test_best_encoding_follows_weights_then_size() -> None:
    assert encodings(b"gzip, deflate, br, zstd")[0] == "br"
    assert encodings(b"gzip")[0] == "gzip"
    assert encodings(b"br;q=0.5, gzip;q=0.9")[0] == "gzip"
    assert encodings(b"BR;Q=1.0 , x-gzip;q=1.000")[0] == "br"
    assert encodings(b"br;q=0, gzip;q=0.0, *;q=0.1")[0] == ""
    assert encodings(b"*")[0] == "br"
    assert encodings(b"identity;q=1, br;q=0.5")[0] == ""


def test_refused_or_unreadable_encodings_are_not_used() -> None:
    for header in (
        b"",
        b"br;q=0",
        b"brotli",
        b"br;q=2",
        b"br;q=x",
        b"br;level=1",
        b"xbr",
        b";;,,;q=",
    ):
        assert encodings(header) == ("",), header


@given(st.binary(max_size=60))
def test_any_accept_encoding_ends_with_an_answer(header: bytes) -> None:
    assert set(encodings(header)) <= {"br", "gzip", ""}
    assert "" in encodings(header)


def test_validators() -> None:
    assert status(if_none_match=b'"abc"') == 304
    assert status(if_none_match=b'W/"abc"') == 304
    assert status(if_none_match=b'"x", W/"abc","y"') == 304
    assert status(if_none_match=b" * ") == 304
    assert status(if_none_match=b'"x"') == 200
    assert status(if_none_match=b"abc") == 200
    assert status(if_modified_since=b"Thu, 01 Jan 1970 00:16:40 GMT") == 304
    assert status(if_modified_since=b"Thu, 01 Jan 1970 00:16:39 GMT") == 200
    assert status(if_modified_since=b"yesterday") == 200
    # The tag decides alone when both are there.
    assert status(if_none_match=b'"x"', if_modified_since=b"Fri, 20 Nov 2026 00:00:00 GMT") == 200


def test_not_modified_carries_no_content_headers() -> None:
    reply = answer(HELLO, "GET", {b"if-none-match": b'"abc"'})
    names = {name for name, _ in reply.headers}
    assert names == {b"etag", b"last-modified"}
    assert reply.length == 0


def test_if_range_needs_the_very_same_bytes() -> None:
    assert status(range=b"bytes=0-1", if_range=b'"abc"') == 206
    assert status(range=b"bytes=0-1", if_range=b'W/"abc"') == 200
    assert status(range=b"bytes=0-1", if_range=b'"old"') == 200
    assert status(range=b"bytes=0-1", if_range=b"Thu, 01 Jan 1970 00:16:40 GMT") == 206
    assert status(range=b"bytes=0-1", if_range=b"Thu, 01 Jan 1970 00:16:41 GMT") == 200


def test_ranges_that_are_none_are_ignored() -> None:
    for value in (b"bytes=", b"bytes=-", b"bytes=3-1", b"lines=0-1", b"bytes=0-1,3-4", b"0-1"):
        assert status(range=value) == 200, value
    assert status(range=b"bytes=" + b"9" * 5000 + b"-") == 200


def test_ranges_outside_are_refused_with_the_size() -> None:
    for value in (b"bytes=10-", b"bytes=10-20", b"bytes=-0", b"bytes=999999999999999999-"):
        reply = answer(HELLO, "GET", {b"range": value})
        assert reply.status == 416, value
        assert (b"content-range", b"bytes */10") in reply.headers
        assert reply.length == 0


def test_head_and_error_pages_know_no_ranges() -> None:
    assert answer(HELLO, "HEAD", {b"range": b"bytes=0-1"}).status == 200


@given(first=st.integers(0, 30), last=st.integers(0, 30), size=st.integers(1, 20))
def test_a_range_is_the_slice_it_names(first: int, last: int, size: int) -> None:
    content = Content(size=size, etag=b'"x"', headers=())
    data = bytes(range(size))
    for value, expected in (
        (b"bytes=%d-%d" % (first, last), data[first : last + 1]),
        (b"bytes=%d-" % first, data[first:]),
        (b"bytes=-%d" % last, data[-last:] if last else b""),
    ):
        reply = answer(content, "GET", {b"range": value})
        if reply.status == 206:
            assert data[reply.start : reply.start + reply.length] == expected
            headers = dict(reply.headers)
            assert headers[b"content-length"] == b"%d" % len(expected)
            end = reply.start + reply.length - 1
            assert headers[b"content-range"] == b"bytes %d-%d/%d" % (reply.start, end, size)
        elif reply.status == 416:
            assert expected == b""
        else:
            assert first > last
