"""A document is a snapshot and the updates since then; their order does not matter."""

from django.db import models

from longhouse.realtime.log import MAX_TOPIC


class Document(models.Model):
    name = models.CharField(max_length=MAX_TOPIC, unique=True)  # "kind:rest"
    snapshot = models.BinaryField(default=b"")  # Yjs update (v1); b"": nothing is folded yet

    def __str__(self) -> str:
        return self.name


class Update(models.Model):
    """What one client added, as it came: a Yjs update (v1)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="updates")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{len(self.data)} bytes of {self.document_id}"
