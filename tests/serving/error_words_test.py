"""The same mistakes, to Open vSwitch's server and to ours: the words are the same, because programs compare them.

python3 error_words_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import json
import re
import unittest

from served import BIN, OPEN_VSWITCH, Served, main

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SOME_UUID = ["uuid", "550e8400-e29b-41d4-a716-446655440000"]


def column(key, least=0, most=1, **more):
    return {"type": {"key": key, "min": least, "max": most} | more}


TYPES = {"name": "types", "tables": {"t": {"columns": {
    "i": {"type": "integer"}, "r": {"type": "real"}, "b": {"type": "boolean"}, "s": {"type": "string"}, "u": {"type": "uuid"},
    "fixed": {"type": "integer", "mutable": False}, "some": column("integer", most="unlimited"),
    "one_up": column("integer", 1, "unlimited"), "two": column("integer", most=2), "uuids": column("uuid", most=2),
    "map": column("string", most="unlimited", value="integer"), "one_pair": column("string", 1, 1, value="real"),
    "least": column({"type": "integer", "minInteger": -5}), "most": column({"type": "integer", "maxInteger": 5}),
    "range": column({"type": "integer", "minInteger": 0, "maxInteger": 9}, most=3),
    "real_range": column({"type": "real", "minReal": -1.5, "maxReal": 2}),
    "length": column({"type": "string", "minLength": 2, "maxLength": 3}),
    "numbers": column({"type": "integer", "enum": ["set", [1, 2, 3]]}), "words": column({"type": "string", "enum": "a"}),
}}}}
ROWS = {"name": "rows", "tables": {
    "ordinals": {"columns": {"number": {"type": "integer"}, "name": {"type": "string"}, "x": {"type": "integer"}},
                 "indexes": [["number"], ["name", "x"]]},
    "few": {"columns": {"x": {"type": "integer"}}, "maxRows": 1},
    "a": {"columns": {"b": column({"type": "uuid", "refTable": "b"}), "n": {"type": "integer"}}},
    "b": {"columns": {"a": column({"type": "uuid", "refTable": "a"})}},
    "weak": {"columns": {"b": column({"type": "uuid", "refTable": "b", "refType": "weak"}, 1)}},
}}


def insert(table, **row):
    return [{"op": "insert", "table": table, "row": row}]


def of_t(op, **members):
    return [{"op": op, "table": "t", "where": []} | members]


class Comparison(unittest.TestCase):
    maxDiff = None

    def answers(self, program, schema, requests):
        server = Served(self, program)
        server.create("db", schema)
        server.start("--no-chdir", "db")
        client = server.client()
        names, answers = {}, []
        for request in requests:
            method, params = request if isinstance(request, tuple) else ("transact", [schema["name"], *request])
            answer = json.dumps(client.ask(method, *params), sort_keys=True)
            answers.append(UUID.sub(lambda uuid: names.setdefault(uuid.group(), f"<{len(names)}>"), answer))
        server.kill()
        return answers

    def compare(self, schema, *requests):
        ours = self.answers(BIN / "ovsdb-server", schema, requests)
        theirs = self.answers(OPEN_VSWITCH["ovsdb-server"], schema, requests)
        for request, our, their in zip(requests, ours, theirs):
            self.assertEqual(our, their, request)


@unittest.skipUnless(OPEN_VSWITCH["ovsdb-server"].exists(), "ovsdb-server is not installed (Debian: openvswitch-common)")
class Words(Comparison):
    def test_of_wrong_values(self):
        self.compare(TYPES, *(insert("t", **{name: value}) for name, value in (
            ("i", "x"), ("i", 1.5), ("i", None), ("i", {}), ("i", ["set", [1, 2]]), ("r", "x"), ("b", 1), ("s", 1),
            ("u", 5), ("u", ["uuid"]), ("u", ["x", "y"]), ("u", ["uuid", "xx"]), ("u", ["named-uuid", "0"]),
            ("some", ["set", 5]), ("some", ["set"]), ("some", ["set", ["x"]]), ("some", ["set", [1, 1]]),
            ("one_up", ["set", []]), ("two", ["set", [1, 2, 3]]), ("map", 5), ("map", ["map", [5]]), ("map", ["map", [["a"]]]),
            ("map", ["map", [["a", 1], ["a", 2]]]), ("map", ["set", []]), ("one_pair", ["map", []]),
            ("least", -6), ("most", 6), ("range", 10), ("range", -1), ("real_range", 2.5), ("real_range", -3),
            ("length", "x"), ("length", "äöüß"), ("numbers", 4), ("words", "b c"), ("nothing", 1))))

    def test_of_wrong_conditions(self):
        self.compare(TYPES, *(of_t("select", where=where) for where in (
            5, [5], [["i"]], [[5, "==", 1]], [["i", 5, 1]], [["i", "~", 1]], [["x", "==", 1]], [["i", "==", "x"]],
            [["some", "<", 1]], [["map", "<", 1]], [["s", ">", "x"]], [["b", "<", True]], [["u", ">=", SOME_UUID]],
            [["map", "includes", 5]], [["map", "excludes", ["set", ["x"]]]], ["x"])))

    def test_of_wrong_mutations(self):
        self.compare(TYPES, insert("t", i=1, r=1, some=["set", [1, 2]], one_up=5, range=["set", [1, 2]]),
                     *(of_t("mutate", mutations=mutations) for mutations in (
                         5, [5], [["i"]], [[5, "+=", 1]], [["i", "^=", 1]], [["x", "+=", 1]], [["fixed", "+=", 1]],
                         [["_uuid", "insert", ["set", []]]], [["i", "+=", "x"]], [["i", "insert", 1]], [["u", "delete", 1]],
                         [["r", "%=", 1]], [["map", "+=", 1]], [["b", "+=", True]], [["s", "+=", "x"]], [["i", "/=", 0]],
                         [["r", "/=", 0]], [["some", "*=", 0]], [["i", "+=", 9223372036854775807]], [["r", "*=", 1e308]] * 3,
                         [["some", "+=", ["set", [1, 2]]]], [["map", "delete", 5]], [["map", "insert", "a"]],
                         [["one_up", "delete", 5]], [["two", "insert", ["set", [1, 2]]], ["two", "insert", 3]],
                         [["range", "+=", 100]], [["one_pair", "delete", ["set", [""]]]])))

    def test_of_wrong_operations(self):
        wait = {"columns": ["i"], "until": "==", "rows": [], "timeout": 0}
        self.compare(TYPES, insert("t", i=1), [5], [{}], [{"op": 5}], [{"op": "conquer"}], [{"op": "insert"}],
                     [{"op": "insert", "table": "x", "row": {}}], [{"op": "insert", "table": 5, "row": {}}],
                     [{"op": "insert", "table": "t"}], [{"op": "insert", "table": "t", "row": 5}],
                     [insert("t")[0] | {"x": 1}], [insert("t")[0] | {"uuid": 5}], [insert("t")[0] | {"uuid": "zz"}],
                     [insert("t")[0] | {"uuid-name": 5}], [insert("t")[0] | {"uuid-name": "0x"}],
                     [insert("t")[0] | {"uuid-name": "n"}] * 2, [insert("t")[0] | {"uuid": SOME_UUID[1]}],
                     [insert("t")[0] | {"uuid": SOME_UUID[1]}], [{"op": "select", "table": "t"}],
                     of_t("select", columns=5), of_t("select", columns=[5]), of_t("select", columns=["x"]),
                     of_t("select", columns=["i", "i"]), of_t("update", row=5), of_t("update", row={"x": 1}),
                     of_t("update", row={"fixed": 1}), of_t("update", row={"_version": SOME_UUID}),
                     of_t("wait", **wait), of_t("wait", **wait | {"rows": 5}), of_t("wait", **wait | {"rows": [5]}),
                     of_t("wait", **wait | {"until": "x"}), of_t("wait", **wait | {"until": 5}),
                     of_t("wait", **wait | {"timeout": -1}), of_t("wait", **wait | {"timeout": "x"}),
                     [{"op": "comment"}], [{"op": "comment", "comment": 5}], [{"op": "commit"}],
                     [{"op": "commit", "durable": 5}], [{"op": "abort"}], [{"op": "abort", "x": 1}],
                     [{"op": "assert"}], [{"op": "assert", "lock": "9"}], [{"op": "assert", "lock": "l"}],
                     [{"op": "comment", "comment": "x"}, {"op": "nothing"}, {"op": "abort"}])

    def test_of_rows_that_do_not_fit_together(self):
        self.compare(ROWS, insert("ordinals", number=1, name="one"), insert("ordinals", number=1, name="another"),
                     insert("ordinals", number=5, name="x y") + insert("ordinals", number=5, name="z"),
                     insert("ordinals", number=7, name="one"), insert("ordinals", number=2, name="two"),
                     [{"op": "update", "table": "ordinals", "where": [], "row": {"number": 3}}],
                     [{"op": "update", "table": "ordinals", "where": [], "row": {"x": 3}}, *insert("ordinals", number=1)],
                     insert("few") + insert("few", x=1), insert("a", b=SOME_UUID), insert("a", b=["named-uuid", "none"]),
                     [insert("a", b=["named-uuid", "b"])[0] | {"uuid-name": "a"},
                      insert("b", a=["named-uuid", "a"])[0] | {"uuid-name": "b"}],
                     [{"op": "delete", "table": "a", "where": []}], [{"op": "delete", "table": "b", "where": []}],
                     insert("weak"), [insert("weak", b=["named-uuid", "c"])[0], insert("b")[0] | {"uuid-name": "c"}],
                     [{"op": "delete", "table": "b", "where": [["a", "==", ["set", []]]]}])

    def test_of_wrong_monitors(self):
        def about(requests):
            return ["types", "m", requests]
        self.compare(TYPES, *(("monitor", about(requests)) for requests in (
            5, {"x": {}}, {"t": 5}, {"t": {"columns": 5}}, {"t": {"columns": [5]}}, {"t": {"columns": ["x"]}},
            {"t": [{"columns": ["i"]}, {"columns": ["i"]}]}, {"t": {"select": 5}}, {"t": {"select": {"initial": 5}}},
            {"t": {"select": {"x": True}}}, {"t": {"x": True}}, {"t": {"where": []}})),
            ("monitor_cond", about({"t": [{"where": 5}]})), ("monitor_cond", about({"t": [{"where": [["x", "==", 1]]}]})),
            ("monitor_cond", about({"t": [{"where": []}]})), ("monitor_cond", about({"t": []})),
            *(("monitor_cond_change", ["m", "m", requests]) for requests in (
                5, {"x": []}, {"t": 5}, {"t": [{"x": 1}]}, {"t": [{"where": [["x", "==", 1]]}]})),
            ("monitor_cond_change", ["none", "m", {}]), ("monitor_cond_since", ["types", "n", {"t": [{}]}, 5]),
            ("monitor_cond_since", ["types", "n", {"t": [{}]}, "x"]), ("monitor_cancel", ["none"]))


if __name__ == "__main__":
    main()
