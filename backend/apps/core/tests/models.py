"""A small graph with every kind of relation: shelf > book > page > note, and a tree of folders."""

from django.db import models

from apps.core.models import BaseModel, VersionedRow
from apps.core.soft_delete import SoftDeleteModel, live_unique


class Tag(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name


class Shelf(BaseModel, SoftDeleteModel):
    name = models.CharField(max_length=20)

    class Meta(SoftDeleteModel.Meta):
        constraints = (live_unique("name", name="shelf_name", message="This name is taken."),)

    def __str__(self) -> str:
        return self.name


class Book(BaseModel, VersionedRow, SoftDeleteModel):
    stale_noun = "book"

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="books")
    sequel_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    title = models.CharField(max_length=20)
    tags = models.ManyToManyField(Tag)

    class Meta(SoftDeleteModel.Meta):
        pass

    def __str__(self) -> str:
        return self.title


class Page(BaseModel, SoftDeleteModel):
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()

    class Meta(SoftDeleteModel.Meta):
        pass


class Note(BaseModel, SoftDeleteModel):
    """Reached by two ways from a shelf: by its page, and directly by its book."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="notes")
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="notes")

    class Meta(SoftDeleteModel.Meta):
        pass


class Loan(BaseModel):
    """Protects its book."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return "a loan"


class Bookmark(BaseModel, SoftDeleteModel):
    """Restricts the page's deletion, unless it goes with the book."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    page = models.ForeignKey(Page, on_delete=models.RESTRICT)

    class Meta(SoftDeleteModel.Meta):
        pass


class Folder(BaseModel, SoftDeleteModel):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")

    class Meta(SoftDeleteModel.Meta):
        pass
