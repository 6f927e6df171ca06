"""The draft of a provider's risk assessment: doubt takes the higher level, and a ban alone lowers nothing. Invented."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from trigpoint.cli.main import app
from trigpoint.errors import SettingsError
from trigpoint.services.assess_risk import draft_assessment, example_answers
from trigpoint.terms.pack import load_pack

TERMS = yaml.safe_load((load_pack().folder / "risk_assessment.yaml").read_text())
KINDS = tuple(TERMS["kinds"])


def answers(tmp_path: Path, **more) -> Path:
    value = {
        "service": {"name": "Invented Chat", "description": "A chat that does not exist.", "uk_children": 2_000_000,
                    "age_groups": ["13-15"], "functions": ["direct_messages", "messages_from_strangers"]},
        "accountable": "An invented person", "made_on": "2024-02-29",
    }  # fmt: skip
    path = tmp_path / "answers.yaml"
    path.write_text(yaml.safe_dump(value | more))
    return path


def level(draft: str, kind: str) -> str:
    (row,) = [line for line in draft.splitlines() if line.startswith(f"| {TERMS['kinds'][kind]['title']} |")]
    return row.split("**")[1]


def test_what_is_not_known_takes_the_higher_level(tmp_path):
    draft = draft_assessment(answers(tmp_path))
    assert level(draft, "cce_recruitment") == "high"
    assert level(draft, "fe_assets") == "medium"
    assert "how likely it is: recruitment of children into crime" in draft
    assert "More than a million children" in draft
    assert "28 February 2025" in draft


def shown(works: str, evidence: str = "a test") -> list[dict[str, str]]:
    return [{"measure": "strangers_cannot_message", "works": works, "evidence": evidence}]


@pytest.mark.parametrize(
    ("measures", "kind", "expected"),
    [
        ([], {"evidence": ["a study"]}, "high"),
        ([{"measure": "terms_forbid", "works": "yes", "evidence": "our terms"}], {"evidence": ["a study"]}, "high"),
        (shown("partly"), {"evidence": ["a study"]}, "high"),
        (shown("yes"), {"evidence": ["a study"]}, "medium"),
        (shown("yes"), {"evidence": []}, "high"),
        (shown("yes"),
         {"evidence": ["a study"], "incidents": 1}, "high"),
    ],
)  # fmt: skip
def test_unlikely_has_to_be_shown(tmp_path, measures, kind, expected):
    path = answers(tmp_path, measures=measures, kinds={"cce_recruitment": {"likelihood": "unlikely", **kind}})
    assert level(draft_assessment(path), "cce_recruitment") == expected


@pytest.mark.parametrize(("count", "said"), [(None, "not counted"), (0, "none"), (5, "5 or fewer"), (1234, "1,234")])
def test_small_counts_of_incidents_are_not_printed(tmp_path, count, said):
    kinds = {"fe_accounts": {"likelihood": "likely", "incidents": count}}
    draft = draft_assessment(answers(tmp_path, kinds=kinds))
    part = draft[draft.index("### Use of children's bank accounts") :]
    assert f"Incidents known: {said}." in part


def test_both_parts_and_the_routes_are_there(tmp_path):
    draft = draft_assessment(answers(tmp_path))
    for words in ("Criminal exploitation of children", "Financial exploitation of children", "human trafficking",
                  "Control from a distance and collateral", "section 60", "section 23"):  # fmt: skip
        assert words in draft


def test_the_record_has_every_kind_that_the_act_names_and_both_that_it_does_not(tmp_path):
    draft = draft_assessment(answers(tmp_path, inputs={"complaints": "40 a month"}, access_assessed_on="2024-01-05"))
    parts = [TERMS["kinds"][k]["part"] for k in KINDS]
    assert (parts.count("primary priority content"), parts.count("priority content")) == (4, 8)
    assert [draft.index(f". {part['title']}\n") for part in TERMS["parts"].values()] == sorted(
        draft.index(f". {part['title']}\n") for part in TERMS["parts"].values()
    )
    assert all(f"### {TERMS['kinds'][k]['title']}: " in draft for k in KINDS)
    assert "Complaints and reports of users: 40 a month" in draft
    assert "5 January 2024" in draft
    assert "- Ofcom's risk profiles\n" in draft


def test_ages_of_a_kind_are_shown(tmp_path):
    draft = draft_assessment(answers(tmp_path, kinds={"pc_bullying": {"age_groups": ["10-12"]}}))
    part = draft[draft.index("### Bullying") :]
    assert part.index("Ages at risk: 10-12.") < part.index("###", 5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"service": {"name": "x"}}, "'service.description': is missing"),
        ({"colour": "red"}, "'colour': is not asked for"),
        ({"measures": [{"measure": "age_asurance"}]}, "has no 'age_asurance'"),
        ({"kinds": {"unknown": {}}}, "has no 'unknown'"),
        ({"inputs": {"complaint": "x"}}, "has no 'complaint'"),
    ],
)
def test_a_wrong_answer_is_named(tmp_path, change, said):
    with pytest.raises(SettingsError, match=said) as fault:
        draft_assessment(answers(tmp_path, **change))
    assert fault.value.mend


def test_the_terms_speak_of_behaviours_that_there_are():
    known = set(load_pack().codes["behaviour"].values)
    for kind in TERMS["kinds"].values():
        assert set(kind["behaviours"]) <= known
        assert set(kind["raised_by"]) <= set(TERMS["functions"])
    assert {k for r in TERMS["routes"] for k in r["if"]} <= set(KINDS)


def test_the_example_is_a_file_of_answers_that_can_be_filled_in(tmp_path):
    path = tmp_path / "answers.yaml"
    path.write_text(example_answers().replace('name: ""', "name: x").replace('description: ""', "description: y")
                    .replace('accountable: ""', "accountable: z"))  # fmt: skip
    out = tmp_path / "draft.md"
    said = CliRunner().invoke(app, ["risk-assessment", str(path), "-o", str(out)])
    assert said.exit_code == 0, said.output
    assert out.read_text().startswith("# Children's risk assessment: x")
