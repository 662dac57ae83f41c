"""What is told of values, without measuring any."""

import pathlib
import sys
import unittest
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import frame  # noqa: E402

import chart  # noqa: E402
import figures  # noqa: E402
from works import WORKS  # noqa: E402

LABELS = {work.name: work.label for work in WORKS}


def values(rates=None, fdb=None, lost=None):
    return {"rates": rates or {}, "fdb_ns": fdb or {}, "lost": lost or {}}


def told(**some):
    return [figure.row() for figure in figures.figures(values(**some), LABELS)]


class Figures(unittest.TestCase):
    def test_the_works_that_ratios_are_asked_of_are_those_that_are_measured(self):
        self.assertEqual(figures.WORKS, tuple(work.name for work in WORKS))

    def test_a_ratio_is_one_of_medians(self):
        rates = {"weft": {"tcp": [1, 98, 1000]}, "direct": {"tcp": [100, 3, 200]}}
        self.assertEqual(told(rates=rates),
                         [["same host / direct veth: TCP stream", "0.98x", "0.98x", "reached"]])

    def test_a_ratio_below_what_is_asked_is_missed(self):
        rates = {"weft-vxlan": {"blast": [49]}, "underlay": {"blast": [100]}}
        self.assertEqual(told(rates=rates)[0][1:], ["0.49x", "0.5x", "missed"])

    def test_what_was_not_measured_is_not_told(self):
        self.assertEqual(told(rates={"weft": {"tcp": [98]}}), [])

    def test_more_addresses_may_cost_two_fifths_more(self):
        fdb = {"10:10": [100], "1000000:10": [140], "1000000:1000000": [142]}
        self.assertEqual([row[1:] for row in told(fdb=fdb)],
                         [["1.40x", "at most 1.4x", "reached"], ["1.42x", "at most 1.4x", "missed"]])

    def test_the_line_of_addresses_says_how_many_talk(self):
        self.assertTrue(figures.fdb_line({"10:10": [100], "1000000:10": [140]}).endswith(": 10: 100, 1,000,000 (10 talk): 140"))

    def test_one_lost_packet_is_one_too_many(self):
        self.assertEqual(told(lost={"restarts": (0, 10_000)})[0][1:], ["0 of 10,000", "0", "reached"])
        self.assertEqual(told(lost={"restarts": (1, 10_000)})[0][-1], "missed")

    def test_the_table_of_rates_has_ratios_to_the_first_setup(self):
        rates = {"direct": {"tcp": [20.0]}, "weft": {"tcp": [19.0]}}
        _, rows = figures.rate_table(rates, figures.SAME_HOST, WORKS, {"direct": "direct veth", "weft": "Weft"})
        self.assertEqual(rows, [["direct veth", "20.0", "-", "-", "-"], ["Weft", "19.0 0.95x", "-", "-", "-"]])


class Written(unittest.TestCase):
    def test_a_table_in_markdown_says_on_which_side_cells_are(self):
        self.assertEqual(frame.markdown(["work", "rate"], [["TCP", "7"]], "lr"), "| work | rate |\n| --- | ---: |\n| TCP | 7 |")

    def test_the_picture_is_xml_with_a_bar_for_each_value(self):
        series = [("direct", "limit", "direct <veth>"), ("weft", "weft", "Weft")]
        text = chart.svg("title", [("panel", series, [("TCP", {"direct": (1.0, "20"), "weft": (0.9, "18")}),
                                                      ("UDP", {"direct": (1.0, "250")})])])
        bars = [element for element in xml.fromstring(text).iter("{http://www.w3.org/2000/svg}rect")
                if element.get("y") and float(element.get("height")) > 12]
        self.assertEqual(len(bars), 3)


if __name__ == "__main__":
    unittest.main()
