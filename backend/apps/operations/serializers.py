"""Operations in the public API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.operations import selectors
from longhouse.workflows.models import Kind, LogLine, Run, Step, StepState

_RUN: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a0030",
    "workflow": "shop.send-orders",
    "title": "Send orders",
    "version": 1,
    "state": "running",
    "cancel_requested": False,
    "progress": {"percent": 40, "message": "Packing"},
    "result": None,
    "error": "",
    "created_at": "2026-03-14T09:30:00Z",
    "finished_at": None,
}
_TIMES = {"started_at": "2026-03-14T09:30:01Z", "finished_at": "2026-03-14T09:30:02Z"}


class ProgressSerializer(serializers.Serializer):
    percent = serializers.IntegerField(allow_null=True, help_text="null while nobody knows")
    message = serializers.CharField()


class OperationSerializer(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    result = serializers.JSONField(help_text="What the workflow returned.")

    #: one that could be answered, for the documentation
    example: ClassVar[dict[str, Any]] = _RUN

    class Meta:
        model = Run
        fields: tuple[str, ...] = (
            *("id", "workflow", "title", "version", "state", "cancel_requested", "progress"),
            *("result", "error", "created_at", "finished_at"),
        )

    def get_title(self, run: Run) -> str:
        return selectors.title_of(run.workflow)

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, run: Run) -> dict[str, Any]:
        return {"percent": selectors.percent_of(run), "message": selectors.message_of(run)}

    def get_error(self, run: Run) -> str:
        return selectors.said(run.error)


class CountSerializer(serializers.Serializer):
    state = serializers.ChoiceField(StepState.choices)
    count = serializers.IntegerField()


class ItemsSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    counts = CountSerializer(many=True)


class LogLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = LogLine
        fields = ("at", "text")


class StepSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    key = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    state = serializers.ChoiceField(StepState.choices)
    attempt = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    wake_at = serializers.DateTimeField(allow_null=True, help_text="When it is tried again.")
    error = serializers.CharField(help_text="Its last line.")
    undoes = serializers.CharField(
        allow_null=True, help_text="Of an undoing step: the key of what it takes back."
    )
    items = ItemsSerializer(allow_null=True, help_text="Of a map; its items have pages.")
    log = LogLineSerializer(many=True)


class OperationDetailSerializer(OperationSerializer):
    steps = serializers.SerializerMethodField()

    example: ClassVar[dict[str, Any]] = _RUN | {
        "steps": [
            {
                "position": 0,
                "key": "find orders",
                "kind": "call",
                "state": "succeeded",
                "attempt": 1,
                **_TIMES,
                "wake_at": None,
                "error": "",
                "undoes": None,
                "items": None,
                "log": [{"at": "2026-03-14T09:30:02Z", "text": "17 orders"}],
            }
        ]
    }

    class Meta(OperationSerializer.Meta):
        fields = (*OperationSerializer.Meta.fields, "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, run: Run) -> Any:
        return StepSerializer(selectors.steps(run), many=True).data


class OperationItemSerializer(serializers.ModelSerializer):
    error = serializers.SerializerMethodField()
    value = serializers.JSONField()
    result = serializers.JSONField()

    example: ClassVar[dict[str, Any]] = {
        "position": 0,
        "state": "succeeded",
        "attempt": 1,
        "value": "order 17",
        "result": {"parcel": "A1"},
        "error": "",
        **_TIMES,
    }

    class Meta:
        model = Step
        fields = (
            *("position", "state", "attempt", "value", "result", "error"),
            *("started_at", "finished_at"),
        )

    def get_error(self, item: Step) -> str:
        return selectors.said(item.error)
