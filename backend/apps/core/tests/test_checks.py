import pytest
from django.db import models
from django.test.utils import isolate_apps

from apps.core import checks, soft_delete
from apps.core.soft_delete import SoftDeleteModel


@pytest.fixture
def found(monkeypatch):
    """What the house rules say about the models defined in the test."""
    with isolate_apps("apps.core.tests") as apps:
        monkeypatch.setattr(checks, "apps", apps)
        monkeypatch.setattr(soft_delete, "apps", apps)
        yield lambda: {message.id for message in checks.check_soft_delete(None)}


class Base(SoftDeleteModel):
    class Meta(SoftDeleteModel.Meta):
        abstract = True
        app_label = "core_tests"


def test_a_sound_model_passes(found):
    class Sound(Base):
        class Meta(Base.Meta):
            pass

    assert found() == set()


def test_the_base_manager_must_see_all(found):
    class Blind(SoftDeleteModel):
        class Meta:
            app_label = "core_tests"

    assert found() == {"core.E001"}


def test_unique_must_ignore_deleted_rows(found):
    class Unique(Base):
        name = models.CharField(max_length=9, unique=True)

        class Meta(Base.Meta):
            pass

    assert found() == {"core.E002"}


def test_plain_children_would_stay_visible(found):
    class Parent(Base):
        class Meta(Base.Meta):
            pass

    class Child(models.Model):  # noqa: DJ008
        parent = models.ForeignKey(Parent, on_delete=models.CASCADE)

        class Meta:
            app_label = "core_tests"

    assert found() == {"core.E003"}
