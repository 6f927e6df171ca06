"""The model file: readable, whole, refused when it does not fit; and learnt weights that stay sane."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from invented import groups, link_views, middling_model, rec

from trigpoint.errors import LinkageError
from trigpoint.linkage.features.comparisons import COMPARISONS
from trigpoint.linkage.features.names import name_knowledge
from trigpoint.linkage.scoring.model import LinkSettings, bundled_model, load_model


def test_a_saved_model_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    middling_model().save(path)
    assert load_model(path) == middling_model()
    assert '"same first name"' in path.read_text().replace("the same first name", "same first name")


def broken(change: Any) -> str:
    loaded = json.loads(middling_model().to_json())
    change(loaded)
    return json.dumps(loaded)


BROKEN = [
    ("not JSON", "{", "not whole"),
    ("a list", "[]", "not whole"),
    ("another format", broken(lambda m: m.update(trigpoint_linkage_model=9)), "format 9"),
    ("no splink part", broken(lambda m: m.pop("splink")), "not whole"),
    (
        "SQL of its own",
        broken(lambda m: m["splink"]["comparisons"][0]["comparison_levels"][1].update(sql_condition="true")),
        "other comparisons than this version's \\(given names\\)",
    ),
    ("a comparison too few", broken(lambda m: m["splink"]["comparisons"].pop()), "their number"),
    (
        "a probability of nought",
        broken(lambda m: m["splink"]["comparisons"][2]["comparison_levels"][1].update(m_probability=0)),
        "no probability",
    ),
    ("a sure prior", broken(lambda m: m["splink"].update(probability_two_random_records_match=1)), "prior"),
]


@pytest.mark.parametrize(("name", "text", "said"), BROKEN, ids=[b[0] for b in BROKEN])
def test_a_model_that_does_not_fit_is_refused(name: str, text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(text)
    with pytest.raises(LinkageError, match=said) as told:
        load_model(path)
    assert str(path) in str(told.value)
    assert "Train the model again" in str(told.value)


def test_a_missing_model_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(LinkageError, match="cannot be read"):
        load_model(tmp_path / "none.json")


def test_the_bundled_probabilities_add_up_and_point_the_right_way() -> None:
    for comparison, levels in zip(COMPARISONS, bundled_model().odds(), strict=True):
        assert sum(m for m, _ in levels) == pytest.approx(1, abs=1e-6), comparison.name
        assert sum(u for _, u in levels) == pytest.approx(1, abs=1e-6), comparison.name
        assert levels[0][0] > levels[0][1]
        assert levels[-1][0] < levels[-1][1]


def names_of(n: int) -> tuple[str, str]:
    """A first name and a surname that no other number gets, and that are no spelling of another's."""
    starts, ends = (
        ["bre", "dal", "fio", "gur", "hol", "jam", "kest", "lor"],
        ["ana", "ick", "eth", "ody", "ull", "issa"],
    )
    given = starts[n % 8] + ends[n // 8 % 6] + starts[n // 48]
    return given, ends[n % 6] + starts[n // 6 % 8] + ends[n // 48] + "ton"


def postcode_of(n: int) -> str:
    """Postcodes that are no slip of the pen for one another."""
    letters = "ABDEFGHJLN"
    return f"RV{n} {n % 9 + 1}{letters[n % 10]}{letters[n // 10]}"


def test_a_small_partnership_is_linked_with_the_bundled_weights() -> None:
    views = [
        rec(source, *names_of(n), f"2010-03-{n + 1:02d}", postcode=postcode_of(n))
        for n in range(25)
        for source in ("police", "social_care")
    ]
    linked = link_views(views)
    assert linked.model.made_from == "bundled"
    assert len(groups(linked)) == 25
    assert linked.questions.num_rows == 0


def test_learnt_weights_stay_near_the_bundled_when_evidence_is_thin() -> None:
    views = [
        rec(source, *names_of(n), f"2010-03-{n % 28 + 1:02d}", postcode=postcode_of(n))
        for n in range(60)
        for source in ("police", "social_care")
    ]
    learnt = link_views(views, settings=LinkSettings(train_from_records=100)).model
    assert learnt.made_from == "learnt"
    bundled = dict(zip([c.name for c in COMPARISONS], bundled_model().odds(), strict=True))
    for comparison, levels in zip(COMPARISONS, learnt.odds(), strict=True):
        assert all(0 < m < 1 and 0 < u < 1 for m, u in levels)
        # Sixty children who never disagree must not teach that a different first name is impossible.
        assert levels[-1][0] > bundled[comparison.name][-1][0] / 4


def test_only_common_values_stand_in_the_file() -> None:
    views = [rec("police", "Jack", "Rarename", "2010-03-01", local=f"{n}") for n in range(6)]
    views += [rec("police", "Unusual", "Smith", "2010-03-02", local=f"x{n}") for n in range(4)]
    model = link_views(views).model
    assert set(model.frequencies["forename"]) == {"", "jack"}
    assert "unusual" not in model.to_json()


def test_names_are_written_in_lower_case_letters_and_stand_once_a_line() -> None:
    known = name_knowledge()
    for name, forms in known["variants"].items():
        assert name not in forms, name
        assert all(form == form.lower() and form.replace("'", "").isalpha() for form in [name, *forms]), name
