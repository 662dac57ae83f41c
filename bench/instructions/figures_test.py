"""What is told of values, without counting any."""

import unittest

import figures


def values(**blast):
    return {"cpu_ns": {setup.replace("_", "-"): {"blast": [counted]} for setup, counted in blast.items()}}


class Figures(unittest.TestCase):
    def test_a_ratio_is_one_to_the_kernel_datapath(self):
        self.assertEqual([row[1:] for row in figures.figures(values(weft=800, ovs_kernel=1000))],
                         [["0.80x", "at most 0.80x", "reached"]])
        self.assertEqual(figures.figures(values(weft_vxlan=610, ovs_kernel_vxlan=1000))[0][-1], "missed")

    def test_what_was_not_counted_is_not_told(self):
        self.assertEqual(figures.figures(values(weft=800)), [])
        _, rows = figures.table("", figures.SAME_HOST, values(weft=800))
        self.assertEqual(rows[2], ["Weft", "800", "-", "-", "-"])

    def test_the_table_has_ratios_to_the_last_row(self):
        _, rows = figures.table("", figures.SAME_HOST, values(weft=5000, ovs_kernel=8000))
        self.assertEqual((rows[2][1], rows[-1][1]), ("5,000 0.62x", "8,000"))

    def test_of_tcp_a_segment_is_told(self):
        _, rows = figures.table("", figures.SAME_HOST, {"cpu_ns": {"weft": {"tcp": [0.5]}}})
        self.assertEqual(rows[2][4], f"{1448 * 8 * 0.5:,.0f}")


if __name__ == "__main__":
    unittest.main()
