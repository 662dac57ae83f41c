"""The lab file's JSON Schema, judged by python3-jsonschema: all examples are valid, and of the documents in
agreement.json it says what the parser says (src/topology/json_schema_test.cpp).

Exit status: 0 as expected, 1 not (each document on a line), 77 skipped because there is nothing to judge with.
"""

import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing} (packages python3-jsonschema, python3-yaml)")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main():
    schema = json.loads((ROOT / "schema/lab.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    cases = [(path.name, yaml.safe_load(path.read_text()), True) for path in sorted((ROOT / "examples").glob("*.yaml"))]
    examples = len(cases)
    agreement = json.loads((HERE / "agreement.json").read_text())
    for verdict in ("accepted", "refused"):
        cases += [(json.dumps(document), document, verdict == "accepted") for document in agreement[verdict]]
    wrong = [(name, valid) for name, document, valid in cases if validator.is_valid(document) != valid]
    for name, valid in wrong:
        print(f"{'refused' if valid else 'accepted'}, against expectation: {name}")
    print(f"{examples} examples and {len(cases) - examples} documents, {len(wrong)} judged otherwise")
    return 1 if wrong or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
