import pytest
from django.core.exceptions import ValidationError

from apps.core.problems import StaleWrite
from apps.core.tests.models import Book, Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    return Book.objects.create(shelf=Shelf.objects.create(name="north"), title="old")


def test_a_write_steps_the_version(book):
    book.title = "new"
    book.save_version(seen=1, fields=["title"])
    book.refresh_from_db()
    assert (book.title, book.version) == ("new", 2)


def test_the_second_of_two_writers_is_told_and_loses_nothing(book):
    mine, theirs = Book.objects.get(), Book.objects.get()
    theirs.title = "theirs"
    theirs.save_version(seen=1, fields=["title"])
    mine.title = "mine"
    with pytest.raises(StaleWrite, match="This book was changed by somebody else"):
        mine.save_version(seen=1, fields=["title"])
    assert Book.objects.get().title == "theirs"


def test_bad_values_are_refused_before_anything_is_written(book):
    book.title = "x" * 21
    with pytest.raises(ValidationError, match="at most 20"):
        book.save_version(seen=1, fields=["title"])
    assert Book.objects.get().title == "old"
