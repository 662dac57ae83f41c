"""A well-behaved client: changes a row and reads it, over and over, and wants every answer right.

python3 bystander.py SOCKET DATABASE TABLE ROW-UUID. It begins by saying "ready", ends when its standard input does, and then
says {"answers", "median_ms", "worst_ms"}. A wrong answer or a closed connection: exit status 1, and what it was.
"""

import json
import pathlib
import select
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "serving"))

from served import Client  # noqa: E402

PAUSE_SECONDS = 0.002  # It is a bystander, not a load.


def main():
    path, database, table, uuid = sys.argv[1:]
    where = [["_uuid", "==", ["uuid", uuid]]]
    client = Client(path)
    client.socket.settimeout(240)
    took = []
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        count = len(took)
        began = time.perf_counter()
        answer = client.ask("transact", database,
                            {"op": "update", "table": table, "where": where, "row": {"number": count}},
                            {"op": "select", "table": table, "where": where, "columns": ["number"]})
        took.append((time.perf_counter() - began) * 1000)
        if answer != [{"count": 1}, {"rows": [{"number": count}]}]:
            sys.exit(f"bystander: after {count} right answers: {answer}")
    print(json.dumps({"answers": len(took), "median_ms": statistics.median(took), "worst_ms": max(took)}))


if __name__ == "__main__":
    main()
