"""The tables of every system: parks in areas, and what visitors wrote about them."""

from django.db import models


class AreaColumns(models.Model):
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        abstract = True


class ParkColumns(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    description = models.TextField()
    hectares = models.DecimalField(max_digits=10, decimal_places=2)
    visitors = models.IntegerField(db_index=True)
    is_open = models.BooleanField(default=True)
    opened_on = models.DateField(null=True)
    area = models.ForeignKey("bench.Area", models.CASCADE, related_name="parks")

    class Meta:
        abstract = True


class ReviewColumns(models.Model):
    park = models.ForeignKey("bench.Park", models.CASCADE, related_name="reviews")
    stars = models.IntegerField()
    text = models.TextField()

    class Meta:
        abstract = True
