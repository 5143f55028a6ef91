from threading import Thread

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from apps.api.throttling import AddressThrottle
from apps.core.throttling import RateLimit
from apps.users.models import User


def call_from(address, user=None):
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    request.user = user or AnonymousUser()
    return request


def test_each_thread_hears_how_long_its_own_call_has_to_wait():
    throttle = AddressThrottle(RateLimit("threads", "1/m"))
    assert throttle.allow_request(call_from("192.0.2.1"))
    assert not throttle.allow_request(call_from("192.0.2.1"))
    other = Thread(target=throttle.allow_request, args=[call_from("192.0.2.2")])
    other.start()
    other.join()
    assert throttle.wait() > 0


def test_people_who_are_signed_in_count_only_where_everybody_does():
    limit = RateLimit("people", "1/m")
    call = call_from("192.0.2.1", User())
    assert all(AddressThrottle(limit).allow_request(call) for _ in range(3))
    everybody = AddressThrottle(limit, everybody=True)
    assert [everybody.allow_request(call) for _ in range(2)] == [True, False]
