"""What the public API's resources are made of: reads by selectors, changes by services."""

from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.models import VersionedRow
from apps.core.problems import StaleWrite
from apps.core.soft_delete import SoftDeleteModel
from apps.rest.etags import PreconditionFailed, seen_version, with_etag
from apps.rest.idempotency import once
from apps.rest.inputs import Input
from apps.users.models import User


class Resource(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    """Rows to read, with entity tags. The queryset is a selector's."""

    lookup_value_converter = "uuid"
    #: a row that is not stored, with all that the queryset would give it; for the documentation
    example: ClassVar[Model | None] = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        return with_etag(request, response) if isinstance(response, Response) else response

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # Filters are of lists: one row is found by its address alone.
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @property
    def actor(self) -> User:
        """Who calls; the permission classes have made sure that somebody does."""
        return cast("User", self.request.user)

    def written(self, row: Model, status: int = 200) -> Response:
        """A row after a write, as a read would give it."""
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(self.get_serializer(fresh).data, status=status)

    def given(self, body: type[Input], *, partial: bool = False) -> dict[str, Any]:
        """What the caller sent. Raises ValidationError."""
        serializer = body(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class Creates(Resource):
    """Takes rows in by `add`; the same Idempotency-Key twice stores one row."""

    create_serializer_class: ClassVar[type[Input]]
    #: what is answered, when it is not the row as a read would give it
    receipt_serializer_class: ClassVar[type[serializers.BaseSerializer] | None] = None

    def add(self, **fields: Any) -> Model:
        """The service that stores one."""
        raise NotImplementedError

    def create(self, request: Request) -> Response:
        return once(request, self._create)

    def _create(self) -> Response:
        row = self.add(**self.given(self.create_serializer_class))
        if self.receipt_serializer_class:
            return Response(self.receipt_serializer_class(row).data, status=201)
        return self.written(row, status=201)


class Changes(Resource):
    """Changes what is sent by `change`; a versioned row only as it was seen, by If-Match."""

    change_serializer_class: ClassVar[type[Input]]

    def change(self, row: Any, **changes: Any) -> Model:
        """The service that changes one; `version` is among the changes if it has one."""
        raise NotImplementedError

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        seen = {"version": seen_version(request, row)} if isinstance(row, VersionedRow) else {}
        changes = self.given(self.change_serializer_class, partial=True)
        try:
            return self.written(self.change(row, **seen, **changes))
        except StaleWrite as error:
            raise PreconditionFailed(error.detail) from error


class Deletion(serializers.Serializer):
    example = {"deletion_id": "01890a5d-ac96-774b-bcce-b302099a0009"}

    deletion_id = serializers.UUIDField(help_text="With it, the deletion can be undone.")


class Deletes(Resource):
    """Deletes by `remove` what is still as it was seen, by If-Match; it can be undone."""

    def remove(self, row: Any) -> Any:
        """The service that deletes one, and gives the id of the deletion."""
        raise NotImplementedError

    @transaction.atomic
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        row: SoftDeleteModel = self.get_object()
        if isinstance(row, VersionedRow):
            seen_version(request, row.locked())
        return Response(Deletion({"deletion_id": self.remove(row)}).data)
