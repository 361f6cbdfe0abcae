# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of the networks that people start with, beside PyTorch as it is written and as it is tuned."""
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
BATCH = 128


class NetworkWords(Harness):
    def networks(self):
        for network, steps, limit in NETWORKS:
            self.network_ratio(network, steps, limit)

    def network_ratio(self, network, steps, limit):
        """Every contestant does a few steps in turn, so that a busy minute hits all alike."""
        pictures = network not in ("lenet", "mlp")
        model = str(pathlib.Path(__file__).with_name(f"{network}.json")) if network in OWN_FILES else network
        data = self.data("cifar10/cifar10-images.zip") if pictures else f"{self.arguments.mnist}/"
        settings = {"model": model, "data": data, "batch_size": BATCH, "optimizer": "adam",
                    **({"most_per_class": 200} if pictures else {})}
        lanes = ["8"] if network == "lenet" else []  # of a processor with AVX2 only
        styles = ["usual", "tuned"] + (["channels-last"] if network != "mlp" else [])
        seconds = {}
        with contextlib.ExitStack() as open_now:
            contestants = {"TorchDesk": open_now.enter_context(self.job(self.plan(**settings)))[1],
                           "TorchDesk, eager": open_now.enter_context(self.job(self.plan(**settings, step="eager")))[1]}
            for width in lanes:
                contestants["TorchDesk, AVX2 only"] = open_now.enter_context(
                    self.job(self.plan(**settings, step="lane"), width))[1]
            for style in styles:
                peer = self.asked_peer("networkstep.py", network, BATCH, self.arguments.threads, style)
                contestants[f"PyTorch, {style}"] = open_now.enter_context(peer)[1]
            for ask in contestants.values():
                ask(f"steps {steps}")
            for turn in range(3 * self.arguments.repeats):
                for name, ask in contestants.items():
                    seconds.setdefault(name, []).append(ask(f"steps {steps}") / steps)
                self.say(f"{network} {turn + 1}: " + ", ".join(f"{name} {1e3 * all_[-1]:.2f} ms" for name, all_ in seconds.items()))
        medians = {name: statistics.median(values) for name, values in seconds.items()}
        for name, median in medians.items():
            spread = f"{1e3 * min(seconds[name]):.2f} to {1e3 * max(seconds[name]):.2f}"
            self.row(f"{network}, batch {BATCH}, a step: {name} ({spread} ms)", f"{1e3 * median:.2f} ms", "", None)
        best = min(median for name, median in medians.items() if name.startswith("PyTorch"))
        ratio = medians["TorchDesk"] / best
        self.row("… ratio to PyTorch's best fp32", f"{ratio:.3f}", f"≤ {limit:.3f}", ratio <= limit)
        if lanes:
            narrow = medians["TorchDesk, AVX2 only"] / best
            self.row("… with AVX2 only", f"{narrow:.3f}", "≤ 0.333", narrow <= 1 / 3)
        self.figures[f"network {network}"] = {"seconds": seconds, "ratio": ratio}

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
