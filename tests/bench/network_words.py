# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of the networks that people start with, beside PyTorch as it is written and as it is tuned, and Keras."""
import contextlib
import os
import pathlib
import statistics
import subprocess
import sys

from harness import Harness

# model, steps a turn, most of PyTorch's best fp32 setting
NETWORKS = (("lenet", 40, 1 / 6), ("mlp", 40, 1 / 1.8), ("threeblocks", 4, 0.75), ("smallcnn", 2, 1), ("resnet20", 2, 0.9))
OWN_FILES = ("threeblocks",)  # beside this one, not among the models that are shipped
OF_DIGITS = ("lenet", "mlp")
BATCH = 128


class NetworkWords(Harness):
    def networks(self):
        self.versions.add(self.run_peer("versions.py")["version"])
        self.versions.add(self.run_peer("versions.py", python=self.arguments.keras_python)["version"])
        for network, steps, limit in NETWORKS:
            settings = self.settings_of(network)
            with contextlib.ExitStack() as open_now:
                contestants = self.contestants(network, settings, open_now)
                seconds = self.turns(network, steps, contestants)
                accuracies = self.accuracies_of(network, settings, contestants) if self.arguments.accuracy_epochs else {}
            self.tell(network, seconds, accuracies, limit)

    def settings_of(self, network):
        model = str(pathlib.Path(__file__).with_name(f"{network}.json")) if network in OWN_FILES else network
        of_digits = network in OF_DIGITS
        data = f"{self.arguments.mnist}/" if of_digits else self.data("cifar10/cifar10-images.zip")
        return {"model": model, "data": data, "batch_size": BATCH, "optimizer": "adam", **({} if of_digits else {"validation_share": 0})}

    def contestants(self, network, settings, open_now):
        """What to ask of whom. A plan's steps look at few pictures."""
        few = {} if network in OF_DIGITS else {"most_per_class": 200}
        every = {"TorchDesk": open_now.enter_context(self.job(self.plan(**settings, **few)))[1],
                 "TorchDesk, eager": open_now.enter_context(self.job(self.plan(**settings, **few, step="eager")))[1]}
        if network == "lenet":
            every["TorchDesk, AVX2 only"] = open_now.enter_context(self.job(self.plan(**settings, step="lane"), "8"))[1]
        for style in ["usual", "tuned"] + (["channels-last"] if network != "mlp" else []):
            peer = self.asked_peer("networkstep.py", network, BATCH, self.arguments.threads, style)
            every[f"PyTorch, {style}"] = open_now.enter_context(peer)[1]
        peer = self.asked_peer("kerasstep.py", network, BATCH, self.arguments.threads, python=self.arguments.keras_python)
        every["Keras"] = open_now.enter_context(peer)[1]
        return every

    def turns(self, network, steps, contestants):
        """Every contestant does a few steps in turn, so that a busy minute hits all alike."""
        seconds = {name: [] for name in contestants}
        for ask in contestants.values():
            ask(f"steps {steps}")
        for turn in range(3 * self.arguments.repeats):
            for name, ask in contestants.items():
                seconds[name].append(ask(f"steps {steps}") / steps)
            self.say(f"{network} {turn + 1}: " + ", ".join(f"{name} {1e3 * all_[-1]:.2f} ms" for name, all_ in seconds.items()))
        return seconds

    def accuracies_of(self, network, settings, contestants):
        """On the test samples, after equal epochs on equal data."""
        epochs = self.arguments.accuracy_epochs
        file = self.work / f"{'digits' if network in OF_DIGITS else 'pictures'}.npz"
        if not file.exists():
            self.run_peer("sets.py", self.arguments.mnist if network in OF_DIGITS else settings["data"], file)
        found = {"TorchDesk": self.end_of_training(self.fresh_runs(), **settings, epochs=epochs)["last_test_accuracy"]}
        for name in ("PyTorch, usual", "PyTorch, tuned", "Keras"):
            found[name] = contestants[name](f"accuracy {epochs} {file}")
        self.say(f"{network} after {epochs} epochs: " + ", ".join(f"{name} {100 * value:.2f} %" for name, value in found.items()))
        return found

    def tell(self, network, seconds, accuracies, limit):
        medians = {name: statistics.median(values) for name, values in seconds.items()}
        for name, median in medians.items():
            spread = f"{1e3 * min(seconds[name]):.2f} to {1e3 * max(seconds[name]):.2f} ms"
            if name in accuracies:
                spread += f"; {100 * accuracies[name]:.2f} % on the test samples, epochs: {self.arguments.accuracy_epochs}"
            self.row(f"{network}, batch {BATCH}, a step: {name} ({spread})", f"{1e3 * median:.2f} ms", "", None)
        best = min(median for name, median in medians.items() if name.startswith("PyTorch"))
        ratios = {"PyTorch's best fp32": (medians["TorchDesk"] / best, limit),
                  "Keras": (medians["TorchDesk"] / medians["Keras"], 1 / 7 if network == "lenet" else None)}
        if "TorchDesk, AVX2 only" in medians:
            ratios["PyTorch's best fp32, with AVX2 only"] = (medians["TorchDesk, AVX2 only"] / best, 1 / 3)
        for what, (ratio, most) in ratios.items():
            self.row(f"… ratio to {what}", f"{ratio:.3f}", f"≤ {most:.3f}" if most else "", ratio <= most if most else None)
        self.figures[f"network {network}"] = {"seconds": seconds, "accuracy": accuracies,
                                              "ratios": {what: ratio for what, (ratio, _) in ratios.items()}}

    def busy(self):
        """LeNet's steps alone, and with somebody else on one of the cores."""
        seconds = {"alone": [], "busy": []}
        core = min(os.sched_getaffinity(0))
        with self.job(self.plan(model="lenet", batch_size=BATCH, step="lane")) as (_, ask):
            ask("steps 100")
            for turn in range(self.arguments.repeats):
                seconds["alone"].append(ask("steps 300") / 300)
                other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
                os.sched_setaffinity(other.pid, {core})
                seconds["busy"].append(ask("steps 300") / 300)
                other.kill()
                other.wait()
                self.say(f"busy {turn + 1}: " + ", ".join(f"{name} {1e3 * all_[-1]:.2f} ms" for name, all_ in seconds.items()))
        ratio = statistics.median(seconds["busy"]) / statistics.median(seconds["alone"])
        self.row("LeNet step with a busy process on one core, ratio to alone", f"{ratio:.2f}", "≤ 2.5", ratio <= 2.5)
        self.figures["busy"] = {"seconds": seconds, "ratio": ratio}
