"""Our schema says the same as Open vSwitch's own (package openvswitch-switch), however it is spelt.

Exit status: 0 equal, 1 different (each difference on a line), 77 skipped because there is nothing to compare with.
"""

import json
import pathlib
import sys

OURS = pathlib.Path(__file__).with_name("vswitch.ovsschema")
THEIRS = pathlib.Path("/usr/share/openvswitch/vswitch.ovsschema")
SKIPPED = 77


def base_type(value):
    """RFC 7047 <base-type>: "string" is short for {"type": "string"}; the order of an enum says nothing."""
    if value is None:
        return None
    spelt_out = {"type": value} if isinstance(value, str) else dict(value)
    if "enum" in spelt_out:
        enum = spelt_out["enum"]
        spelt_out["enum"] = sorted(enum[1]) if isinstance(enum, list) else [enum]
    if "refTable" in spelt_out:
        spelt_out.setdefault("refType", "strong")
    return spelt_out


def column(value):
    """RFC 7047 <column-schema> with every default written down."""
    kind = value["type"]
    if isinstance(kind, str) or "key" not in kind:
        kind = {"key": kind}
    return {
        "key": base_type(kind["key"]),
        "value": base_type(kind.get("value")),
        "min": kind.get("min", 1),
        "max": kind.get("max", 1),
        "ephemeral": value.get("ephemeral", False),
        "mutable": value.get("mutable", True),
    }


def flatten(schema):
    """{(table, column or property): what it says}"""
    facts = {("", key): schema[key] for key in ("name", "version")}
    for name, table in schema["tables"].items():
        facts[name, "(isRoot)"] = table.get("isRoot", False)
        facts[name, "(maxRows)"] = table.get("maxRows", "unlimited")
        facts[name, "(indexes)"] = sorted(sorted(index) for index in table.get("indexes", []))
        for column_name, value in table["columns"].items():
            facts[name, column_name] = column(value)
    return facts


def main():
    if not THEIRS.exists():
        print(f"skipped: {THEIRS} is not installed (package openvswitch-switch)")
        return SKIPPED
    theirs_as_read = json.loads(THEIRS.read_text())
    ours, theirs = flatten(json.loads(OURS.read_text())), flatten(theirs_as_read)
    if ours["", "version"] != theirs["", "version"]:
        print(f"skipped: Open vSwitch's schema here is {theirs['', 'version']}, ours follows {ours['', 'version']}")
        return SKIPPED
    different = [key for key in sorted(ours.keys() | theirs.keys()) if ours.get(key) != theirs.get(key)]
    for key in different:
        print(f"{'.'.join(key)}:\n  ours   {ours.get(key)}\n  theirs {theirs.get(key)}")
    print(f"{len(theirs_as_read['tables'])} tables, {len(theirs)} facts compared, {len(different)} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
