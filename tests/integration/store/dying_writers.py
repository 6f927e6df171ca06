"""Writers that are killed, or meet a limit of the disk: run as a program, one forked child for each.

The program itself never touches a store, so that each child begins with libraries that have started no thread.

    python dying_writers.py FOLDER    reads lines of JSON: {"act": ..., "stage": ... or "limit": ...}
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path

import pyarrow as pa

from trigpoint.errors import StoreError
from trigpoint.store import Store

SCHEMAS = {
    "events": pa.schema([("event_id", pa.string()), ("easting", pa.int32())]),
    "links": pa.schema([("record_id", pa.string()), ("child_key", pa.string())]),
    "later": pa.schema([("name", pa.string())]),
}


def rows(count: int, *, stem: str) -> pa.Table:
    return pa.table({"event_id": [f"{stem}-{n}" for n in range(count)]})


def streamed(stage):
    """Rows in batches, with a stage of its own when the library is in the midst of them."""
    for number, batch in enumerate(rows(40_000, stem="new").to_batches(max_chunksize=4_000)):
        if number == 5:
            stage("half the rows are streamed")
        yield batch


def write(store: Store, stage) -> None:
    with store.write("a long load") as tx:
        reader = pa.RecordBatchReader.from_batches(pa.schema([("event_id", pa.string())]), streamed(stage))
        tx.append("events", reader)
        tx.delete("events", "event_id = 'old-1'")
        tx.replace("links", pa.table({"record_id": ["r2"], "child_key": ["c2"]}))
        tx.append("later", pa.table({"name": ["first of its table"]}))
        stage("before the end of the block")


def purge(store: Store, stage) -> None:
    del stage
    store.purge({"events": "event_id = 'old-1'", "links": "record_id = 'r1'"}, what="forget one child")


def expire(store: Store, stage) -> None:
    del stage
    store.expire(keep=1)


def compact(store: Store, stage) -> None:
    del stage
    store.compact(more_than=2)


ACTS = {"write": write, "purge": purge, "expire": expire, "compact": compact}


def live(folder: Path, *, act: str, stage: str | None, limit: int | None) -> str:
    reached = []

    def step(name: str) -> None:
        reached.append(name)
        if name == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    store = Store.open(folder, schemas=SCHEMAS, wait=5.0, step=step)
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        ACTS[act](store, step)
    except StoreError as fault:
        return json.dumps({"reached": reached, "error": str(fault)})
    return json.dumps({"reached": reached})


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        read, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            said = live(Path(order["folder"]), act=order["act"], stage=order.get("stage"), limit=order.get("limit"))
            os.write(write_end, said.encode())
            os._exit(0)
        os.close(write_end)
        with os.fdopen(read) as heard:
            said = heard.read()
        _, status = os.waitpid(child, 0)
        became = {"killed": os.WIFSIGNALED(status), "status": status, **json.loads(said or "{}")}
        sys.stdout.write(json.dumps(became) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
