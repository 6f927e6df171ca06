"""The ten in Polars, over frames in memory: lazy queries of child_key and event_id, a row a piece of evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

DAY = 86_400
BOTH = ["child_key", "event_id"]


@dataclass(frozen=True)
class Frames:
    """The tables; `recent` is where a look back of 12 months begins, `as_at` the last second."""

    events: pl.LazyFrame
    mentions: pl.LazyFrame
    recent: int
    as_at: int

    def of(self, *kinds: str) -> pl.LazyFrame:
        return self.events.filter(pl.col("kind").is_in(kinds)).sort("child_key", "t")


def _before_a_hit(judged: pl.LazyFrame, *, within: int) -> pl.LazyFrame:
    """Events at most `within` seconds before the next event that is a hit. Of events at one time all see its hit."""
    hit_t = pl.when("hit").then("t")
    hits = judged.with_columns(hit_t=hit_t.max().over("child_key", "t"))
    return hits.filter(pl.col("hit_t").fill_null(strategy="backward").over("child_key") - pl.col("t") <= within)


def _distinct(events: pl.LazyFrame, column: str, *, at_least: int, within: int) -> pl.LazyFrame:
    windows = events.rolling("t", period=f"{within}i", closed="both", group_by="child_key")
    counted = windows.agg(hit=pl.col(column).drop_nulls().n_unique() >= at_least).unique()
    return _before_a_hit(events.join(counted, on=["child_key", "t"]).sort("child_key", "t"), within=within)


def missing_three_times(f: Frames) -> pl.LazyFrame:
    third = pl.col("t") - pl.col("t").shift(2).over("child_key") <= 90 * DAY
    return _before_a_hit(f.of("missing").with_columns(hit=third), within=90 * DAY)


def found_in_three_places(f: Frames) -> pl.LazyFrame:
    return _distinct(f.of("found"), "place_id", at_least=3, within=180 * DAY)


def three_agencies(f: Frames) -> pl.LazyFrame:
    kinds = ("missing", "arrest", "victim_of_violence", "concern_noted", "suspension", "ae_attendance",
             "mule_account_suspected", "online_contact", "intelligence")  # fmt: skip
    return _distinct(f.of(*kinds), "agency", at_least=3, within=90 * DAY)


def second_phone_and_withdrawal(f: Frames) -> pl.LazyFrame:
    named = ["second_phone", "isolation", "change_in_behaviour", "fear"]
    chosen = f.of("concern_noted").filter(pl.col("about").is_in(named))
    phone = pl.col("about") == "second_phone"

    def lately(one: pl.Expr) -> pl.Expr:
        last = pl.when(one).then("t").max().over("child_key", "t").fill_null(strategy="forward").over("child_key")
        return (pl.col("t") - last <= 90 * DAY).fill_null(value=False)

    return _before_a_hit(chosen.with_columns(hit=lately(phone) & lately(~phone)), within=90 * DAY)


def found_far_from_home(f: Frames) -> pl.LazyFrame:
    placed = {"easting": "base_e", "northing": "base_n", "event_id": "base"}
    found = f.of("found").filter(pl.col("easting").is_not_null()).select(*BOTH, "t", "easting", "northing")
    homes = f.of("home").select("child_key", "t", *placed).rename(placed).sort("t")
    spells = f.of("placement").select("child_key", "t", "t_end", *placed).rename({**placed, "t": "from_t"})
    held = (
        found.select(*BOTH, "t")
        .join(spells, on="child_key")
        .filter((pl.col("from_t") <= pl.col("t")) & (pl.col("t") <= pl.col("t_end").fill_null(2**60)))
        .sort("from_t", "base")
        .unique("event_id", keep="last")
    )
    lived = found.sort("t").join_asof(homes, on="t", by="child_key", check_sortedness=False)
    first = homes.unique("child_key", keep="first")
    on_first = lived.filter(pl.col("base").is_null()).drop(placed.values()).join(first.drop("t"), on="child_key")
    at_home = pl.concat([lived.filter(pl.col("base").is_not_null()), on_first])
    columns = [*BOTH, "easting", "northing", *placed.values()]
    based = pl.concat(
        [
            at_home.join(held, on="event_id", how="anti").select(columns),
            found.join(held.select("event_id", *placed.values()), on="event_id").select(columns),
        ]
    )
    across = (pl.col("easting") - pl.col("base_e")).cast(pl.Int64) ** 2
    up = (pl.col("northing") - pl.col("base_n")).cast(pl.Int64) ** 2
    far = based.filter((across + up).sqrt().round() >= 30_000)
    return pl.concat([far.select(BOTH), far.select("child_key", event_id="base")])


def excluded_then_missing(f: Frames) -> pl.LazyFrame:
    out = f.of("suspension", "permanent_exclusion").group_by("child_key", "t").agg(before=pl.col("event_id").max())
    out = out.with_columns(t_before="t", t=pl.col("t") + DAY).sort("t")  # dated without a time: over the next day
    missing = f.of("missing").select(*BOTH, "t").sort("t")
    pairs = missing.join_asof(out, on="t", by="child_key", check_sortedness=False)
    pairs = pairs.filter(pl.col("t") - pl.col("t_before") <= 30 * DAY)
    return pl.concat([pairs.select(BOTH), pairs.select("child_key", event_id="before")])


def no_return_interview(f: Frames) -> pl.LazyFrame:
    found = f.of("found").filter((pl.col("t") >= f.recent) & (pl.col("t") + 3 * DAY <= f.as_at)).sort("t")
    spoken = f.of("return_interview_offered", "return_interview").select("child_key", "t", then="t").sort("t")
    met = found.join_asof(spoken, on="t", by="child_key", strategy="forward", check_sortedness=False)
    return met.filter((pl.col("then") - pl.col("t") > 3 * DAY).fill_null(value=True))


def attendance_fell(f: Frames) -> pl.LazyFrame:
    seen = f.of("attendance").filter(pl.col("percent").is_not_null()).select(*BOTH, "t", "percent")
    windows = seen.rolling("t", period=f"{180 * DAY}i", closed="left", group_by="child_key")
    past = windows.agg(n=pl.len(), total=pl.col("percent").sum()).unique()
    judged = seen.join(past, on=["child_key", "t"]).sort("child_key", "t")
    hit = (pl.col("n") >= 2) & (pl.col("n") * pl.col("percent") <= pl.col("total") - 20 * pl.col("n"))
    judged = judged.with_columns(hit=hit)
    hits = judged.filter("hit").select("child_key", next_hit="t").unique().sort("next_hit")
    later = judged.sort("t").join_asof(
        hits, left_on="t", right_on="next_hit", by="child_key", strategy="forward",
        allow_exact_matches=False, check_sortedness=False,
    )  # fmt: skip
    return later.filter(pl.col("hit") | (pl.col("next_hit") - pl.col("t") <= 180 * DAY).fill_null(value=False))


def missing_with_another_child(f: Frames) -> pl.LazyFrame:
    found = f.of("found").filter(pl.col("place_id").is_not_null()).select(*BOTH, "t", "place_id")
    pairs = found.join(found, on="place_id", suffix="_other").filter(
        (pl.col("child_key") != pl.col("child_key_other")) & ((pl.col("t") - pl.col("t_other")).abs() <= 43_200)
    )
    few = pairs.filter(pl.col("child_key_other").n_unique().over("event_id") <= 10)
    return pl.concat([few.select(BOTH), few.select("child_key", event_id="event_id_other")]).unique()


def phone_shared(f: Frames) -> pl.LazyFrame:
    phones = f.mentions.filter(pl.col("kind") == "phone").select(*BOTH, "value")
    held = phones.select("value", "child_key").unique().group_by("value").len()
    rare = held.filter(pl.col("len").is_between(2, 11)).select("value")
    told = phones.join(rare, on="value", how="semi").filter(pl.col("event_id").is_not_null())
    kinds = ("arrest", "stop_search", "missing", "found", "intelligence", "concern_noted")
    asked = f.events.filter(pl.col("kind").is_in(kinds)).select("event_id")
    here = told.join(asked, on="event_id", how="semi")
    other = here.join(told, on="value", suffix="_other").filter(pl.col("child_key") != pl.col("child_key_other"))
    return pl.concat([here.select(BOTH), other.select("child_key", event_id="event_id_other")]).unique()


BY_INDICATOR: dict[str, Callable[[Frames], pl.LazyFrame]] = {
    "missing_three_times_in_90_days": missing_three_times,
    "found_in_three_places": found_in_three_places,
    "three_agencies_in_90_days": three_agencies,
    "second_phone_and_withdrawal": second_phone_and_withdrawal,
    "found_far_from_home": found_far_from_home,
    "excluded_then_missing": excluded_then_missing,
    "missing_no_return_interview": no_return_interview,
    "attendance_fell": attendance_fell,
    "missing_with_another_child": missing_with_another_child,
    "phone_shared_with_another_child": phone_shared,
}


def met(query: pl.LazyFrame) -> pl.DataFrame:
    """child_key and its sorted evidence."""
    evidence = query.select(BOTH).group_by("child_key").agg(event_ids=pl.col("event_id").unique().sort())
    return evidence.collect()
