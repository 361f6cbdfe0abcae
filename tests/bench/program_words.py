# SPDX-License-Identifier: GPL-3.0-or-later
"""LeNet's epochs, the window, the charts and the augmented pictures."""
import json
import os
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

    def end_of_training(self, runs, **settings):
        """The last event of a training on the command line."""
        done = subprocess.run([self.program("torchdesk-cli"), "train", self.plan(**settings), "--json"],
                              env=self.environment(runs), check=True, capture_output=True, text=True)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def headless(self):
        runs = self.fresh_runs()
        self.accuracies["torchdesk"] = self.end_of_training(runs)["last_test_accuracy"]
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

    def peer(self, name, script, *more, python=None):
        command = [python or self.arguments.python, str(HERE / "peers" / script), self.arguments.mnist, "--threads",
                   str(self.arguments.threads), "--epochs", str(self.arguments.epochs), *more]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        told = json.loads(done.stdout.strip().splitlines()[-1])
        self.versions.add(told["version"])
        self.accuracies[name] = told["test_accuracy"]
        return told["train_seconds"]

    def speed(self):
        peers = {
            "pytorch resident, fused": ["resident.py"],
            "pytorch DataLoader, 0 workers": ["dataloader.py"],
            "pytorch DataLoader, 2 workers": ["dataloader.py", "--workers", "2"],
            "keras": ["keraslenet.py"],
        }
        contestants = {"torchdesk": self.headless}
        for name, command in peers.items():
            python = self.arguments.keras_python if name == "keras" else None
            contestants[name] = lambda name=name, command=command, python=python: self.peer(name, *command, python=python)
        medians, every = self.interleaved(contestants)
        for name, value in medians.items():
            spread = f"{min(every[name]):.3f} to {max(every[name]):.3f} s"
            accuracy = f"{100 * self.accuracies[name]:.2f} % after {self.arguments.epochs} epochs"
            self.row(f"LeNet epoch on MNIST, {name} ({spread}; {accuracy})", f"{value:.3f} s", "", None)
        usual = min(medians["pytorch DataLoader, 0 workers"], medians["pytorch DataLoader, 2 workers"])
        ratios = {"PyTorch, resident and fused": (medians["pytorch resident, fused"], 1 / 6),
                  "the usual DataLoader script": (usual, 1 / 7), "Keras": (medians["keras"], 1 / 7)}
        for what, (seconds, limit) in ratios.items():
            ratio = medians["torchdesk"] / seconds
            self.row(f"… ratio to {what}", f"{ratio:.3f}", f"≤ {limit:.3f}", ratio <= limit)
        self.figures["speed"] = {"seconds": every, "medians": medians, "test_accuracy": dict(self.accuracies),
                                 "ratios": {what: medians["torchdesk"] / seconds for what, (seconds, _) in ratios.items()}}

    def window(self):
        medians, every = self.interleaved({"headless": self.headless, "window": self.windowed})
        ratio = medians["window"] / medians["headless"]
        self.row("LeNet epoch with the window, ratio to headless", f"{ratio:.3f}", "≤ 1.1", ratio <= 1.1)
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
        results = {"lane": [], "eager": []}
        for seed in range(1, 6):
            for step, accuracies in results.items():
                finished = self.end_of_training(self.fresh_runs(), epochs=20, seed=seed, step=step)
                accuracies.append(finished["last_test_accuracy"])
                self.say(f"seed {seed}, {step}: {accuracies[-1]:.4f} (best weights {finished['test_accuracy']:.4f})")
                self.row(f"LeNet on MNIST, 20 epochs, seed {seed}, {step}, last weights", f"{100 * accuracies[-1]:.2f} %",
                         "≥ 98.80 %", accuracies[-1] >= 0.988)
        off = 100 * (statistics.mean(results["lane"]) - statistics.mean(results["eager"]))
        self.row("… mean of lanes less that of the eager step", f"{off:+.3f} points", "± 0.1", abs(off) <= 0.1)
        # The built-in digits must be hard enough that a network shows what it has learned, and no harder.
        done = subprocess.run([self.program("torchdesk-cli"), "train", "--json"], check=True, capture_output=True,
                              text=True, env=self.environment(self.fresh_runs()))
        drawn = json.loads(done.stdout.strip().splitlines()[-1])["test_accuracy"]
        self.row("LeNet on the drawn digits, the default plan", f"{100 * drawn:.2f} %", "97–99 %", 0.97 <= drawn <= 0.99)
        self.figures["accuracy"] = results
        self.figures["accuracy_drawn_digits"] = drawn
