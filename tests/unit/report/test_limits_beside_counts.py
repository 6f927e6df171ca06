"""Beside a published number the report shows how far unsure links move it, where that was worked out."""

from dataclasses import replace

from invented_report import invented_report

from trigpoint.report import render


def page(**others):
    return render(replace(invented_report(3), **others))


def test_limits_stand_in_brackets_after_their_number_alone():
    data = invented_report(3)
    cell = next(row for row in data.published["children_by_form_and_age"].to_pylist() if row["shown"].isdecimal())
    at = ("children_by_form_and_age", cell["row_value"], cell["column_value"])
    with_ = page(limits={at: ("7", "9")})
    assert with_.count(" (7 to 9)") == 1
    assert f"{cell['shown']} (7 to 9)" in with_
    assert "were the links that are unsure to fall otherwise" in with_


def test_without_limits_nothing_is_said_of_them():
    without = page()
    assert "fall otherwise" not in without
