# SPDX-License-Identifier: GPL-3.0-or-later
"""What the words of the bench share: a folder of their own, plans, turns, and the rows of the result."""
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


class Harness:
    def __init__(self, arguments):
        self.arguments = arguments
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="torchdesk-bench-"))
        self.rows = []
        self.figures = {}
        self.versions = {self.told(["torchdesk-cli", "--version"])}
        self.accuracies = {}  # by contestant, on the test samples

    def program(self, name):
        return str(pathlib.Path(self.arguments.bin) / name)

    def told(self, command):
        """What a program of ours prints, on one line."""
        return subprocess.run([self.program(command[0]), *command[1:]], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def machine(self):
        names = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                 if line.startswith("model name")]
        return f"{self.arguments.threads} threads on {len(names)} cores of {names[0] if names else 'an unknown processor'}"

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def row(self, what, figure, limit, good):
        self.rows.append((what, figure, limit, "" if good is None else "holds" if good else "MISSED"))

    def environment(self, runs):
        return {**os.environ, "TORCHDESK_RUNS": str(runs), "HOME": str(self.work)}

    def fresh_runs(self):
        return pathlib.Path(tempfile.mkdtemp(prefix="runs-", dir=self.work))

    def data(self, name):
        path = pathlib.Path(self.arguments.datasets) / name
        if not path.exists():
            raise SystemExit(f"tests/bench/run: there is no {path}: set TORCHDESK_DATASETS to the folder that holds {name}.")
        return str(path)

    def plan(self, **settings):
        plan = {"format": 1, "model": "lenet", "data": f"{self.arguments.mnist}/", "epochs": self.arguments.epochs,
                "device": "cpu", "threads": self.arguments.threads, **settings}
        file = self.work / "plan.json"
        file.write_text(json.dumps(plan))
        return str(file)

    def interleaved(self, contestants):
        """Medians of several rounds in which everyone has a turn, so that a noisy minute hits all alike."""
        seconds = {name: [] for name in contestants}
        for turn in range(self.arguments.repeats):
            for name, measure in contestants.items():
                seconds[name].append(measure())
                self.say(f"{turn + 1}/{self.arguments.repeats} {name}: {seconds[name][-1]:.3f} s")
        return {name: statistics.median(values) for name, values in seconds.items()}, seconds

    def run_peer(self, script, *more, python=None):
        """Runs a script of peers/ to its end and returns the JSON in the last line that it printed."""
        command = [python or self.arguments.python, str(HERE / "peers" / script), *map(str, more)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.strip().splitlines()[-1])

    @contextlib.contextmanager
    def asked(self, command):
        """A program that answers each line with seconds; gives the seconds it took to open and the asking."""
        process = subprocess.Popen(command, env=self.environment(self.work), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)

        def answer():
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"{command[0]} ended with {process.wait()}")
            return float(line)

        def ask(line):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return answer()

        try:
            yield answer(), ask
        finally:
            process.stdin.close()
            process.wait()

    def job(self, plan, *more):
        return self.asked([self.program("bench_job"), plan, *more])

    def asked_peer(self, script, *more, python=None):
        return self.asked([python or self.arguments.python, str(HERE / "peers" / script), *map(str, more)])

    def print(self):
        versions = sorted(self.versions)
        print(f"{'; '.join(versions)}. {self.machine()}.")
        self.figures["versions"], self.figures["machine"] = versions, self.machine()
        widths = [max(len(row[i]) for row in self.rows) for i in range(4)]
        for what, figure, limit, verdict in self.rows:
            print(f"{what:<{widths[0]}}  {figure:>{widths[1]}}  {limit:>{widths[2]}}  {verdict}".rstrip())
        print(json.dumps(self.figures))
