from django.urls import get_resolver

from apps.api.api import api


def test_every_operation_that_changes_something_asks_for_the_csrf_token():
    assert get_resolver().url_patterns  # every app's operations are in the API now
    operations = [
        operation
        for router in api._get_bound_routers()
        for path in router.path_operations.values()
        for operation in path.operations
        if not {"GET", "HEAD"} >= set(operation.methods)
    ]
    assert operations
    unguarded = [
        operation.view_func.__name__
        for operation in operations
        if not operation.auth_callbacks
        or not all(getattr(callback, "csrf", False) for callback in operation.auth_callbacks)
    ]
    assert not unguarded
