import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.deletion import ProtectedError, RestrictedError
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.core.problems import Conflict
from apps.core.soft_delete import restore
from apps.core.tests.models import Book, Bookmark, Folder, Loan, Note, Page, Shelf, Tag

pytestmark = pytest.mark.django_db


def make_shelf(name: str = "north", *, books: int = 2, pages: int = 3) -> Shelf:
    shelf = Shelf.objects.create(name=name)
    for number in range(books):
        book = Book.objects.create(shelf=shelf, title=f"{name} {number}")
        for page_number in range(pages):
            page = Page.objects.create(book=book, number=page_number)
            Note.objects.create(book=book, page=page)
        Note.objects.create(book=book)
    return shelf


def live_counts() -> list[int]:
    return [model.objects.count() for model in (Shelf, Book, Page, Note)]


def test_delete_takes_all_that_cascades_and_counts_it():
    shelf = make_shelf()
    make_shelf("south")
    total, counts = shelf.delete()
    assert counts == {
        "core_tests.Shelf": 1,
        "core_tests.Book": 2,
        "core_tests.Page": 6,
        "core_tests.Note": 8,
    }
    assert total == 17
    assert live_counts() == [1, 2, 6, 8]
    assert Shelf.all_objects.count() == 2


def test_the_number_of_queries_does_not_grow_with_the_rows():
    small, large = make_shelf("small", books=1, pages=1), make_shelf("large", books=12, pages=12)

    def queries(shelf: Shelf) -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            shelf.delete()
        statements = [query["sql"] for query in captured]
        return len(statements), sum(sql.startswith("UPDATE") for sql in statements)

    # one UPDATE each: shelf, book, page, note, bookmark
    assert queries(small) == queries(large)
    assert queries(make_shelf("again", books=1))[1] == 5


def test_restore_brings_back_what_went_together_and_nothing_else():
    shelf = make_shelf()
    earlier = shelf.books.all()[0]
    earlier.delete()
    shelf.delete()
    shelf.restore()
    assert live_counts() == [1, 1, 3, 4]
    assert not Book.objects.filter(pk=earlier.pk).exists()
    earlier.refresh_from_db()
    earlier.restore()
    assert live_counts() == [1, 2, 6, 8]
    assert not Note.all_objects.exclude(deletion_id=None).exists()


def test_set_null_links_and_tags_survive():
    shelf, other = make_shelf(books=1), make_shelf("other", books=1)
    first, sequel = shelf.books.get(), other.books.get()
    sequel.sequel_of = first
    sequel.save()
    first.tags.add(Tag.objects.create(name="red"))
    first.delete()
    sequel.refresh_from_db()
    assert sequel.sequel_of == first
    first.restore()
    assert [tag.name for tag in first.tags.all()] == ["red"]


def test_a_link_to_a_deleted_row_still_loads():
    page = Page.objects.get(pk=make_shelf(books=1, pages=1).books.get().pages.get().pk)
    Book.objects.filter(pk=page.book_id).delete()
    assert Page.all_objects.get(pk=page.pk).book.title == "north 0"


def test_protect_refuses_and_changes_nothing():
    shelf = make_shelf()
    Loan.objects.create(book=shelf.books.all()[0])
    with pytest.raises(ProtectedError, match="Still in use by a loan"):
        shelf.delete()
    assert live_counts() == [1, 2, 6, 8]


def test_restrict_refuses_alone_but_goes_along():
    shelf = make_shelf(books=1, pages=1)
    page = Page.objects.get()
    mark = Bookmark.objects.create(book=page.book, page=page)
    with pytest.raises(RestrictedError):
        page.delete()
    assert live_counts() == [1, 1, 1, 2]
    shelf.delete()
    mark.refresh_from_db()
    assert mark.deleted_at is not None


def test_a_unique_name_is_free_after_deletion_and_blocks_the_restore():
    old = make_shelf()
    old.delete()
    make_shelf()
    with pytest.raises(ValidationError, match="This name is taken"):
        Shelf(name="north").full_clean()
    with pytest.raises(Conflict, match="This name is taken"):
        old.restore()
    assert Shelf.objects.count() == 1
    assert not Book.objects.filter(shelf=old).exists()


def test_a_part_can_not_come_back_before_the_whole():
    shelf = make_shelf(books=1)
    book = shelf.books.get()
    book.delete()
    shelf.delete()
    book.refresh_from_db()
    with pytest.raises(Conflict, match="belongs to north"):
        book.restore()
    shelf.restore()
    book.restore()
    assert live_counts() == [1, 1, 3, 4]


def test_hard_delete_removes_deleted_and_live_rows_for_good():
    shelf = make_shelf()
    shelf.books.all()[0].delete()
    shelf.hard_delete()
    assert [m.all_objects.count() for m in (Shelf, Book, Page, Note)] == [0, 0, 0, 0]


def test_deleting_twice_changes_nothing():
    shelf = make_shelf()
    shelf.delete()
    before = shelf.deletion_id
    assert Shelf.all_objects.filter(pk=shelf.pk).delete()[0] == 0
    shelf.refresh_from_db()
    assert shelf.deletion_id == before


def test_restoring_an_unknown_deletion_restores_nothing():
    shelf = make_shelf()
    assert restore(shelf.pk).total() == 0


class TreeOfFolders(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=14), st.data())
    def test_a_whole_branch_goes_and_comes_back(self, parents, data):
        folders: list[Folder] = []
        for index, parent in enumerate(parents):
            # A parent that does not exist yet makes a root.
            folders.append(
                Folder.objects.create(parent=folders[parent] if parent < index else None)
            )
        branch = data.draw(st.sampled_from(folders))
        expected = {branch.pk}
        for folder in folders:
            if folder.parent_id in expected:
                expected.add(folder.pk)
        branch.delete()
        gone = set(Folder.all_objects.deleted().values_list("pk", flat=True))
        assert gone == expected
        branch.restore()
        assert Folder.objects.count() == len(folders)
