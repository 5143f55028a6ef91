from threading import Thread

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from apps.api.throttling import AddressThrottle


def call_from(address):
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    request.user = AnonymousUser()
    return request


def test_calls_at_the_same_time_count_for_their_own_addresses(monkeypatch):
    throttle = AddressThrottle("threads", "1/m")
    others: list[Thread] = []

    def meanwhile() -> float:
        # Asked for the time in the middle of a call: now another thread makes one.
        if not others:
            others.append(Thread(target=throttle.allow_request, args=[call_from("192.0.2.2")]))
            others[0].start()
            others[0].join()
        return 1000.0

    monkeypatch.setattr(throttle, "timer", meanwhile)
    assert throttle.allow_request(call_from("192.0.2.1"))
    assert not throttle.allow_request(call_from("192.0.2.1"))


def test_all_addresses_of_one_ipv6_network_count_together():
    throttle = AddressThrottle("networks", "1/m")
    assert throttle.allow_request(call_from("2001:db8:0:1::1"))
    assert not throttle.allow_request(call_from("2001:db8:0:1:ffff::2"))
    assert throttle.allow_request(call_from("2001:db8:0:2::1"))
    assert throttle.allow_request(call_from("::ffff:192.0.2.1"))
    assert throttle.allow_request(call_from("::ffff:192.0.2.2"))
    assert throttle.allow_request(call_from("unknown"))
