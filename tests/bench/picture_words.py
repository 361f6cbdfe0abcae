# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks for pictures against PyTorch and torchvision; needs the data sets beside the checkout."""
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import zipfile

from harness import Harness

ALEXNET = {"model": "alexnet", "optimizer": "sgd", "learning_rate": 0.001, "momentum": 0.9, "schedule": "step",
           "schedule_step": "10", "normalise": "imagenet"}
RESNET20 = {"model": "resnet20", "optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.0001,
            "schedule": "cosine", "normalise": "imagenet", "validation_share": 0}
BF16_UNITS = {"avx512_bf16", "amx_bf16", "amx_tile"}


class PictureWords(Harness):
    def losses(self):
        """The interop test prints what it measures."""
        environment = {**self.environment(self.work), "TORCHDESK_INTEROP_PYTHON": self.arguments.python,
                       "TORCHDESK_DATASETS": self.arguments.datasets, "GOMP_SPINCOUNT": "1000"}
        done = subprocess.run([self.program("tst_firstlosses")], env=environment, capture_output=True, text=True)
        found = re.findall(r"^(\w+): largest difference of the first (\d+) losses (\S+)", done.stdout, re.MULTILINE)
        if len(found) != 2:
            raise SystemExit(done.stdout + done.stderr)
        for network, count, difference in found:
            self.row(f"{network}: largest difference of the first {count} losses to PyTorch's", difference, "≤ 0.001",
                     float(difference) <= 1e-3)
        self.figures["losses"] = {network: float(difference) for network, _, difference in found}

    def steps(self):
        units = set(re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)[1].split())
        fast = sorted(units & BF16_UNITS)
        self.say("the processor has " + (", ".join(fast) if fast else "neither AVX512-BF16 nor AMX: fp32 only"))
        if not fast:
            self.row("bf16 needs AVX512-BF16 or AMX, which this processor has not", "not measured", "", None)
        for network, batch, limit in (("alexnet", 32, 0.65), ("resnet18", 16, 0.4)):
            self.step_ratios(network, batch, limit, bool(fast))

    def step_ratios(self, network, batch, limit, fast):
        """A plan that allows bf16 beside PyTorch as people write it; and the same settings on both sides. All are asked for a
        few steps in turn, so that a busy minute hits them alike."""
        settings = {**ALEXNET, "model": network, "data": self.data("hymenoptera"), "batch_size": batch}
        alike = {"fp32": {"step": "eager"}}
        if fast:
            alike["bf16, channels last"] = {"step": "eager", "precision": "bf16", "channels_last": True}
        seconds = {}
        with contextlib.ExitStack() as open_now:
            contestants = {"TorchDesk": open_now.enter_context(self.job(self.plan(**settings, precision="bf16")))[1]}
            for name, more in alike.items():
                contestants[f"TorchDesk, {name}"] = open_now.enter_context(self.job(self.plan(**settings, **more)))[1]
                peer = self.asked_peer("step.py", network, batch, self.arguments.threads, name)
                contestants[f"PyTorch, {name}"] = open_now.enter_context(peer)[1]
            for ask in contestants.values():
                ask("steps 2")
            for turn in range(3 * self.arguments.repeats):
                for name, ask in contestants.items():
                    seconds.setdefault(name, []).append(ask("steps 2") / 2)
                self.say(f"{network} {turn + 1}: " + ", ".join(f"{name} {all_[-1]:.3f} s" for name, all_ in seconds.items()))
        self.tell_steps(network, batch, seconds, limit if fast else None)

    def tell_steps(self, network, batch, seconds, limit):
        """Without bf16 the plan's choice is told, and no limit holds for it."""
        medians = {name: statistics.median(values) for name, values in seconds.items()}
        for name, median in medians.items():
            spread = f"{min(seconds[name]):.3f} to {max(seconds[name]):.3f}"
            self.row(f"{network}, 224, batch {batch}, a step: {name} ({spread} s)", f"{median:.3f} s", "", None)
        ratios = {"PyTorch's default settings": medians["TorchDesk"] / medians["PyTorch, fp32"]}
        self.row("… ratio to PyTorch's default settings", f"{ratios[next(iter(ratios))]:.3f}",
                 f"≤ {limit}" if limit else "", None if limit is None else ratios[next(iter(ratios))] <= limit)
        for name in [name.removeprefix("PyTorch, ") for name in medians if name.startswith("PyTorch, ")]:
            ratio = ratios[name] = medians[f"TorchDesk, {name}"] / medians[f"PyTorch, {name}"]
            self.row(f"… same settings, {name}", f"{ratio:.3f}", "≤ 1.03", ratio <= 1.03)
        self.figures[f"step {network}"] = {"seconds": seconds, "ratios": ratios}

    def folder(self):
        with tempfile.TemporaryDirectory(dir=self.work) as cifar:
            with zipfile.ZipFile(self.data("cifar10/cifar10-images.zip")) as archive:
                archive.extractall(cifar)
            # Some archives have everything in one folder of their own.
            inner = next(path.parent for path in sorted(pathlib.Path(cifar).rglob("train")))
            self.folder_ratio("photographs at 224", self.data("hymenoptera"), 224, "alexnet", 32)
            self.folder_ratio("CIFAR-10 at 32", str(inner), 32, "resnet20", 128)

    def folder_ratio(self, what, folder, side, network, batch):
        plan = self.plan(model=network, data=f"{folder}/", batch_size=batch, picture_size=side, normalise="imagenet",
                         validation_share=0)
        with self.asked_peer("pictures.py", folder, side, batch) as (opened, peer):
            theirs = [opened + peer("epoch")]
            with self.job(plan) as (opening, job):
                ours = [opening + job("epoch")]
                for _ in range(self.arguments.repeats):
                    ours.append(job("epoch"))
                    theirs.append(peer("epoch"))
        first, later = ours[0] / theirs[0], statistics.median(ours[1:]) / statistics.median(theirs[1:])
        self.row(f"Folder, {what}: first epoch beside ImageFolder with 2 workers ({theirs[0]:.2f} s)", f"{first:.3f}",
                 "≤ 1.0", first <= 1)
        self.row(f"… from the second on ({statistics.median(theirs[1:]):.2f} s)", f"{later:.3f}", "≤ 0.333", later <= 1 / 3)
        self.figures[f"folder {side}"] = {"seconds": ours, "imagefolder": theirs, "first": first, "later": later}

    def trained(self, **settings):
        """Trains in a terminal; gives what the run says at its end, the seconds and the most memory, in bytes."""
        command = [self.program("torchdesk-cli"), "train", self.plan(**settings), "--json"]
        begin = time.perf_counter()
        with tempfile.TemporaryFile("w+", dir=self.work) as out:
            process = subprocess.Popen(command, env=self.environment(self.fresh_runs()), stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
            out.seek(0)
            events = [json.loads(line) for line in out]
        return events, time.perf_counter() - begin, usage.ru_maxrss * 1024

    def alexnet(self):
        """The recipe runs through on photographs, and for 200 steps on enlarged CIFAR-10."""
        photographs = {"data": self.data("hymenoptera"), "epochs": 2, "batch_size": 32}
        cifar = {"data": self.data("cifar10/cifar10-images.zip"), "epochs": 1, "batch_size": 32, "picture_size": 224,
                 "most_per_class": 640, "validation_share": 0}
        for what, settings in (("photographs, 2 epochs", photographs), ("CIFAR-10 at 224, 200 steps", cifar)):
            events, seconds, peak = self.trained(**ALEXNET, **settings)
            end = events[-1]
            done = end.get("outcome") == "completed"
            self.row(f"AlexNet on {what}: {seconds:.0f} s, {peak / 2**20:.0f} MiB, test {100 * end['test_accuracy']:.1f} %",
                     end.get("outcome", "?"), "completed", done)
            self.figures[f"alexnet {what}"] = {"seconds": seconds, "peak_bytes": peak, "end": end}

    def many(self):
        """100,000 small pictures: looked through, and a few steps on some of them."""
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            self.run_peer("manypictures.py", folder, 100_000)
            begin = time.perf_counter()
            subprocess.run([self.program("torchdesk-cli"), "data", f"{folder}/"], check=True,
                           env=self.environment(self.work), stdout=subprocess.DEVNULL)
            scan = time.perf_counter() - begin
            self.row("100,000 pictures of 32×32: looked through", f"{scan:.1f} s", "< 60 s", scan < 60)
            settings = {**RESNET20, "validation_share": 0.02, "data": f"{folder}/", "epochs": 1, "train_share": 0.02,
                        "test_share": 0.02, "batch_size": 128}
            _, seconds, peak = self.trained(**settings)
            told = json.loads(subprocess.run([self.program("torchdesk-cli"), "measure", self.plan(**settings), "--json"],
                                             env=self.environment(self.work), check=True, capture_output=True).stdout)
            bound = told["program_bytes"] + told["sample_bytes"] + told["training_bytes"]
            self.row(f"… a training on 2 % of them, {seconds:.0f} s: most memory, and what measure says of the plan",
                     f"{peak / 2**20:.0f} MiB", f"≤ {bound / 2**20:.0f} MiB", peak <= bound)
            self.figures["many"] = {"scan_seconds": scan, "seconds": seconds, "peak_bytes": peak, "measured": told}

    def resnet20(self):
        """The mean accuracy of several seeds after a few epochs beside PyTorch's."""
        data, epochs = self.data("cifar10/cifar10-images.zip"), self.arguments.resnet_epochs
        ours, theirs = [], []
        for seed in range(1, self.arguments.seeds + 1):
            events, _, _ = self.trained(**RESNET20, data=data, epochs=epochs, seed=seed, batch_size=128)
            ours.append(events[-1]["last_test_accuracy"])
            theirs.append(self.run_peer("resnet20.py", data, "--epochs", epochs, "--seed", seed, "--threads",
                                        self.arguments.threads)["accuracy"])
            self.say(f"resnet20 seed {seed}: {ours[-1]:.4f}, PyTorch {theirs[-1]:.4f}")
        difference = 100 * (statistics.mean(ours) - statistics.mean(theirs))
        self.row(f"ResNet-20 on CIFAR-10, {epochs} epochs, {len(ours)} seeds: {100 * statistics.mean(ours):.2f} %, PyTorch "
                 f"{100 * statistics.mean(theirs):.2f} %", f"{difference:+.2f} points", "within 1.5", abs(difference) <= 1.5)
        self.figures["resnet20"] = {"accuracy": ours, "pytorch": theirs}
