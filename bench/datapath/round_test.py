"""The benchmark's smallest round, with real packets: everything that it needs is there and works. Nothing is said of how
fast."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

BENCH = pathlib.Path(__file__).resolve().parent
SETUPS = ("direct", "redirect", "weft", "weft-vxlan")
SKIPPED = 77


class Round(unittest.TestCase):
    def test_measures_each_work_on_each_setup_and_loses_nothing(self):
        done = subprocess.run([sys.executable, "-B", str(BENCH), *SETUPS, "fdb", "losses", "--quick", "--seconds=0.05",
                               "--ports=20", "--json"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        values = json.loads(done.stdout)
        self.assertEqual(values["notes"], [])
        self.assertEqual(set(values["rates"]), set(SETUPS))
        for setup, rates in values["rates"].items():
            extra = {"machines", "segments"} if setup == "weft-vxlan" else set()
            self.assertEqual(set(rates), {"tcp", "ping-pong", "udp", "blast"} | extra, setup)
        self.assertEqual(len(values["fdb_ns"]), 5)
        self.assertEqual([lost for lost, _ in values["lost"].values()], [0] * 4, values["lost"])


if __name__ == "__main__":
    if os.getuid() != 0:
        print("skipped: needs root, for network namespaces and eBPF")
        sys.exit(SKIPPED)
    unittest.main()
