"""kill -9 of `weft lab up` and `down` at random moments: `down` then takes all away. WEFT_KILLS=N: how many times."""

import os
import random
import subprocess
import time

from lab import LabTest, main, two_hosts

KILLS = int(os.environ.get("WEFT_KILLS", 24))
UP_SECONDS = 1.5  # About what the lab takes: the moments are spread over it.


class Kill(LabTest):
    def killed(self, command, seconds):
        running = subprocess.Popen(self.command(*command), env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        running.kill()
        running.wait()

    def test_down_takes_away_whatever_an_up_had_made_when_it_was_killed(self):
        file = self.write(two_hosts("one", ["{host: host1, count: 10}", "{host: host2, count: 10}"]))
        moments = random.Random(1)
        for number in range(KILLS):
            with self.subTest(number):
                self.killed(["up", file], moments.uniform(0, UP_SECONDS))
                if (self.folder / "one").exists():
                    self.lab("down", "one")
                self.assert_nothing_left()

    def test_up_goes_on_where_another_was_killed(self):
        file = self.write(two_hosts("one"))
        moments = random.Random(2)
        for _ in range(max(1, KILLS // 6)):
            self.killed(["up", file], moments.uniform(0, UP_SECONDS))
        self.lab("up", file)
        self.lab("status", "one")
        self.lab("down", "one")
        self.assert_nothing_left()

    def test_down_goes_on_where_another_was_killed(self):
        file = self.write(two_hosts("one"))
        moments = random.Random(3)
        for _ in range(max(1, KILLS // 6)):
            self.lab("up", file)
            self.killed(["down", "one"], moments.uniform(0, UP_SECONDS / 2))
            if (self.folder / "one").exists():
                self.lab("down", "one")
            self.assert_nothing_left()


if __name__ == "__main__":
    main()
