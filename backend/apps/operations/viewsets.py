"""Operations in the public API, by the same selectors and services as everywhere."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from apps.operations import filters, selectors, serializers, services
from apps.rest.pagination import NewestFirst
from apps.rest.viewsets import Resource
from longhouse.workflows.models import Run


class NewestStartedFirst(NewestFirst):
    ordering = ("-pk",)  # which tells the time


class InOrder(NewestFirst):
    ordering = ("position",)


@extend_schema_view(
    list=extend_schema(summary="List operations"),
    retrieve=extend_schema(summary="Read one operation with its steps"),
)
class OperationViewSet(Resource):
    """Long work under way: your own, or everybody's for those who look after it."""

    queryset = Run.objects.none()
    serializer_class = serializers.OperationDetailSerializer
    filterset_class = filters.OperationFilter
    pagination_class = NewestStartedFirst

    def get_queryset(self) -> QuerySet[Any]:
        request = getattr(self, "request", None)  # there is none while the document is written
        return selectors.operations(request.user) if request else super().get_queryset()

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action == "list":
            return serializers.OperationSerializer
        return super().get_serializer_class()

    @extend_schema(request=None, responses={200: serializers.OperationDetailSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop an operation and undo what it did."""
        return self.written(services.cancel(actor=self.actor, run_id=pk))

    @extend_schema(request=None, responses={200: serializers.OperationDetailSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: UUID) -> Response:
        """Try a failed operation again, from the step that failed."""
        return self.written(services.retry(actor=self.actor, run_id=pk))

    @extend_schema(responses=serializers.OperationItemSerializer(many=True))
    @action(
        detail=True,
        url_path="steps/<int:position>/items",
        serializer_class=serializers.OperationItemSerializer,
        filterset_class=filters.ItemFilter,
        pagination_class=InOrder,
    )
    def items(self, request: Request, pk: UUID, position: int) -> Response:
        """List what one step does many times over."""
        found = selectors.items(selectors.operation(self.actor, pk), step=position)
        for backend in self.filter_backends:
            found = backend().filter_queryset(request, found, self)
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
