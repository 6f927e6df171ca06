"""What must always hold: order, proportion, keys, judgements, silence of the log."""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from invented import (
    AT,
    SMALL_BLOCKS,
    groups,
    judge,
    judgement_table,
    link_views,
    middling_model,
    random_views,
    rec,
    table,
)

from trigpoint.errors import LinkageError
from trigpoint.linkage.features.people import TF_COLUMNS
from trigpoint.linkage.features.remembered import MOST_SEGMENTS
from trigpoint.linkage.link import link
from trigpoint.linkage.scoring.model import LinkSettings


def judgements_of(seed: int, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    draw = random.Random(seed + 1)  # noqa: S311  a seed that repeats, not a secret
    made = []
    for number in range(draw.randrange(4)):
        a, b = sorted(draw.sample([v["record_id"] for v in views], 2))
        made.append(judge(a, b, draw.choice(["same", "different"]), at=f"2025-06-{number + 1:02d}", number=number))
    return made


def keys(linked: Any) -> dict[str, str]:
    return {row["record_id"]: row["child_key"] for row in linked.links.to_pylist()}


SOME = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SOME
@given(st.integers(0, 10_000))
def test_another_order_gives_the_same_keys(seed: int) -> None:
    views = random_views(seed, 14)
    turned = sorted(views, key=lambda v: v["row_id"])
    assert keys(link_views(views, model=middling_model())) == keys(link_views(turned, model=middling_model()))


# "Same" of an old record and a new one with another NHS number: all old records of the two numbers are one person's.
TWO_NUMBERS_BECOME_ONE = 536


@SOME
@given(st.integers(0, 10_000), st.integers(1, 8), st.booleans())
@example(TWO_NUMBERS_BECOME_ONE, 1, True)
@example(TWO_NUMBERS_BECOME_ONE, 4, False)
def test_adding_records_ends_where_linking_everything_does(
    tmp_path_factory: pytest.TempPathFactory, seed: int, added: int, tight: bool
) -> None:
    memory = tmp_path_factory.mktemp("remembered") / "linkage"
    chosen = SMALL_BLOCKS if tight else LinkSettings()
    views = random_views(seed, 18)
    words = judgement_table(judgements_of(seed, views))
    old, new = views[:-added], [v["record_id"] for v in views[-added:]]
    first = link_views(old, model=middling_model(), judgements=words, settings=chosen, memory=memory)
    known = {"known_links": first.links, "judgements": words, "settings": chosen}
    whole = link_views(views, model=first.model, **known)
    step = link_views(views, model=first.model, new_record_ids=new, known_edges=first.edges, memory=memory, **known)
    assert (memory / "people-0002.parquet").is_file()  # it did build on what the first run left
    assert keys(step) == keys(whole)
    for name in ("record_a", "record_b", "decided_by", "reason"):
        assert step.edges[name].to_pylist() == whole.edges[name].to_pylist()
    assert step.questions.to_pylist() == whole.questions.to_pylist()
    assert step.model == whole.model


@SOME
@given(st.integers(0, 10_000))
def test_changing_and_removing_records_ends_there_too(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    memory = tmp_path_factory.mktemp("remembered") / "linkage"
    views = random_views(seed, 18)
    first = link_views(views, model=middling_model(), settings=SMALL_BLOCKS, memory=memory)
    changed = {**views[3], "given_names": "Oscar", "surname": "Khan", "postcode": "RV4 7QD"}
    after = [*views[:3], changed, *views[4:-2]]
    known = {"known_links": first.links, "settings": SMALL_BLOCKS, "model": first.model}
    whole = link_views(after, **known)
    # The changed record is not even named: what is remembered of it no longer fits its views.
    changed["row_id"] = "a changed row"
    step = link_views(after, new_record_ids=[], known_edges=first.edges, memory=memory, **known)
    assert keys(step) == keys(whole)
    assert step.edges.drop(["weight", "probability"]) == whole.edges.drop(["weight", "probability"])
    assert step.questions == whole.questions


def test_what_is_remembered_is_made_anew_for_another_model_and_survives_many_small_runs(tmp_path: Path) -> None:
    memory, views = tmp_path / "linkage", random_views(5, 40)
    linked = link_views(views[:10], model=middling_model(), memory=memory)
    for size in range(11, 40, 2):
        known = {"known_links": linked.links, "known_edges": linked.edges, "model": linked.model}
        linked = link_views(views[:size], new_record_ids=[], memory=memory, **known)
    assert keys(linked) == keys(link_views(views[:39], model=linked.model, known_links=linked.links))
    assert len(list(memory.glob("people-*.parquet"))) <= MOST_SEGMENTS
    other = replace(linked.model, crowded_postcodes=("RV1 2AB",))
    again = link_views(views[:39], model=other, known_links=linked.links, known_edges=linked.edges, new_record_ids=[],
                       memory=memory)  # fmt: skip
    assert again.links.num_rows == 39
    assert len(list(memory.glob("people-*.parquet"))) == 1


@SOME
@given(st.integers(0, 10_000))
def test_no_order_of_arrival_overturns_a_judgement(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  a seed that repeats, not a secret
    views = random_views(seed, 12)
    a, b = (v["record_id"] for v in draw.sample(views, 2))
    verdict = draw.choice(["same", "different"])
    words = judgement_table([judge(a, b, verdict)])
    draw.shuffle(views)
    before: dict[str, Any] = {"model": middling_model()}
    for cut in (4, 8, 12):
        new = [v["record_id"] for v in views[cut - 4 : cut]] if "known_edges" in before else None
        linked = link_views(views[:cut], judgements=words, new_record_ids=new, **before)
        before = {"known_links": linked.links, "known_edges": linked.edges, "model": linked.model}
        found = keys(linked)
        if a in found and b in found:
            assert (found[a] == found[b]) == (verdict == "same")


def test_no_child_holds_two_nhs_numbers_or_two_numbers_of_one_source() -> None:
    for seed in range(3):
        views = random_views(seed, 80)
        by_id = {v["record_id"]: v for v in views}
        for group in groups(link_views(views, model=middling_model())):
            assert len({by_id[r]["nhs_number"] for r in group} - {None}) <= 1
            held = [(by_id[r]["source"], by_id[r]["local_id"]) for r in group if by_id[r]["local_id"]]
            doubled = len(held) - len({source for source, _ in held})
            # Two numbers of one source may only meet where the NHS number is the same too.
            assert doubled == 0 or {by_id[r]["nhs_number"] for r in group} - {None}


HOME = {"postcode": "RV1 2AB"}


def test_a_key_stays_when_an_older_record_arrives() -> None:
    views = [rec("police", "Tamsin", "Marlow", "2010-04-17", **HOME)]
    first = link_views(views, model=middling_model())
    views.append(rec("health", "Tamsin", "Marlow", "2010-04-17", learnt="2019-01-01", **HOME))
    second = link_views(views, model=middling_model(), known_links=first.links)
    assert set(keys(second).values()) == set(keys(first).values())
    assert second.successions.num_rows == 0
    assert second.changed_keys.to_pylist() == list(set(keys(first).values()))


def test_a_merge_keeps_the_key_with_most_records_and_says_so() -> None:
    views = [
        rec("police", "Tamsin", "Marlow", "2010-04-17", **HOME),
        rec("health", "Tamsin", "Marlow", "2010-04-17", **HOME),
        rec("education", "Rosa", "Odell", "2011-02-03"),
    ]
    first = link_views(views, model=middling_model())
    big, lone = keys(first)[views[0]["record_id"]], keys(first)[views[2]["record_id"]]
    words = judgement_table([judge(views[0]["record_id"], views[2]["record_id"], "same")])
    second = link_views(views, model=middling_model(), known_links=first.links, judgements=words)
    assert set(keys(second).values()) == {big}
    [succession] = second.successions.to_pylist()
    assert (succession["old_key"], succession["new_key"], succession["at"]) == (lone, big, AT)


def test_a_move_of_a_child_with_casework_is_a_question() -> None:
    views = [
        rec("police", "Tamsin", "Marlow", "2010-04-17", **HOME),
        rec("health", "Tamsin", "Marlow", "2010-04-17", **HOME),
        rec("education", "Rosa", "Odell", "2011-02-03"),
    ]
    first = link_views(views, model=middling_model())
    held = keys(first)[views[2]["record_id"]]
    words = judgement_table([judge(views[0]["record_id"], views[2]["record_id"], "same")])
    known = {"known_links": first.links, "judgements": words, "model": middling_model()}
    assert link_views(views, **known).questions.num_rows == 0
    [question] = link_views(views, held_keys=[held], **known).questions.to_pylist()
    assert question["kind"] == "casework"
    assert question["child_keys"][0] == held
    assert question["record_a"] == views[2]["record_id"]
    assert question["record_b"] != question["record_a"]
    parting = judgement_table([judge(views[0]["record_id"], views[1]["record_id"], "different")])
    both = keys(first)[views[0]["record_id"]]
    again = link_views(views, held_keys=[both], **{**known, "judgements": parting})
    assert [q["kind"] for q in again.questions.to_pylist()] == ["casework"]


def test_a_split_keeps_the_key_with_most_records_and_says_so() -> None:
    views = [
        rec(s, "Tamsin", "Marlow", "2010-04-17", learnt=day, **HOME)
        for s, day in (("police", "2025-01-03"), ("health", "2025-01-02"), ("education", "2025-01-01"))
    ]
    first = link_views(views, model=middling_model())
    [key] = set(keys(first).values())
    lone = views[2]["record_id"]
    words = judgement_table([judge(lone, v["record_id"], "different", number=n) for n, v in enumerate(views[:2])])
    second = link_views(views, model=middling_model(), known_links=first.links, judgements=words)
    assert [keys(second)[v["record_id"]] == key for v in views] == [True, True, False]
    [succession] = second.successions.to_pylist()
    assert (succession["old_key"], succession["new_key"]) == (key, keys(second)[lone])
    assert "another child" in succession["why"]


def test_a_key_is_a_c_and_ten_characters_and_tells_nothing() -> None:
    [key] = set(keys(link_views([rec("police", "Tamsin", "Marlow", "2010-04-17")])).values())
    assert len(key) == 11
    assert key[0] == "C"
    assert set(key[1:]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_a_joined_pair_needs_less_to_stay_than_to_join() -> None:
    views = [
        rec("police", "Tamsin", "Marlow", "2010-04-17", postcode="RV1 2AB"),
        rec("health", "Tamsin", "Odell", "2010-04-17", postcode="RV1 9ZZ"),
    ]
    model = middling_model(300_000)
    new = link_views(views, model=model)
    assert 0.8 <= new.edges["probability"][0].as_py() < 0.95
    assert len(groups(new)) == 2
    together = new.links.set_column(1, "child_key", [["CAAAAAAAAAA", "CAAAAAAAAAA"]])
    assert len(groups(link_views(views, model=model, known_links=together))) == 1


def test_nothing_personal_in_logs_or_errors(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    views = [rec(s, f"Zebedee{n}", "Quillfeather", "2010-04-17", postcode="RV1 2AB") for n in range(60) for s in "ab"]
    link_views(views, settings=LinkSettings(train_from_records=100, block_cap=20))
    assert "blocks were too large" in caplog.text
    assert "Starting EM" not in caplog.text
    for planted in ("ebedee", "uillfeather", "RV1 2AB", "2010-04-17", "20100417"):
        assert planted not in caplog.text


def test_a_judgement_with_a_third_verdict_is_refused() -> None:
    words = judgement_table([judge("a" * 20, "b" * 20, "perhaps")])
    with pytest.raises(LinkageError, match="neither 'same' nor 'different'"):
        link_views([rec("police", "Tamsin", "Marlow", "2010-04-17")], judgements=words)


def test_adding_without_the_known_edges_is_refused() -> None:
    with pytest.raises(LinkageError, match="edges are not known"):
        link_views([rec("police", "Tamsin", "Marlow", None)], model=middling_model(), new_record_ids=["x"])


def test_no_records_at_all() -> None:
    linked = link_views([])
    assert (linked.links.num_rows, linked.edges.num_rows, linked.questions.num_rows) == (0, 0, 0)


def test_nothing_is_left_in_the_connection() -> None:
    with duckdb.connect() as con:
        con.register("views_in", table([rec("police", "Tamsin", "Marlow", "2010-04-17")]))
        con.execute("CREATE TABLE records AS FROM views_in")
        link(con, "records", at=AT)
        left = con.execute("SELECT table_name FROM information_schema.tables").fetchall()
    assert {name for (name,) in left} == {"records", "views_in"}


def test_settings_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(LinkageError, match="ask <= stay <= join"):
        LinkSettings(join=0.7, stay=0.9)


def test_frequencies_are_counted_for_weights_without_them() -> None:
    bare = replace(middling_model(), frequencies={})
    linked = link_views([rec("police", "Tamsin", "Marlow", "2010-04-17")], model=bare)
    assert linked.model.splink == bare.splink
    assert set(linked.model.frequencies) == set(TF_COLUMNS)
