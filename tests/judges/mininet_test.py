"""mininet with its switch ovsbr, which is an Open vSwitch without a controller."""

import judge


@judge.needs_program(judge.THEIRS / "mn", "mininet")
class Mininet(judge.Judge):
    def test_every_host_of_a_tree_reaches_every_other(self):
        done = self.host.run("mn --switch ovsbr --controller none --topo tree,depth=2,fanout=2 --test pingall 2>&1",
                             check=False)
        self.assertIn("0% dropped (12/12 received)", done.stdout, self.log()[-2000:])
        self.assertEqual(self.vsctl("list-br"), "")


if __name__ == "__main__":
    judge.main()
