"""Fields of versioned models."""

from typing import Any

from django.apps import apps
from django.db import models


class RevField(models.BigIntegerField):  # type: ignore[type-arg]
    """The id of the commit that last wrote the row. Compilers write it, nobody else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", 0)
        kwargs.setdefault("db_index", True)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)


class ManyToManyField(models.ManyToManyField):  # type: ignore[type-arg]
    """A ManyToManyField whose pairs are versioned like rows of any other table.

    Where two branches add the same pair, one of them remains: pairs are merged as sets.
    """

    def contribute_to_class(
        self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any
    ) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        through: Any = self.remote_field.through
        if not (through is None or isinstance(through, str)) and through._meta.auto_created:
            # Here and in the state of migrations alike: the column comes with the table.
            RevField().contribute_to_class(through, "rev")
            if cls._meta.apps is apps:
                from longhouse.versioning.companions import register

                register(through)
