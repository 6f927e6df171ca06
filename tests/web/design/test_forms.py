"""Django's forms as components: every kind of field, its errors, its dates."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django import forms
from lxml import html

from trigpoint_web.design.forms import DateField, TimeField, draw_field, error_list

CHOICES = [("", "Choose"), ("a", "One"), ("b", "Two")]


class Every(forms.Form):
    line = forms.CharField(help_text="A hint", max_length=9)
    email = forms.EmailField()
    number = forms.IntegerField()
    lines = forms.CharField(widget=forms.Textarea)
    secret = forms.CharField(widget=forms.PasswordInput)
    one = forms.ChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=CHOICES[1:], widget=forms.CheckboxSelectMultiple)
    tick = forms.BooleanField()
    on = DateField()
    paper = forms.FileField()
    hidden = forms.CharField(widget=forms.HiddenInput)


def test_every_field_is_drawn_with_its_label_and_its_error_beside_it() -> None:
    form = Every({})
    for field in form:
        drawn = html.fragment_fromstring(draw_field(field), create_parent=True)
        if field.is_hidden:
            continue
        assert field.label in drawn.text_content()
        error = drawn.xpath("//p[contains(@class, 'govuk-error-message')]")[0]
        assert error.text_content().startswith("\nError:") or "Error:" in error.text_content()
        assert any(error.get("id") in (each.get("aria-describedby") or "").split() for each in drawn.iter())


def test_the_summary_links_each_error_to_a_box_that_is_there() -> None:
    form = Every({})
    page = html.fragment_fromstring("".join(draw_field(field) for field in form), create_parent=True)
    ids = {each.get("id") for each in page.iter()}
    linked = [each["href"][1:] for each in error_list(form) if not each["href"].endswith("hidden")]
    assert len(linked) == len(form.fields) - 1
    assert set(linked) <= ids


def test_what_was_typed_stands_in_the_form_again_but_for_a_password() -> None:
    form = Every({"line": "<b>", "secret": "hush", "many": ["b"], "radio": "a", "on-day": "31", "lines": "\nx"})
    drawn = "".join(draw_field(field) for field in form)
    assert "hush" not in drawn
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn
    page = html.fragment_fromstring(drawn, create_parent=True)
    assert [each.get("value") for each in page.xpath("//input[@checked]")] == ["a", "b"]
    assert page.xpath("//input[@name='on-day']")[0].get("value") == "31"


class When(forms.Form):
    on = DateField()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("3", "3", "2026"), date(2026, 3, 3)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        ((" 3", "03", "2026 "), date(2026, 3, 3)),
        (("29", "2", "2026"), "Enter a real date"),
        (("31", "4", "2026"), "Enter a real date"),
        (("3", "march", "2026"), "Enter a real date"),
        (("3", "3", "26"), "Enter a real date"),
        (("0", "3", "2026"), "Enter a real date"),
        (("-3", "3", "2026"), "Enter a real date"),
        (("9" * 400, "3", "2026"), "Enter a real date"),
        (("3", "", "2026"), "must include a day, a month and a year"),
        (("", "", ""), "Enter the date"),
    ],
)
def test_a_date_is_real_or_said_to_be_none(typed: tuple[str, str, str], expected: Any) -> None:
    form = When(dict(zip(("on-day", "on-month", "on-year"), typed, strict=True)))
    if isinstance(expected, date):
        assert form.is_valid(), form.errors
        assert form.cleaned_data["on"] == expected
    else:
        assert expected in str(form.errors["on"])


class Twice(forms.Form):
    on = DateField(label="Review on")
    since = DateField(label="Since when?")
    said = forms.CharField(label="Words")


def test_a_summary_says_which_date_is_meant() -> None:
    said = [each["text"] for each in error_list(Twice({"on-day": "31", "on-month": "2", "on-year": "2026"}))]
    assert said[0].startswith("Review on: Enter a real date")
    assert said[1:] == ["Since when? Enter the date", "This field is required."]


class At(forms.Form):
    at = TimeField()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("14:30", time(14, 30)), ("9.05", time(9, 5)), ("0930", time(9, 30)), ("930", time(9, 30)), ("2pm", time(14)),
     (" 2.30 PM ", time(14, 30)), ("12am", time(0)), ("21", None), ("9", None), ("25:99", None), ("2460", None),
     ("half past two", None), ("", None)],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it_and_never_guessed(typed: str, meant: time | None) -> None:
    form = At({"at": typed})
    assert form.is_valid() is (meant is not None)
    assert form.cleaned_data.get("at") == meant
