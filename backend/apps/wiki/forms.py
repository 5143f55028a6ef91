"""Forms of the wiki: what people edit, propose, say and import."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from apps.core.problems import InvalidInput
from apps.wiki.models import Area, Company, List, Park, Photo, Review, Ride, RideEvent
from apps.wiki.services import photos
from apps.wiki.services.imports import COLUMNS, MAX_BYTES
from longhouse.versioning.models import Branch, Conflict
from longhouse.versioning.models import Review as Verdicts

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "checkbox"),
    (forms.RadioSelect, "radio"),
    (forms.Textarea, "textarea w-full"),
    (forms.Select, "select w-full"),
    (forms.FileInput, "file-input w-full"),
    (forms.widgets.Input, "input w-full"),
)


def styled(fields: dict[str, forms.Field]) -> None:
    """Give the widgets the look of the house."""
    for field in fields.values():
        for kind, classes in _CLASSES:
            if isinstance(field.widget, kind) and not field.widget.is_hidden:
                field.widget.attrs.setdefault("class", classes)
                break


class Styled(forms.Form):
    """A form in the look of the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self.fields)


if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class EditForm(ModelForm):
    """Of one row. `seen` tells which version of it was edited."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self.fields)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 8
        if not self.instance._state.adding:
            self.initial["seen"] = self.instance.rev

    def values(self) -> dict[str, Any]:
        """What was entered, by the names of the model's fields."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


def edit_form(model: type[models.Model]) -> type[EditForm]:
    """The form of a model that people edit."""
    made: Any = forms.modelform_factory(
        model, form=EditForm, fields=EDITED[model], formfield_callback=_formfield
    )
    return made


class Lines(forms.CharField):
    """A text of many lines, as it was typed: browsers end lines in two ways."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "strip": False})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _formfield(field: Any, **options: Any) -> Any:
    if isinstance(field, models.TextField):
        options["form_class"] = Lines
    if isinstance(field, models.URLField):
        options["assume_scheme"] = "https"
    return field.formfield(**options)


# What people edit, and which fields of it. A new one of `area`, `event` and `photo` is part of
# something that is there.
EDITED: dict[type[models.Model], Sequence[str]] = {
    Company: COLUMNS["company"][1],
    Park: COLUMNS["park"][1],
    Ride: ("name", "slug", "area", *COLUMNS["ride"][1][3:]),
    Area: ("name", "slug", "text"),
    RideEvent: ("date", "kind", "text"),
    Photo: ("caption", "alt", "credit", "licence"),
}


class NewPhotoForm(EditForm):
    """A picture, and what is said of it. What is kept is made of it, without where it was taken."""

    file = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG, WebP or GIF, that you have taken or may share.",
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    field_order = ("file",)

    class Meta:
        model = Photo
        fields = ("file", *EDITED[Photo])

    def clean_file(self) -> Any:
        try:
            return photos.made_of(self.cleaned_data["file"])
        except InvalidInput as error:
            raise forms.ValidationError(error.errors[0]["message"]) from error


class DescribeForm(Styled):
    """What a proposal is about."""

    title = forms.CharField(max_length=200, help_text="In a few words: what have you changed?")
    description = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Sources, or why",
    )


class CommentForm(Styled):
    text = forms.CharField(
        max_length=5000, label="Comment", widget=forms.Textarea(attrs={"rows": 3})
    )
    model = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    object_pk = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    field = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class ReviewForm(Styled):
    """A reviewer's verdict about what they have seen."""

    verdict = forms.ChoiceField(choices=Verdicts.Verdict.choices)
    text = forms.CharField(
        required=False, max_length=5000, label="Why", widget=forms.Textarea(attrs={"rows": 3})
    )
    head = forms.CharField(max_length=64, widget=forms.HiddenInput)


class FilterForm(Styled):
    """Which proposals are listed."""

    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", "All"),
            *(
                (value, label.capitalize())
                for value, label in Branch.Status.choices
                if value != "draft"
            ),
        ],
    )
    mine = forms.BooleanField(required=False, label="Only mine")


def decision_form(conflict: Conflict, model: type[models.Model]) -> type[forms.Form]:
    """The form of one conflict: whose value it is to be, or a new one of the field's own kind."""
    choices = [("ours", "What the wiki has"), ("theirs", "What the proposal has")]
    fields: dict[str, Any] = {}
    if conflict.kind == Conflict.Kind.FIELD:
        choices.append(("value", "Something else"))
        found: Any = model._meta.get_field(conflict.field)
        value = found.formfield()
        value.required = False
        value.label = "New value"
        fields["value"] = value
    elif conflict.kind == Conflict.Kind.UNIQUE:
        choices = [("ours", "Leave this change out"), ("value", "Something else")]
        found = model._meta.get_field(conflict.field.split(",")[-1])
        fields["value"] = found.formfield(required=False, label="New value")
    fields["choice"] = forms.ChoiceField(
        choices=choices, widget=forms.RadioSelect, label="Which one is right?"
    )
    return type("DecisionForm", (Styled,), fields)


class ImportForm(Styled):
    """A file, or its text once it has been looked at."""

    kind = forms.ChoiceField(
        choices=[
            (name, str(model._meta.verbose_name_plural)) for name, (model, _) in COLUMNS.items()
        ],
        label="Rows are",
    )
    file = forms.FileField(
        required=False,
        label="CSV file",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or its text",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file:
            if file.size > MAX_BYTES:
                raise forms.ValidationError({"file": f"At most {MAX_BYTES // 1_000_000} MB."})
            try:
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError({"file": "Save the file as UTF-8."}) from None
        if not cleaned.get("text", "").strip():
            raise forms.ValidationError({"file": "Choose a file, or paste its text."})
        return cleaned


class VisitForm(ModelForm):
    """A visitor's review of a ride."""

    class Meta:
        model = Review
        fields = ("stars", "text")

    stars = forms.TypedChoiceField(
        coerce=int,
        choices=[("", "Choose"), *((number, "★" * number) for number in range(5, 0, -1))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self.fields)


class ModerationForm(Styled):
    show = forms.TypedChoiceField(
        choices=[("yes", "Show"), ("no", "Hide")], coerce=lambda value: value == "yes"
    )
    why = forms.CharField(required=False, max_length=300, label="Why it is hidden")


class ListForm(ModelForm):
    """A person's list."""

    class Meta:
        model = List
        fields = ("name", "text", "is_public")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self.fields)


class UndoForm(Styled):
    since = forms.DateTimeField(
        label="Since",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
