"""House rules of the front door, told by `manage.py check`."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from longhouse.frontdoor import conf, heads, site


@register()
def built_site_is_readable(**_: Any) -> list[CheckMessage]:
    """routes.json can be read, and records newer than the build have their page heads."""
    settings = conf.load()
    try:
        routes = site.load_routes(settings).routes
    except (site.InvalidRoutes, OSError) as error:
        return [
            Error(
                f"The front end's routes cannot be read: {error}",
                hint="Build the front end again with the versions this project pins.",
                id="frontdoor.E001",
            )
        ]
    return [
        Warning(
            f"The route {route.id} has no page head: a record newer than the build is a 404.",
            hint=f'Register a function with @page_head("{route.id}") in heads.py of its app.',
            id="frontdoor.W001",
        )
        for route in routes
        if not route.app and route.params and heads.find(route.id) is None
    ]
