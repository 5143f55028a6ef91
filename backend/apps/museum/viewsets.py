"""The museum in the public API, by the same selectors and services as everywhere."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from apps.museum import examples, filters, selectors, serializers, services
from apps.museum.models import (
    Location,
    LogEntry,
    Machine,
    MachineModel,
    Part,
    ProblemReport,
)
from apps.museum.throttling import report_limit
from apps.rest.pagination import NewestFirst
from apps.rest.throttling import AddressThrottle
from apps.rest.viewsets import Changes, Creates, Deletes, Resource
from apps.users.models import User


class ReadByTeam(BasePermission):
    """For the team alone; services ask for what a write needs beside it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("museum.view_problemreport")


class NewestWorkFirst(NewestFirst):
    ordering = ("-worked_at", "-pk")


class ReportThrottle(AddressThrottle):
    limit = report_limit


class LocationViewSet(Creates, Changes):
    """Places in the house, in the order of the walk."""

    queryset = Location.objects.all()
    serializer_class = serializers.LocationSerializer
    example = examples.LOCATION
    create_serializer_class = serializers.LocationAdd
    change_serializer_class = serializers.LocationAdd
    permission_classes = [IsAuthenticatedOrReadOnly]

    def add(self, **fields: Any) -> Location:
        return services.add_location(actor=self.actor, **fields)

    def change(self, row: Location, **changes: Any) -> Location:
        return services.change_location(actor=self.actor, location=row, **changes)


class MachineModelViewSet(Creates, Changes):
    """Designs, of which the museum may own several machines."""

    queryset = MachineModel.objects.all()
    serializer_class = serializers.MachineModelSerializer
    example = examples.MODEL
    create_serializer_class = serializers.MachineModelAdd
    change_serializer_class = serializers.MachineModelAdd
    permission_classes = [IsAuthenticatedOrReadOnly]

    def add(self, **fields: Any) -> MachineModel:
        return services.add_machine_model(actor=self.actor, **fields)

    def change(self, row: MachineModel, **changes: Any) -> MachineModel:
        return services.change_machine_model(actor=self.actor, model=row, **changes)


class MachineViewSet(Creates, Changes, Deletes):
    """The collection; open to all. A machine's status changes by log entries."""

    queryset = selectors.machines()
    serializer_class = serializers.MachineSerializer
    example = examples.MACHINE
    create_serializer_class = serializers.MachineAdd
    change_serializer_class = serializers.MachineChange
    filterset_class = filters.MachineFilter
    permission_classes = [IsAuthenticatedOrReadOnly]
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def add(self, **fields: Any) -> Machine:
        return services.add_machine(actor=self.actor, **fields)

    def change(self, row: Machine, **changes: Any) -> Machine:
        return services.change_machine(actor=self.actor, machine=row, **changes)

    def remove(self, row: Machine) -> uuid.UUID:
        return services.delete(actor=self.actor, row=row)


class ReportViewSet(Creates, Changes, Deletes):
    """What is wrong with machines. Anybody reports; the team reads."""

    queryset = selectors.reports()
    serializer_class = serializers.ReportSerializer
    example = examples.REPORT
    create_serializer_class = serializers.ReportAdd
    # Who reports may not be one who reads.
    receipt_serializer_class = serializers.ReceiptSerializer
    change_serializer_class = serializers.ReportChange
    filterset_class = filters.ReportFilter

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.action == "create" else ReadByTeam()]

    def get_throttles(self) -> list[BaseThrottle]:
        mine = [ReportThrottle()] if self.action == "create" else []
        return [*super().get_throttles(), *mine]

    def add(self, **fields: Any) -> ProblemReport:
        actor = self.request.user if isinstance(self.request.user, User) else None
        return services.report_problem(actor=actor, **fields)

    def change(self, row: ProblemReport, **changes: Any) -> ProblemReport:
        return services.change_report(actor=self.actor, report=row, **changes)

    def remove(self, row: ProblemReport) -> uuid.UUID:
        return services.delete(actor=self.actor, row=row)

    @extend_schema(request=None, responses={200: serializers.ReportSerializer})
    @action(detail=True, methods=["delete"])
    def closure(self, request: Request, **kwargs: Any) -> Response:
        """Open a closed report again."""
        return self.written(services.reopen_report(actor=self.actor, report=self.get_object()))


class LogEntryViewSet(Creates, Changes):
    """Work done, newest first. It may change the machine's status and close a report."""

    queryset = selectors.log_entries()
    serializer_class = serializers.LogEntrySerializer
    example = examples.LOG_ENTRY
    create_serializer_class = serializers.LogEntryAdd
    change_serializer_class = serializers.LogEntryChange
    filterset_class = filters.LogEntryFilter
    pagination_class = NewestWorkFirst
    permission_classes = [ReadByTeam]

    def add(self, **fields: Any) -> LogEntry:
        return services.log_work(actor=self.actor, **_on_machine(fields))

    def change(self, row: LogEntry, **changes: Any) -> LogEntry:
        return services.change_log_entry(actor=self.actor, entry=row, **changes)


class PartViewSet(Creates, Changes, Deletes):
    """Spare parts that machines need, until they are fitted."""

    queryset = selectors.parts()
    serializer_class = serializers.PartSerializer
    example = examples.PART
    create_serializer_class = serializers.PartAdd
    change_serializer_class = serializers.PartChange
    filterset_class = filters.PartFilter
    permission_classes = [ReadByTeam]

    def add(self, **fields: Any) -> Part:
        return services.request_part(actor=self.actor, **_on_machine(fields))

    def change(self, row: Part, **changes: Any) -> Part:
        return services.change_part(actor=self.actor, part=row, **changes)

    def remove(self, row: Part) -> uuid.UUID:
        return services.delete(actor=self.actor, row=row)


class PhotoViewSet(Resource):
    """Pictures of the machines themselves."""

    queryset = selectors.own_pictures().filter(machine__deleted_at=None)
    serializer_class = serializers.PhotoSerializer
    example = examples.PHOTO
    permission_classes = [AllowAny]


class DeletionViewSet(GenericViewSet):
    """What was deleted, to bring it back."""

    lookup_value_converter = "uuid"

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: uuid.UUID) -> Response:
        """Undo a deletion."""
        assert isinstance(request.user, User)  # noqa: S101 - the permission class has asked
        services.undelete(actor=request.user, deletion_id=pk)
        return Response(status=204)


def _on_machine(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the machine and the report in place of their names."""
    report_id = fields.pop("report_id")
    return fields | {
        "machine": get_object_or_404(Machine, slug=fields["machine"]),
        "report": get_object_or_404(ProblemReport, pk=report_id) if report_id else None,
    }
