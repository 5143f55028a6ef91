from django.apps import AppConfig
from django.db.models.signals import post_migrate


class UsersConfig(AppConfig):
    name = "apps.users"
    label = "users"
    verbose_name = "People"

    def ready(self) -> None:
        from apps.users import checks  # noqa: F401 - registers itself
        from apps.users.roles import sync_roles

        post_migrate.connect(sync_roles, dispatch_uid="users.sync_roles")
