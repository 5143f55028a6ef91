from threading import Thread

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import get_resolver

from apps.api.api import api
from apps.api.throttling import AddressThrottle, uploads
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


def test_every_operation_that_takes_a_file_is_in_one_count():
    assert get_resolver().url_patterns  # every app's operations are in the API now
    operations = [
        operation
        for router in api._get_bound_routers()
        for path in router.path_operations.values()
        for operation in path.operations
        if any(model.__ninja_param_source__ == "file" for model in operation.models)
    ]
    assert operations
    unlimited = [
        operation.view_func.__name__
        for operation in operations
        if uploads not in operation.throttle_objects
    ]
    assert not unlimited
