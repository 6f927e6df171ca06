"""A child's timeline on the screen: what several sources tell of one episode is one entry that names each of them."""

from riverside import Ran
from trigpoint.services.current import show_current
from trigpoint.services.gather_facts import retold_sql
from trigpoint.services.read_timeline import ChildTimeline, read_timeline
from trigpoint.services.show_child import show_child
from trigpoint.services.tell_once import told_once
from trigpoint.services.workspace import Workspace, open_workspace


def told_most(workspace: Workspace) -> tuple[str, dict[str, int]]:
    """The child with the most episodes that several sources tell, and the core's own grouping of its events."""
    show_current(workspace)
    workspace.store.scan(workspace.con, "links")
    told = workspace.con.execute(f"""
        select l.child_key, r.event_id, r.episode
        from ({retold_sql(workspace)}) r join events e using (event_id) join links l using (record_id)""").fetchall()
    keys = [key for key, _event, _episode in told]
    most = max(sorted(set(keys)), key=keys.count)
    return most, {event_id: episode for key, event_id, episode in told if key == most}


def together(timeline: ChildTimeline) -> set[frozenset[str]]:
    groups = ({one.event_id, *(each.event_id for each in again)} for one, again in told_once(timeline.events))
    return {frozenset(group) for group in groups if len(group) > 1}


def test_a_timeline_puts_together_what_the_core_counts_once(ran: Ran) -> None:
    with open_workspace(ran.folder) as workspace:
        child, episodes = told_most(workspace)
        timeline = read_timeline(workspace, child)
    groups: dict[int, set[str]] = {}
    for event_id, episode in episodes.items():
        groups.setdefault(episode, set()).add(event_id)
    assert together(timeline) == {frozenset(group) for group in groups.values()}
    assert len(groups) > 3
    whole = [each.event_id for one, again in told_once(timeline.events) for each in (one, *again)]
    assert sorted(whole) == sorted(one.event_id for one in timeline.events)


def test_show_tells_each_episode_once_and_cites_every_source(ran: Ran) -> None:
    with open_workspace(ran.folder) as workspace:
        child, episodes = told_most(workspace)
        timeline, lines = read_timeline(workspace, child), show_child(workspace, child)
    shown = lines[lines.index("\nTIMELINE") + 1 :]
    again = [line for line in shown if "the same episode, as" in line]
    assert len(again) == len(episodes) - len(set(episodes.values()))
    for one in timeline.events:  # no telling is dropped
        assert sum(line.strip().startswith(one.event_id) for line in shown) == 1
    entries = [line for line in shown if line.startswith("  20")]
    assert len(entries) == len(timeline.events) - len(again)
