#!/usr/bin/python3
"""Runs our ovsdb-client and Open vSwitch's own against the same server and compares what they do.

usage: dbclient_test.py OVSDB_CLIENT [--server=OVSDB_SERVE]    on our server, or on Open vSwitch's ovsdb-server

Output and exit status are the same; where one has an error, so has the other, in its own words.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "vsctl"))

from servers import SCHEMA, Connection, Server, missing_programs  # noqa: E402

SKIPPED = 77
COMMAND_SECONDS = 20
THEIRS = "ovsdb-client"
SELECT = '{"op":"select","table":"Bridge","where":[["name","==","br0"]],"columns":["name","external_ids"]}'
NEW_BRIDGE = '{"op":"insert","table":"Bridge","row":{"name":"br9"}}'

# {r}: the server. "~" in front: the lines have no order.
COMMANDS = [
    "list-dbs {r}", "list-dbs {r} extra", "list-dbs unix:{folder}/nothing", "list-dbs tcp:127.0.0.1:1",
    "get-schema {r}", "--pretty get-schema {r} _Server", "get-schema {r} Nope", "get-schema-version {r}",
    "get-schema-cksum {r} Open_vSwitch", "~list-tables {r}", "~list-tables {r} _Server --no-headings",
    "~list-columns {r}", "~-f csv list-columns {r} Open_vSwitch SSL", "~-f list list-columns {r} SSL",
    "", "nope", "--nope list-dbs {r}", "-f nope list-dbs {r}", "-t 0 list-dbs {r}",
    "dump {r}", "dump {r} Open_vSwitch", "dump {r} Bridge", "dump {r} Bridge ports name", "dump {r} Nope",
    "dump {r} Bridge nope", "--bare dump {r} Bridge", "--pretty -f json dump {r} Bridge", "dump {r} _Server",
    *(f"-f {format} -d {data} dump {{r}} Bridge" for format in ("list", "table", "html", "csv", "json")
      for data in ("string", "bare", "json")),
    *(f"-f {format} --no-headings dump {{r}} Open_vSwitch Bridge _uuid name external_ids ports"
      for format in ("list", "table", "html", "csv", "json")),
    "monitor {r} Nope", "monitor {r} Bridge nope", "monitor {r} Bridge name,name", "monitor {r} ALL name", "monitor {r}",
    "monitor-cond {r} [ Bridge", "monitor-cond {r} Bridge", "monitor-cond {r} Open_vSwitch [] Nope",
    'monitor-cond {r} Open_vSwitch [["nope","==","x"]] Bridge name', "monitor-cond-since {r} Open_vSwitch nope [] Bridge",
    "wait {r} Open_vSwitch added", "wait {r} Open_vSwitch connected", "wait {r} Nope removed", "wait {r} Nope nope",
    "wait {r} Nope", "lock {r}", "backup {r} Nope", "restore {r}", "restore {r} Nope",
    "needs-conversion {r} " + str(SCHEMA), "needs-conversion {r} {folder}/other", "needs-conversion {r} {folder}/nothing",
    "needs-conversion {r}",
]
TRANSACTIONS = ["[", "{}", "[]", '["Nope"]', '["Open_vSwitch"]', '["Open_vSwitch",{"op":"nope"}]',
                f'["Open_vSwitch",{SELECT}]', f'["Open_vSwitch",{SELECT},{{"op":"abort"}}]']

# They print something at once, and then each change that change() makes.
MONITORS = ["monitor {r} Bridge name,external_ids", "monitor {r} Open_vSwitch Bridge",
            "monitor {r} Bridge name,external_ids,!modify fail_mode,!delete", "-f json monitor {r} Bridge",
            "--pretty -f json monitor {r} Bridge name,external_ids", "-f csv monitor {r} Bridge name external_ids",
            "--bare monitor {r} Bridge name", "monitor-cond {r} [] Bridge name,external_ids,ports,fail_mode",
            'monitor-cond {r} Open_vSwitch [["name","!=","9"]] Bridge name,external_ids', "monitor {r} ALL",
            "monitor-cond-since {r} [] Bridge name,external_ids",
            "monitor-cond-since {r} Open_vSwitch 00000000-0000-0000-0000-000000000000 [true] Bridge name"]
ALL_CHANGES_SECONDS = 10


def populate(server):
    connection = Connection(server.socket)
    bridges = [{"op": "insert", "table": "Bridge", "uuid-name": f"b{i}",
                "row": {"name": name, "external_ids": ["map", [["a", name], ["x y", "1"]]]}}
               for i, name in enumerate(["br0", "a, \"b\" <c>", "9"])]
    connection.transact({"op": "insert", "table": "Open_vSwitch", "row": {
        "bridges": ["set", [["named-uuid", f"b{i}"] for i in range(len(bridges))]]}}, *bridges)
    connection.close()
    (server.place / "other").write_text('{"name": "Open_vSwitch", "version": "1.0.0", "tables": {}}')


def run(program, arguments):
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=COMMAND_SECONDS)
    errors = [line for line in done.stderr.splitlines() if line.startswith("ovsdb-client: ")]
    return done.stdout.splitlines(), bool(errors), done.returncode


def compare(ours, arguments, is_unordered=False):
    """Tells the difference; True if there is none."""
    here, there = run(ours, arguments), run(THEIRS, arguments)
    if is_unordered:
        here, there = (sorted(here[0]), *here[1:]), (sorted(there[0]), *there[1:])
    if here == there:
        return True
    print(f"ovsdb-client {' '.join(arguments)}")
    for whose, (lines, has_error, status) in (("ours", here), ("theirs", there)):
        print(f"  {whose}: exit status {status}, {'an' if has_error else 'no'} error")
        for line in lines:
            if line not in (there if whose == "ours" else here)[0]:
                print(f"    {line[:300]}")
    return False


def change(server):
    connection = Connection(server.socket)
    where = [["name", "==", "new"]]
    connection.transact({"op": "insert", "table": "Bridge", "uuid-name": "b", "row": {"name": "new"}},
                        {"op": "mutate", "table": "Open_vSwitch", "where": [],
                         "mutations": [["bridges", "insert", ["set", [["named-uuid", "b"]]]]]})
    connection.transact({"op": "update", "table": "Bridge", "where": where,
                         "row": {"external_ids": ["map", [["a", "b"], ["c", "d"]]], "fail_mode": "secure"}})
    connection.transact({"op": "mutate", "table": "Bridge", "where": where,
                         "mutations": [["external_ids", "delete", ["set", ["a"]]], ["external_ids", "insert", ["map", [["e", "f"]]]]]})
    result = connection.transact({"op": "select", "table": "Bridge", "where": where, "columns": ["_uuid"]})
    connection.transact({"op": "mutate", "table": "Open_vSwitch", "where": [],
                         "mutations": [["bridges", "delete", result[0]["rows"][0]["_uuid"]]]})
    connection.close()


def wait_until(is_so):
    deadline = time.monotonic() + ALL_CHANGES_SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)


def without_order(text):
    """What is printed for each change; the rows of one have no order."""
    if text.startswith('{"'):
        tables = [json.loads(line) for line in text.splitlines()]
        return [{**table, "data": sorted(table["data"], key=str)} for table in tables]
    return sorted(sorted(block.splitlines()) for block in text.split("\n\n"))


def compare_monitor(ours, server, arguments):
    files = [server.place / "ours", server.place / "theirs"]
    running = []
    for program, file in zip((ours, THEIRS), files):
        with open(file, "w") as output:
            running.append(subprocess.Popen([program, *arguments], stdout=output, stderr=subprocess.DEVNULL))
    wait_until(lambda: all(file.stat().st_size for file in files))
    change(server)
    wait_until(lambda: files[0].stat().st_size == files[1].stat().st_size)
    time.sleep(0.2)  # For what one of them has too much.
    for process in running:
        process.kill()
        process.wait()
    here, there = [without_order(file.read_text()) for file in files]
    if here == there and here != [[]]:
        return True
    print(f"ovsdb-client {' '.join(arguments)}\n  ours: {here}\n  theirs: {there}")
    return False


def content(server):
    """All that a restored database has again: rows without their UUIDs."""
    done = subprocess.run([THEIRS, "dump", server.remote, "Bridge", "name", "external_ids", "fail_mode"],
                          capture_output=True, text=True, check=True)
    return done.stdout


def restores(server, backup_by, restore_by):
    before = content(server)
    snapshot = server.place / "snapshot"  # A file: Open vSwitch's cannot read from a pipe.
    snapshot.write_bytes(subprocess.run([backup_by, "backup", server.remote], capture_output=True, check=True).stdout)
    connection = Connection(server.socket)
    connection.transact({"op": "update", "table": "Bridge", "where": [["name", "==", "br0"]],
                         "row": {"external_ids": ["map", [["changed", "yes"]]]}})
    connection.close()
    changed = content(server)
    with open(snapshot, "rb") as file:
        done = subprocess.run([restore_by, "restore", server.remote], stdin=file, capture_output=True)
    if changed != before == content(server) and done.returncode == 0 and not done.stdout:
        return True
    print(f"backup by {backup_by}, restore by {restore_by}: {done.stderr}\n{before}{content(server)}")
    return False


def refuses_half_a_backup(ours, server):
    before = content(server)
    backup = subprocess.run([ours, "backup", server.remote], capture_output=True, check=True).stdout
    done = subprocess.run([ours, "restore", server.remote], input=backup[:-40], capture_output=True)
    if done.returncode == 1 and b"cut short" in done.stderr and before == content(server):
        return True
    print(f"half a backup: {done.returncode} {done.stderr}")
    return False


def compare_all(ours, server):
    same = []
    for command in COMMANDS:
        words = [word.format(r=server.remote, folder=server.place) for word in command.removeprefix("~").split(" ") if word]
        same.append(compare(ours, words, command.startswith("~")))
    for transaction in TRANSACTIONS:
        same.append(compare(ours, ["query", server.remote, transaction]))
        same.append(compare(ours, ["--pretty", "transact", server.remote, transaction]))
    same.append(compare(ours, ["query", server.remote, f'["Open_vSwitch",{NEW_BRIDGE.replace("insert", "delete")}]']))
    for command in MONITORS:
        same.append(compare_monitor(ours, server, command.format(r=server.remote).split(" ")))
    same += [restores(server, ours, THEIRS), restores(server, THEIRS, ours), restores(server, ours, ours),
             refuses_half_a_backup(ours, server)]
    return same


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("client")
    parser.add_argument("--server")
    options = parser.parse_args()
    missing = [] if shutil.which(THEIRS) else [THEIRS]
    missing += [] if options.server else missing_programs()
    if missing:
        print(f"skipped: not installed: {', '.join(missing)} (Debian: openvswitch-switch)")
        return SKIPPED
    with Server(options.server) as server:
        populate(server)
        same = compare_all(options.client, server)
    print(f"{len(same)} comparisons, {same.count(False)} differ")
    return 1 if False in same else 0


if __name__ == "__main__":
    sys.exit(main())
