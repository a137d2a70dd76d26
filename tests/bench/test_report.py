"""What the table says, on numbers made up here."""

import unittest

from rig.report import lines, markdown, number, spread, table
from rig.scenarios import BY_NAME

DIRECT = BY_NAME["direct-sat"]


def record(server: str, turn: int, **report: object) -> dict:
    """One run of the main load."""
    return {"scenario": DIRECT.name, "server": server, "round": turn, "report": report}


def run(server: str, turn: int, cost: float) -> dict:
    """One run that cost so much per delivery."""
    return record(server, turn, cpu_us_per_delivery=cost)


def rows(*records: dict) -> dict[str, list[str]]:
    """The lines of the main figure by server."""
    return {line[1]: line for line in lines(DIRECT, DIRECT.figures[0], list(records))}


class Report(unittest.TestCase):
    def test_a_ratio_is_taken_within_a_round(self):
        slow_round = [run("socketioxide", 1, 40), run("greenroom normal", 1, 20)]
        found = rows(run("socketioxide", 0, 20), run("greenroom normal", 0, 4), *slow_round)
        self.assertEqual(found["greenroom normal"][3], "12 (4..20)")
        self.assertEqual(found["greenroom normal"][5], "0.35 (0.2..0.5)")

    def test_a_goal_is_judged_alone_and_beside_the_rival(self):
        found = rows(run("socketioxide", 0, 40), run("greenroom normal", 0, 6))
        self.assertEqual(found["greenroom normal"][-1], "OVER 5, within 0.25 of socketioxide")
        self.assertEqual(found["socketioxide"][-1], "", "peers have no goal")

    def test_faults_are_added_up_and_failures_said(self):
        found = rows(
            record("raw-ws", 0, lost=1), record("raw-ws", 1, lost=2), record("raw-ws", 2, failure="it\nended | early")
        )
        self.assertEqual(found["raw-ws"][-2], "lost 3; FAILED: it ended / early")
        self.assertEqual(found["raw-ws"][3], "-")

    def test_a_server_without_the_rival_has_no_ratio(self):
        self.assertEqual(rows(run("greenroom full", 0, 4))["greenroom full"][4:6], ["-", "-"])

    def test_numbers_have_the_digits_that_matter(self):
        self.assertEqual([number(1234.5), number(12.345), number(0.012345)], ["1,234", "12.3", "0.0123"])
        self.assertEqual(spread([2.0, 1.0, 4.0]), "2 (1..4)")

    def test_columns_line_up(self):
        head, rule, row = markdown(["a", "bb"], [["ccc", "d"]]).splitlines()
        self.assertEqual([head, rule, row], ["| a   | bb |", "| --- | -- |", "| ccc | d  |"])
        self.assertIn("direct-sat", table([run("raw-ws", 0, 1)]))


if __name__ == "__main__":
    unittest.main()
