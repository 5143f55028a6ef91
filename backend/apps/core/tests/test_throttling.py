from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory

from apps.core import throttling
from apps.core.throttling import RateLimit, client_address


def call_from(address, **headers):
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)


def test_calls_at_the_same_time_count_for_their_own_addresses(monkeypatch):
    limit = RateLimit("threads", "1/m")
    others: list[Thread] = []

    def meanwhile() -> float:
        # Asked for the time in the middle of a call: now another thread makes one.
        if not others:
            others.append(Thread(target=limit.hit, args=[call_from("192.0.2.2")]))
            others[0].start()
            others[0].join()
        return 1000.0

    monkeypatch.setattr(throttling, "time", meanwhile)
    assert not limit.hit(call_from("192.0.2.1"))
    assert limit.hit(call_from("192.0.2.1"))


def test_all_addresses_of_one_ipv6_network_count_together():
    limit = RateLimit("networks", "1/m")
    assert not limit.hit(call_from("2001:db8:0:1::1"))
    assert limit.hit(call_from("2001:db8:0:1:ffff::2"))
    assert not limit.hit(call_from("2001:db8:0:2::1"))
    assert not limit.hit(call_from("::ffff:192.0.2.1"))
    assert limit.hit(call_from("192.0.2.1"))
    assert not limit.hit(call_from("::ffff:192.0.2.2"))
    assert not limit.hit(call_from("unknown"))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.5", "192.0.2.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.66, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.66, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (3, "203.0.113.5", "203.0.113.5"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = call_from("192.0.2.1", **{"x-forwarded-for": forwarded} if forwarded else {})
    assert client_address(request) == address


def test_what_a_proxy_forwards_may_be_anything(settings):
    settings.TRUSTED_PROXIES = 1
    limit = RateLimit("nonsense", "1/m")
    request = call_from("192.0.2.1", **{"x-forwarded-for": "not an address\x7f" * 50})
    assert not limit.hit(request)
    assert limit.hit(request)


def test_the_wait_ends_when_the_period_does(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(throttling, "time", lambda: now)
    limit = RateLimit("wait", "2/m")
    assert [limit.hit(call_from("192.0.2.1")) for _ in range(3)] == [0, 0, 61]
    now = 1040.5
    assert limit.hit(call_from("192.0.2.1")) == 21


def test_scopes_count_apart_and_one_scope_counts_once():
    assert not RateLimit("one", "1/m").hit(call_from("192.0.2.1"))
    assert not RateLimit("two", "1/m").hit(call_from("192.0.2.1"))
    assert RateLimit("one", "1/m").hit(call_from("192.0.2.1"))


@pytest.mark.parametrize("rate", ["", "10", "0/m", "10/week", "x/m", "10/m "])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(ImproperlyConfigured, match=r"sign-in.*such as 10/m"):
        RateLimit("sign-in", rate)


def test_no_race_gets_more_than_the_limit():
    limit = RateLimit("race", "10/m")
    start = Barrier(8)

    def five_calls(_):
        start.wait()
        return sum(not limit.hit(call_from("192.0.2.1")) for _ in range(5))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(five_calls, range(8))) == 10


@pytest.mark.django_db
def test_the_database_cache_counts_and_keeps_the_period(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "limits",
        }
    }
    call_command("createcachetable")
    limit = RateLimit("table", "3/h")
    assert [bool(limit.hit(call_from("192.0.2.1"))) for _ in range(5)] == [False] * 3 + [True] * 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM limits")
        assert cursor.fetchone() == (5,)  # the period, its count, three slots
    assert limit.hit(call_from("192.0.2.1")) > 3500
