"""The ten in pandas, over frames in memory: each gives child_key and event_id, a row a piece of evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

DAY = 86_400
BOTH = ["child_key", "event_id"]


@dataclass(frozen=True)
class Frames:
    """The tables; `recent` is where a look back of 12 months begins, `as_at` the last second."""

    events: pd.DataFrame
    mentions: pd.DataFrame
    recent: int
    as_at: int

    def of(self, *kinds: str, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        rows = self.events.loc[self.events["kind"].isin(kinds), [*BOTH, "t", *columns]]
        return rows.sort_values(["child_key", "t"], ignore_index=True)


def _before_a_hit(judged: pd.DataFrame, hit: pd.Series, *, within: int) -> pd.DataFrame:
    """Events at most `within` seconds before the next event that is a hit. Of events at one time all see its hit."""
    hit_t = judged["t"].where(hit).groupby([judged["child_key"], judged["t"]], sort=False).transform("max")
    following = hit_t.groupby(judged["child_key"], sort=False).bfill()
    return judged[following - judged["t"] <= within]


def _distinct(events: pd.DataFrame, column: str, *, at_least: int, within: int) -> pd.DataFrame:
    """Whether the last times of `at_least` values lie in the window; children with fewer values are left out first."""
    several = events.groupby("child_key", sort=False)[column].transform("nunique") >= at_least
    events = events[several].reset_index(drop=True)
    last = []
    for value in events[column].dropna().unique() if events[column].nunique() < 20 else ():
        at = events["t"].where(events[column] == value)
        at = at.groupby([events["child_key"], events["t"]], sort=False).transform("max")
        last.append(at.groupby(events["child_key"], sort=False).ffill() >= events["t"] - within)
    if last:
        return _before_a_hit(events, sum(one.astype(int) for one in last) >= at_least, within=within)
    pairs = events.merge(events[["child_key", "t", column]], on="child_key", suffixes=("", "_before"))
    before = pairs["t"] - pairs["t_before"]
    pairs = pairs[(before >= 0) & (before <= within)]
    counted = pairs.groupby("event_id")[f"{column}_before"].nunique()
    return _before_a_hit(events, events["event_id"].map(counted) >= at_least, within=within)


def missing_three_times(f: Frames) -> pd.DataFrame:
    missing = f.of("missing")
    third = missing["t"] - missing.groupby("child_key", sort=False)["t"].shift(2) <= 90 * DAY
    return _before_a_hit(missing, third, within=90 * DAY)


def found_in_three_places(f: Frames) -> pd.DataFrame:
    return _distinct(f.of("found", columns=("place_id",)), "place_id", at_least=3, within=180 * DAY)


def three_agencies(f: Frames) -> pd.DataFrame:
    kinds = ("missing", "arrest", "victim_of_violence", "concern_noted", "suspension", "ae_attendance",
             "mule_account_suspected", "online_contact", "intelligence")  # fmt: skip
    return _distinct(f.of(*kinds, columns=("agency",)), "agency", at_least=3, within=90 * DAY)


def second_phone_and_withdrawal(f: Frames) -> pd.DataFrame:
    chosen = f.of("concern_noted", columns=("about",))
    chosen = chosen[chosen["about"].isin(["second_phone", "isolation", "change_in_behaviour", "fear"])]
    phone = chosen["about"] == "second_phone"

    def lately(one: pd.Series) -> pd.Series:
        at = chosen["t"].where(one).groupby([chosen["child_key"], chosen["t"]], sort=False).transform("max")
        return chosen["t"] - at.groupby(chosen["child_key"], sort=False).ffill() <= 90 * DAY

    return _before_a_hit(chosen, lately(phone) & lately(~phone), within=90 * DAY)


def found_far_from_home(f: Frames) -> pd.DataFrame:
    placed = {"easting": "base_e", "northing": "base_n", "event_id": "base"}
    found = f.of("found", columns=("easting", "northing")).dropna(subset="easting").sort_values("t")
    homes = f.of("home", columns=("easting", "northing")).rename(columns=placed).sort_values("t")
    spells = f.of("placement", columns=("t_end", "easting", "northing")).rename(columns={**placed, "t": "from_t"})
    held = found[[*BOTH, "t"]].merge(spells, on="child_key")
    held = held[(held["from_t"] <= held["t"]) & (held["t"] <= held["t_end"].fillna(2**60))]
    held = held.sort_values(["from_t", "base"]).drop_duplicates("event_id", keep="last").set_index("event_id")
    based = pd.merge_asof(found, homes, on="t", by="child_key")
    unhoused = based["base"].isna()
    first = homes.drop_duplicates("child_key").set_index("child_key")
    for column in placed.values():
        based.loc[unhoused, column] = based.loc[unhoused, "child_key"].map(first[column])
        inside = based["event_id"].isin(held.index)
        based.loc[inside, column] = based.loc[inside, "event_id"].map(held[column])
    along = {column: based[column].astype("float64") for column in ("easting", "northing", "base_e", "base_n")}
    away = np.hypot(along["easting"] - along["base_e"], along["northing"] - along["base_n"])
    far = based[away.round() >= 30_000]
    return pd.concat([far[BOTH], far[["child_key", "base"]].rename(columns={"base": "event_id"})])


def excluded_then_missing(f: Frames) -> pd.DataFrame:
    out = f.of("suspension", "permanent_exclusion").rename(columns={"event_id": "before"})
    out = out.groupby(["child_key", "t"], as_index=False)["before"].max()
    out = out.assign(t_before=out["t"], t=out["t"] + DAY)  # dated without a time: over the next day
    pairs = pd.merge_asof(f.of("missing").sort_values("t"), out.sort_values("t"), on="t", by="child_key")
    pairs = pairs[pairs["t"] - pairs["t_before"] <= 30 * DAY]
    return pd.concat([pairs[BOTH], pairs[["child_key", "before"]].rename(columns={"before": "event_id"})])


def no_return_interview(f: Frames) -> pd.DataFrame:
    found = f.of("found").sort_values("t")
    found = found[(found["t"] >= f.recent) & (found["t"] + 3 * DAY <= f.as_at)]
    spoken = f.of("return_interview_offered", "return_interview")[["child_key", "t"]].sort_values("t")
    met = pd.merge_asof(found, spoken.assign(then=spoken["t"]), on="t", by="child_key", direction="forward")
    return met[~(met["then"] - met["t"] <= 3 * DAY)]


def attendance_fell(f: Frames) -> pd.DataFrame:
    seen = f.of("attendance", columns=("percent",)).dropna(subset="percent").reset_index(drop=True)
    seen["percent"] = seen["percent"].astype("int64")
    at = seen.set_index(pd.to_datetime(seen["t"], unit="s")).groupby("child_key", sort=False)["percent"]
    window = at.rolling(pd.Timedelta(seconds=180 * DAY), closed="left")
    n, total = (np.nan_to_num(one.to_numpy()) for one in (window.count(), window.sum()))
    seen["hit"] = (n >= 2) & (n * seen["percent"] <= total - 20 * n)
    hits = seen.loc[seen["hit"], ["child_key", "t"]].drop_duplicates().sort_values("t")
    later = pd.merge_asof(
        seen.sort_values("t"), hits.assign(next_hit=hits["t"]), on="t", by="child_key",
        direction="forward", allow_exact_matches=False,
    )  # fmt: skip
    return later[later["hit"] | (later["next_hit"] - later["t"] <= 180 * DAY)]


def missing_with_another_child(f: Frames) -> pd.DataFrame:
    found = f.of("found", columns=("place_id",)).dropna(subset="place_id")
    pairs = found.merge(found, on="place_id", suffixes=("", "_other"))
    beside = (pairs["t"] - pairs["t_other"]).abs() <= 43_200
    pairs = pairs[beside & (pairs["child_key"] != pairs["child_key_other"])]
    few = pairs[pairs.groupby("event_id")["child_key_other"].transform("nunique") <= 10]
    return pd.concat([few[BOTH], few[["child_key", "event_id_other"]].set_axis(BOTH, axis=1)]).drop_duplicates()


def phone_shared(f: Frames) -> pd.DataFrame:
    phones = f.mentions.loc[f.mentions["kind"] == "phone", [*BOTH, "value"]]
    held = phones[["value", "child_key"]].drop_duplicates().groupby("value").size()
    told = phones[phones["value"].isin(held.index[held.between(2, 11)]) & phones["event_id"].notna()]
    kinds = ("arrest", "stop_search", "missing", "found", "intelligence", "concern_noted")
    here = told[told["event_id"].isin(f.events.loc[f.events["kind"].isin(kinds), "event_id"])]
    other = here.merge(told, on="value", suffixes=("", "_other"))
    other = other.loc[other["child_key"] != other["child_key_other"], ["child_key", "event_id_other"]]
    return pd.concat([here[BOTH], other.set_axis(BOTH, axis=1)]).drop_duplicates()


BY_INDICATOR: dict[str, Callable[[Frames], pd.DataFrame]] = {
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


def met(evidence: pd.DataFrame) -> pd.DataFrame:
    """child_key and its sorted evidence."""
    rows = evidence[BOTH].drop_duplicates().sort_values("event_id")
    return rows.groupby("child_key")["event_id"].agg(list).rename("event_ids").reset_index()
