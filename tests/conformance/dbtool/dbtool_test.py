#!/usr/bin/python3
"""Runs our ovsdb-tool and Open vSwitch's own on copies of the same files and compares what they do.

usage: dbtool_test.py OVSDB_TOOL

Output and exit status are the same; where one has an error, so has the other, in its own words.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
COMMAND_SECONDS = 20
SCHEMA = {"name": "T", "version": "1.2.3", "cksum": "12 34", "tables": {
    "A": {"isRoot": True, "indexes": [["name"]], "columns": {
        "name": {"type": "string"}, "status": {"type": "string", "ephemeral": True},
        "level": {"type": {"key": "integer", "min": 0, "max": 1}},
        "numbers": {"type": {"key": "integer", "min": 0, "max": "unlimited"}},
        "words": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
        "part": {"type": {"key": {"type": "uuid", "refTable": "B"}, "min": 0, "max": 1}}}},
    "B": {"columns": {"x": {"type": "string"}}}}}
HISTORY = [
    [{"op": "insert", "table": "A", "row": {"name": "x y", "part": ["named-uuid", "b"], "numbers": ["set", [1, 2]]}},
     {"op": "insert", "table": "B", "uuid-name": "b", "row": {"x": "q"}}, {"op": "comment", "comment": "two\nlines"}],
    [{"op": "update", "table": "A", "where": [], "row": {"level": 3, "words": ["map", [["k", "v w"], ["l", "true"]]],
                                                         "numbers": ["set", [2, 3]]}}],
    [{"op": "insert", "table": "A", "row": {"name": "z"}}],
    [{"op": "delete", "table": "A", "where": [["name", "==", "x y"]]}],
]
# For --rbac-role: the role "painter" may change level of A, but nobody has shown who he is.
ROLES = {"RBAC_Role": {"isRoot": True, "columns": {"name": {"type": "string"}, "permissions": {"type": {
    "key": "string", "value": {"type": "uuid", "refTable": "RBAC_Permission", "refType": "weak"},
    "min": 0, "max": "unlimited"}}}},
    "RBAC_Permission": {"isRoot": True, "columns": {"table": {"type": "string"}, "insert_delete": {"type": "boolean"},
                        **{name: {"type": {"key": "string", "min": 0, "max": "unlimited"}}
                           for name in ("authorization", "update")}}}}
GRANT = [{"op": "insert", "table": "RBAC_Permission", "uuid-name": "p", "row": {
    "table": "A", "authorization": "", "insert_delete": True, "update": "level"}},
    {"op": "insert", "table": "RBAC_Role", "row": {"name": "painter", "permissions": ["map", [["A", ["named-uuid", "p"]]]]}}]
UUID = "11111111-1111-4111-8111-111111111111"
SELECT = json.dumps(["T", {"op": "select", "table": "A", "where": [], "columns": ["name", "level", "words", "part"]}])

FILES = ["db", "torn", "corrupt", "clustered", "joining", "empty", "missing", ".", "schema"]
SCHEMAS = ["schema", "newer", "unversioned", "strict", "bad", "broken", "missing", "."]
# "~" in front: the lines have no order, which in Open vSwitch is that of a hash table.
COMMANDS = [
    *(f"{command} {file}" for command in ("db-version", "db-cksum", "db-is-clustered", "db-is-standalone", "db-name",
                                          "db-cid", "db-sid", "db-local-address")
      for file in FILES),
    *(f"~show-log {more} {file}" for more in ("", "-m", "-mm", "-m -m") for file in [*FILES, "filled", "lived"]),
    *(f"{command} {schema}" for command in ("schema-name", "schema-version", "schema-cksum", "needs-conversion db")
      for schema in SCHEMAS),
    *(f"compare-versions 1.10.0 {relation} {version}" for relation in ("<", "<=", "==", ">=", ">", "!=", "=")
      for version in ("1.9.0", "1.10.0", "1.10")),
    "", "nope", "--nope", "-Q", "--ver", "--rbac-role", "db-name a b", "query",
    *(f"check-cluster {files}" for files in ("", "lived", "joining", "lived joining", "lived lived", "lived filled", "db",
                                             "torn", "missing", "dropping", "skipping")),
    "compact clustered", "convert clustered schema", "needs-conversion clustered schema", "query clustered []",
    "transact clustered []",
]
# These make new files: what they leave is looked at by `query`.
CHANGES = [
    *(["compact", file, "out"] for file in FILES), ["compact", "db"], ["create", "db", "schema"],
    *(["convert", "db", schema, "out"] for schema in SCHEMAS), ["convert", "db", "newer"],
    *(["create", "out", schema] for schema in SCHEMAS),
    *(["query", file, SELECT] for file in FILES), ["transact", "db", '["T"'], ["transact", "db", '["X"]'],
    *(["create-cluster", "out", contents, "tcp:127.0.0.1:1"] for contents in ("db", "torn", "schema", "bad", "missing")),
    *(["create-cluster", "out", "db", address] for address in ("127.0.0.1:1", "tcp:", "unix:x")),
    ["create-cluster", "db", "schema", "tcp:127.0.0.1:1"], ["join-cluster", "out", "T", "tcp:127.0.0.1:1", "nowhere"],
    *([f"--election-timer={ms}", "create-cluster", "out", "schema", "tcp:127.0.0.1:1"]
      for ms in ("99", "100", "600000", "600001", "x", "")),
    *(["join-cluster", "out", name, "tcp:127.0.0.1:1", remote] for name in ("T", "1T", "_T", "a b", "") for remote in (
        "tcp:127.0.0.1:2", "tcp:127.0.0.1:1", "tcp:127.0.0.1", "tcp:[::1]:2", "tcp:::1:2", "tcp:127.0.0.1:70000", "udp:1:2")),
    ["--cid=00000000-0000-0000-0000-000000000000", "join-cluster", "out", "T", "tcp:127.0.0.1:1", "tcp:127.0.0.1:2"],
    ["--cid=1234", "join-cluster", "out", "T", "tcp:127.0.0.1:1", "tcp:127.0.0.1:2"],
    *(["cluster-to-standalone", "out", file] for file in ("clustered", "filled", "db", "missing")),
    *([f"--rbac-role={role}", command, "ruled", json.dumps(["T", operation])]
      for command in ("query", "transact") for role in ("painter", "nobody", "") for operation in (
          {"op": "insert", "table": "A", "uuid": UUID, "row": {"name": "n"}}, {"op": "delete", "table": "A", "where": []},
          {"op": "update", "table": "A", "where": [], "row": {"level": 4}},
          {"op": "mutate", "table": "A", "where": [["name", "==", "none"]], "mutations": []},
          {"op": "select", "table": "A", "where": [], "columns": ["name"]})
      # Without a role theirs answers an I/O error: it cannot undo the change in a file that it only reads.
      if (command, role) != ("query", "")),
    ["transact", "db", "[]"], ["transact", "db", '{"a":1}'],
    ["transact", "db", '["T",{"op":"update","table":"A","where":[],"row":{"level":7}},{"op":"comment","comment":"c"}]'],
]


def run(program, arguments, folder):
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, timeout=COMMAND_SECONDS,
                          check=False)
    return done.returncode, done.stdout, bool(done.stderr)


def make_files(theirs, folder):
    """Every kind of file that the commands name, written by their program."""
    def write(name, schema):
        (folder / name).write_text(json.dumps(schema))

    write("schema", SCHEMA)
    write("unversioned", {"name": "T", "tables": SCHEMA["tables"]})
    write("newer", {"name": "T", "version": "2.0.0", "tables": {"A": {"isRoot": True, "columns": {
        "name": {"type": "string"}, "words": SCHEMA["tables"]["A"]["columns"]["words"],
        "level": {"type": "integer"}}}}})
    write("strict", {"name": "T", "tables": {"A": {"columns": {"name": {"type": {"key": {
        "type": "string", "minLength": 9}}}}}}})
    write("bad", SCHEMA | {"version": "1.0"})
    (folder / "broken").write_text('{"name": ')
    (folder / "empty").write_text("")
    subprocess.run([theirs, "create", "db", "schema"], cwd=folder, check=True)
    for operations in HISTORY:
        subprocess.run([theirs, "transact", "db", json.dumps(["T", *operations])], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
    write("roles", {"name": "T", "tables": SCHEMA["tables"] | ROLES})
    subprocess.run([theirs, "create", "ruled", "roles"], cwd=folder, check=True)
    subprocess.run([theirs, "transact", "ruled", json.dumps(["T", *GRANT])], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([theirs, "create-cluster", "clustered", "schema", "tcp:127.0.0.1:1"], cwd=folder, check=True,
                   stderr=subprocess.DEVNULL)
    subprocess.run([theirs, "create-cluster", "filled", "db", "tcp:127.0.0.1:1"], cwd=folder, check=True,
                   stderr=subprocess.DEVNULL)
    subprocess.run([theirs, "join-cluster", "joining", "T", "tcp:127.0.0.1:1", "tcp:127.0.0.1:2"], cwd=folder, check=True)
    # Members that have seen an election, rows and their own leaving; an entry dropped; an entry left out.
    member, others = "10000000-1111-4111-8111-111111111111", "20000000-1111-4111-8111-111111111111"
    servers = {member: "tcp:10.0.0.1:6640", others: "tcp:10.0.0.2:6640"}
    header = {"name": "T", "local_address": servers[member], "server_id": member, "cluster_id": UUID, "prev_term": 1,
              "prev_index": 1, "prev_servers": servers, "prev_eid": UUID, "prev_data": [SCHEMA, {
                  "_date": 1600000000000, "_comment": "snap", "A": {UUID: {"name": "first"}}}]}
    entry = {"term": 2, "index": 2, "eid": others, "data": [None, {"A": {UUID: {"level": 3}}, "_is_diff": True}]}
    write_cluster(folder / "lived", header, {"term": 2, "vote": others}, {"term": 2, "leader": others}, entry,
                  {"term": 2, "index": 3, "servers": servers}, {"commit_index": 3},
                  {"term": 3, "index": 4, "eid": UUID, "data": [SCHEMA, {"A": {UUID: {"name": "second"}}}]},
                  {"note": "left", "comment": "this server left"})
    write_cluster(folder / "dropping", header, entry, {"term": 2, "index": 3}, entry)
    write_cluster(folder / "skipping", header, {"term": 2, "index": 3})
    content = (folder / "db").read_bytes()
    (folder / "torn").write_bytes(content[:-5])
    (folder / "corrupt").write_bytes(content.replace(b'"level":3', b'"level":4'))


def write_cluster(path, *records):
    """In the format of ovsdb(5) "Log File Format"."""
    lines = [(json.dumps(record) + "\n").encode() for record in records]
    path.write_bytes(b"".join(b"OVSDB CLUSTER %d %s\n%s" % (len(line), hashlib.sha1(line).hexdigest().encode(), line)
                              for line in lines))


def compare(what, theirs, ours):
    if theirs == ours:
        return 0
    print(f"FAILED: ovsdb-tool {what}\n  theirs: {theirs}\n  ours:   {ours}")
    return 1


def in_no_order(result):
    return result[0], sorted(result[1].splitlines()), result[2]


def main():
    ours, theirs = str(pathlib.Path(sys.argv[1]).resolve()), shutil.which("ovsdb-tool")
    if not theirs or "Weft" in subprocess.run([theirs, "-V"], capture_output=True, text=True, check=True).stdout:
        print("skipped: Open vSwitch's ovsdb-tool is not installed (Debian: openvswitch-common)")
        return SKIPPED
    failures = 0
    with tempfile.TemporaryDirectory(prefix="weft-dbtool-") as name:
        original = pathlib.Path(name) / "original"
        original.mkdir()
        make_files(theirs, original)
        for command in COMMANDS:
            results = [run(program, command.lstrip("~").split(), original) for program in (theirs, ours)]
            failures += compare(command, *(map(in_no_order, results) if command.startswith("~") else results))
        for number, command in enumerate(CHANGES):
            results = []
            for program in (theirs, ours):
                folder = pathlib.Path(name) / f"{number}-{len(results)}"
                shutil.copytree(original, folder)
                results.append([run(program, command, folder), *(
                    run(theirs, ["query", file, SELECT], folder) for file in ("db", "out"))])
            failures += compare(" ".join(command), *results)
        # Open vSwitch understands the cluster that we make.
        run(ours, ["create-cluster", "member", "db", "tcp:127.0.0.1:1"], original)
        run(theirs, ["cluster-to-standalone", "again", "member"], original)
        failures += compare("create-cluster", *(run(theirs, ["query", file, SELECT], original)
                                                for file in ("db", "again")))
    print(f"{len(COMMANDS) + len(CHANGES)} commands, {failures} with a difference")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
