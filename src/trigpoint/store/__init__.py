"""Where facts lie: versioned tables on disk.

A store is a folder, `.trigpoint`, inside the folder of a partnership:

    tables/<name>/   one Delta table each: Parquet files and their log
    ledger/          one small file a commit: the version of every table that belongs together
    lock             held by the one writer; the operating system lets go of it when a process dies
    writing.json     who writes, what, since when; if it is there and nobody holds the lock, a writer died
    scratch/         what a large removal spills; cleared by every writer

What it promises:

- A transaction over many tables stands as a whole or not at all. A commit exists from the moment that its ledger file
  has its name. Before that, files and log entries are on the disk but nobody reads them, and the next writer takes
  them away.
- Readers take no lock and wait for nobody: they open the versions that a commit names.
- `purge` forgets rows truly: in every table, version, file and log. Nothing personal enters a log in the first place.
- The cost of an append or a removal follows the rows added or the files touched, not the size of the table.

    store = Store.open(folder)
    with store.write("load police") as tx:
        tx.append("events", rows)                # Arrow: a table, a reader, a DuckDB relation
        tx.replace("links", links)
        tx.delete("findings", pa.table({"child_key": keys}))
    store.read("events", columns=["event_id"], at=3)
    store.scan(con, "events")                    # a DuckDB view over the files, no copy
    with store.hold("run"):                      # nobody else writes between what is read and what is written by it
        ...
    store.purge({"records": "record_id = 'a1'"}, what="forget a child")

Not covered: file systems without locks that hold between machines, copies and backups made outside the folder, and
what a disk keeps of deleted blocks (use an encrypted disk).
"""

from trigpoint.store.columns import Rows
from trigpoint.store.ledger import Commit
from trigpoint.store.removal import Predicate
from trigpoint.store.snapshot import Snapshot
from trigpoint.store.store import Store
from trigpoint.store.writing import Writing

__all__ = ["Commit", "Predicate", "Rows", "Snapshot", "Store", "Writing"]
