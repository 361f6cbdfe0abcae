# SPDX-License-Identifier: GPL-3.0-or-later
"""LeNet's epochs, the window, the charts and the augmented pictures."""
import json
import pathlib
import re
import shutil
import statistics
import subprocess

from harness import HERE, Harness


class ProgramWords(Harness):
    def last_epoch_seconds(self, runs):
        """Training steps only, of the last epoch; those before it warm up."""
        record = json.loads(next(runs.glob("*/run.json")).read_text())
        return record["epochs"][-1]["train_seconds"]

    def headless(self):
        runs = self.fresh_runs()
        subprocess.run([self.program("torchdesk-cli"), "train", self.plan()], env=self.environment(runs), check=True,
                       stdout=subprocess.DEVNULL)
        return self.last_epoch_seconds(runs)

    def windowed(self):
        runs = self.fresh_runs()
        command = [self.program("torchdesk"), "--train", self.plan(), "--exit-when-done"]
        environment = self.environment(runs)
        if shutil.which("xvfb-run"):
            # A real X server draws the window; the screen is that of a small laptop.
            command = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24"] + command
            environment["QT_QPA_PLATFORM"] = "xcb"
        else:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        return self.last_epoch_seconds(runs)

    def peer(self, script, *more):
        command = [self.arguments.python, str(HERE / "peers" / script), self.arguments.mnist, "--threads",
                   str(self.arguments.threads), "--epochs", str(self.arguments.epochs), *more]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)["train_seconds"]

    def speed(self):
        medians, every = self.interleaved({
            "torchdesk": self.headless,
            "pytorch resident, fused": lambda: self.peer("resident.py"),
            "pytorch DataLoader, 0 workers": lambda: self.peer("dataloader.py"),
            "pytorch DataLoader, 2 workers": lambda: self.peer("dataloader.py", "--workers", "2"),
        })
        resident = medians["torchdesk"] / medians["pytorch resident, fused"]
        usual = medians["torchdesk"] / min(medians["pytorch DataLoader, 0 workers"], medians["pytorch DataLoader, 2 workers"])
        for name, value in medians.items():
            self.row(f"LeNet epoch on MNIST, {name}", f"{value:.3f} s", "", None)
        self.row("… ratio to PyTorch, resident and fused", f"{resident:.3f}", "≤ 0.167", resident <= 1 / 6)
        self.row("… ratio to the usual DataLoader script", f"{usual:.3f}", "≤ 0.143", usual <= 1 / 7)
        self.figures["speed"] = {"seconds": every, "medians": medians, "ratio_resident": resident, "ratio_dataloader": usual}

    def window(self):
        medians, every = self.interleaved({"headless": self.headless, "window": self.windowed})
        ratio = medians["window"] / medians["headless"]
        self.row("LeNet epoch with the window, ratio to headless", f"{ratio:.3f}", "≤ 1.08", ratio <= 1.08)
        self.figures["window"] = {"seconds": every, "medians": medians, "ratio": ratio}

    def start(self):
        environment = {**self.environment(self.fresh_runs()), "QT_QPA_PLATFORM": "offscreen"}
        seconds = []
        for _ in range(self.arguments.repeats):
            done = subprocess.run([self.program("torchdesk"), "--exit-after-paint"], env=environment, check=True,
                                  capture_output=True, text=True)
            seconds.append(float(re.search(r"[0-9]+\.[0-9]+", done.stdout)[0]))
        median = statistics.median(seconds)
        self.row("Start to first paint", f"{median:.3f} s", "≤ 0.15 s", median <= 0.15)
        self.figures["start"] = {"seconds": seconds, "median": median}

    def charts(self):
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run([self.program("bench_charts")], env=environment, check=True, capture_output=True, text=True)
        limits = {"append": (1, "us"), "redraw, axis unchanged": (10, "ms"), "redraw, axis changed": (16, "ms")}
        figures = {}
        for what, (limit, unit) in limits.items():
            figure = float(re.search(rf"^{what} +([0-9.]+) {unit}", done.stdout, re.MULTILINE)[1])
            self.row(f"Charts, two series of 1,000,000 points: {what}", f"{figure:.3f} {unit}", f"< {limit} {unit}",
                     figure < limit)
            figures[f"{what} ({unit})"] = figure
        self.figures["charts"] = figures

    def augment(self):
        command = [self.program("bench_augment"), str(self.arguments.threads)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        ours = {what: float(figure) for what, figure in re.findall(r"^(.+) ([0-9.]+) us", done.stdout, re.MULTILINE)}
        command = [self.arguments.python, str(HERE / "peers" / "imagefolder.py")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        theirs = json.loads(done.stdout)
        for what, figure in ours.items():
            self.row(f"Augmenting: {what}", f"{figure:.1f} us", "", None)
        for what, side in {"flip, crop with padding, 32": "32", "flip, resized crop, 224": "224"}.items():
            ratio = ours[what] / theirs[side]
            self.row(f"… {side}: ratio to ImageFolder, DataLoader with 2 workers ({theirs[side]:.1f} us)", f"{ratio:.3f}",
                     "≤ 0.333", ratio <= 1 / 3)
        self.figures["augment"] = {"us": ours, "imagefolder_us": theirs}

    def accuracy(self):
        results = []
        for seed in (1, 2, 3):
            done = subprocess.run([self.program("torchdesk-cli"), "train", self.plan(epochs=20, seed=seed), "--json"],
                                  env=self.environment(self.fresh_runs()), check=True, capture_output=True, text=True)
            finished = json.loads(done.stdout.strip().splitlines()[-1])
            results.append(finished["last_test_accuracy"])
            self.say(f"seed {seed}: {results[-1]:.4f} (best weights {finished['test_accuracy']:.4f})")
            self.row(f"LeNet on MNIST, 20 epochs, seed {seed}, last weights", f"{100 * results[-1]:.2f} %", "≥ 98.80 %",
                     results[-1] >= 0.988)
        # The built-in digits must be hard enough that a network shows what it has learned, and no harder.
        done = subprocess.run([self.program("torchdesk-cli"), "train", "--json"], check=True, capture_output=True,
                              text=True, env=self.environment(self.fresh_runs()))
        drawn = json.loads(done.stdout.strip().splitlines()[-1])["test_accuracy"]
        self.row("LeNet on the drawn digits, the default plan", f"{100 * drawn:.2f} %", "97–99 %", 0.97 <= drawn <= 0.99)
        self.figures["accuracy"] = results
        self.figures["accuracy_drawn_digits"] = drawn
