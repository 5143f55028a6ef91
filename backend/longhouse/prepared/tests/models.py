"""Tables of the tests, with columns of every type that needs converting."""

import uuid

from django.db import models


class Colour(models.TextChoices):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


class Maker(models.Model):
    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    word = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.word


class Thing(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=50)
    maker = models.ForeignKey(Maker, on_delete=models.CASCADE, related_name="things")
    former = models.ForeignKey(
        Maker, null=True, on_delete=models.SET_NULL, related_name="former_things"
    )
    tags = models.ManyToManyField(Tag, related_name="things")
    colour = models.CharField(max_length=8, choices=Colour.choices)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    weight = models.FloatField()
    size = models.PositiveSmallIntegerField()
    is_new = models.BooleanField(default=True)
    made_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Borrowed(models.Model):
    """The same table, as one that somebody else made: nothing in it need be as it says here."""

    id = models.UUIDField(primary_key=True)
    maker = models.ForeignKey(Maker, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "prepared_tests_thing"

    def __str__(self) -> str:
        return str(self.id)
