"""One of several processes that write to one store: `python writing_in_turn.py FOLDER NAME COMMITS`."""

import sys

import pyarrow as pa
from dying_writers import SCHEMAS

from trigpoint.store import Store


def main() -> None:
    folder, name, commits = sys.argv[1], sys.argv[2], int(sys.argv[3])
    store = Store.open(folder, schemas=SCHEMAS, wait=60.0)
    for number in range(commits):
        with store.write(f"load by {name}") as tx:
            tx.append("events", pa.table({"event_id": [f"{name}-{number}"] * 3}))
            so_far = tx.read("links").num_rows
            tx.append("links", pa.table({"record_id": [f"{name}-{number}"], "child_key": [str(so_far)]}))


if __name__ == "__main__":
    main()
