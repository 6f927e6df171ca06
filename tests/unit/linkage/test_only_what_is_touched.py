"""A run that adds reads only what new records touch, and ends where linking everything does, counts included."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import N1, N2, SMALL_BLOCKS, judge, judgement_table, link_views, middling_model, random_views, rec

from trigpoint.linkage.clusters.outcome import Linked
from trigpoint.linkage.features import remembered
from trigpoint.linkage.features.remembered import read_memory

FEW = settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def after(draw: random.Random, views: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of the next run: some new, one changed, some gone, and now and then one that comes back."""
    now = [view for view in views if draw.random() > 0.1] + more[: draw.randrange(4)]
    if now:
        place = draw.randrange(len(now))
        now[place] = {**now[place], "given_names": draw.choice(["Oscar", "Kate", None]), "row_id": f"{draw.random()}"}
    return now


def said(draw: random.Random, views: list[dict[str, Any]], run: int) -> list[dict[str, Any]]:
    """A person's word on two records with NHS numbers, now and then on a pair that was judged before."""
    numbered = [view["record_id"] for view in views if view["nhs_number"]][:5]
    a, b = sorted(draw.sample(numbered, 2))
    return [judge(a, b, draw.choice(["same", "same", "different"]), at=f"2025-06-{run + 1:02d}", number=run)]


def same(step: Linked, whole: Linked) -> None:
    assert step.links == whole.links
    assert step.edges.drop(["weight", "probability"]) == whole.edges.drop(["weight", "probability"])
    assert step.questions == whole.questions
    assert step.model == whole.model
    assert step.changed_keys == whole.changed_keys
    assert step.quality.blocks == whole.quality.blocks
    assert step.quality.needs_attention == whole.quality.needs_attention


@FEW
@given(st.integers(0, 10_000))
def test_every_run_of_a_history_ends_where_linking_everything_does(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    draw, memory = random.Random(seed), tmp_path_factory.mktemp("touched")  # noqa: S311
    everybody, words = random_views(seed, 60), []
    views = everybody[:24]
    linked = link_views(views, model=middling_model(), settings=SMALL_BLOCKS, memory=memory)
    for run in range(5):
        views = after(draw, views, draw.sample(everybody, 10))
        views = list({view["record_id"]: view for view in views}.values())
        words += said(draw, everybody, run) if run > 1 else []
        known = {"known_links": linked.links, "model": linked.model, "settings": SMALL_BLOCKS,
                 "judgements": judgement_table(words)}  # fmt: skip
        whole = link_views(views, **known)
        step = link_views(views, new_record_ids=[], known_edges=linked.edges, memory=memory, **known)
        same(step, whole)
        linked = step
    left = read_memory(memory)
    assert left is not None
    assert len(left.segments) > 1  # what was remembered was built on, not made anew each time


@pytest.mark.parametrize("remembered", [True, False])
def test_a_word_about_two_numbers_reaches_the_records_that_bear_them_when_it_is_said_and_taken_back(
    tmp_path: Path, remembered: bool
) -> None:
    """The two others are not judged, and not alike enough to be kept as a pair before their numbers are one."""
    views = [
        rec("police", "Jack", "Smith", "2010-04-17", nhs=N1),
        rec("health", "Jack", "Khan", "2010-07-04", nhs=N2),
        rec("police", None, None, None, nhs=N1, local="17"),
        rec("health", None, None, None, nhs=N2, local="18"),
    ]
    memory = tmp_path if remembered else None
    words: list[dict[str, Any]] = []
    a, b = sorted(view["record_id"] for view in views[2:])
    linked = link_views(views, model=middling_model(), memory=memory)
    for verdict, children in (("same", 1), ("different", 2)):
        words.append(judge(a, b, verdict, at=f"2025-06-0{children}"))
        known = {"known_links": linked.links, "model": linked.model, "judgements": judgement_table(words)}
        whole = link_views(views, **known)
        step = link_views(views, new_record_ids=[], known_edges=linked.edges, memory=memory, **known)
        same(step, whole)
        of = {row["record_id"]: row["child_key"] for row in step.links.to_pylist()}
        assert len({of[view["record_id"]] for view in views[:2]}) == children
        linked = step


def test_a_pair_that_the_last_run_parted_is_weighed_as_parted(tmp_path: Path) -> None:
    """Marlow and Odell were one child; two NHS numbers part them. Next time they need what it takes to join."""
    homes = {"Marlow": {"postcode": "RV1 2AB"}, "Odell": {"postcode": "RV1 9ZZ"}}
    views = [
        rec(source, "Tamsin", surname, "2010-04-17", nhs=number, **home)
        for surname, home in homes.items()
        for source, number in (("police", None), ("health", N1 if surname == "Marlow" else N2))
    ]
    model = middling_model(300_000)
    alone = link_views(views, model=model).links
    together = alone.set_column(1, "child_key", [["CAAAAAAAAAA"] * len(views)])
    parted = link_views(views, model=model, known_links=together, memory=tmp_path)
    assert len(set(parted.links["child_key"].to_pylist())) == 2
    known = {"known_links": parted.links, "model": parted.model}
    whole = link_views(views, **known)
    assert whole.edges != parted.edges
    same(link_views(views, new_record_ids=[], known_edges=parted.edges, memory=tmp_path, **known), whole)


def test_a_block_that_outgrows_its_cap_gives_up_the_pairs_that_met_in_it_alone(tmp_path: Path) -> None:
    """Three records of one phone stand in a block of four; two more stop it, and a sixth that goes opens it again."""
    views = [{**view, "phones": ["+447700900123"]} for view in random_views(3, 7)]
    for size in (4, 7, 4):
        now = views[:size]
        if size == 4 and not read_memory(tmp_path):
            linked = link_views(now, model=middling_model(), settings=SMALL_BLOCKS, memory=tmp_path)
            continue
        known = {"known_links": linked.links, "model": linked.model, "settings": SMALL_BLOCKS}
        whole = link_views(now, **known)
        step = link_views(now, new_record_ids=[], known_edges=linked.edges, memory=tmp_path, **known)
        assert set(step.model.stopped_blocks) != set(linked.model.stopped_blocks)
        same(step, whole)
        linked = step


def test_a_run_that_broke_off_after_it_remembered_leaves_nothing_wrong(tmp_path: Path) -> None:
    memory, views = tmp_path / "linkage", random_views(11, 40)
    first = link_views(views[:25], model=middling_model(), settings=SMALL_BLOCKS, memory=memory)
    known = {"known_links": first.links, "model": first.model, "settings": SMALL_BLOCKS}
    adding = {"known_edges": first.edges, "memory": memory, **known}
    link_views(views[2:], new_record_ids=[], **adding)  # its links, edges and model were never kept
    ids = [view["record_id"] for view in views]
    same(link_views(views[1:], new_record_ids=ids, **adding), link_views(views[1:], **known))


def test_a_memory_with_a_file_missing_or_of_another_form_is_made_anew(tmp_path: Path) -> None:
    memory, views = tmp_path / "linkage", random_views(12, 30)
    first = link_views(views[:25], model=middling_model(), memory=memory)
    known = {"known_links": first.links, "model": first.model}
    whole = link_views(views, **known)
    for damage in ("keys-0001.parquet", "memory.json"):
        broken = tmp_path / damage
        shutil.copytree(memory, broken)
        (broken / damage).write_text('{"format": 1}', encoding="utf-8") if damage.endswith("json") else (
            broken / damage
        ).unlink()
        same(link_views(views, new_record_ids=[], known_edges=first.edges, memory=broken, **known), whole)


def test_a_memory_that_was_made_with_other_knowledge_of_names_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = random_views(13, 30)
    first = link_views(views[:25], model=middling_model(), memory=tmp_path)
    monkeypatch.setattr(remembered, "mark_of_names", lambda: "another list of names")
    known = {"known_links": first.links, "known_edges": first.edges, "model": first.model}
    link_views(views, new_record_ids=[], memory=tmp_path, **known)
    made = read_memory(tmp_path)
    assert made is not None
    assert made.segments == (2,)  # one for everybody, and nothing of the first


@pytest.mark.parametrize("remembered", [True, False])
def test_a_record_that_is_gone_no_longer_keeps_two_others_apart(tmp_path: Path, remembered: bool) -> None:
    """J may be Jack or Joshua, so it is neither; the record of Joshua is withdrawn, and J is Jack."""
    home = {"postcode": "RV1 2AB"}
    views = [
        rec("police", "J", "Marlow", "2010-04-17", **home),
        rec("health", "Jack", "Marlow", "2010-04-17", **home),
        rec("education", "Joshua", "Marlow", "2010-04-17", **home),
    ]
    memory = tmp_path if remembered else None
    first = link_views(views, model=middling_model(), memory=memory)
    assert len(set(first.links["child_key"].to_pylist())) == 3
    known = {"known_links": first.links, "model": first.model}
    whole = link_views(views[:2], **known)
    assert len(set(whole.links["child_key"].to_pylist())) == 1
    same(link_views(views[:2], new_record_ids=[], known_edges=first.edges, memory=memory, **known), whole)
