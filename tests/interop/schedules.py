# SPDX-License-Identifier: GPL-3.0-or-later
"""The learning rate of every step of a run, as PyTorch's schedulers have it.

Prints a JSON object: for each schedule the rates of 12 epochs of 5 steps at a learning rate of 0.1; "plateau" has one
rate an epoch, measured by the losses under "losses".
"""
import json

import torch
from torch.optim import lr_scheduler

EPOCHS, STEPS, RATE = 12, 5, 0.1
LOSSES = [1.0, 0.9, 0.95, 0.9, 0.8999, 0.5, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4]


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)


def rates(make_each_epoch=None, make_each_step=None):
    of = optimizer()
    each_epoch = make_each_epoch and make_each_epoch(of)
    each_step = make_each_step and make_each_step(of)
    found = []
    for _ in range(EPOCHS):
        for _ in range(STEPS):
            found.append(of.param_groups[0]["lr"])
            of.step()
            # One cycle knows how many steps there are, and minds one more.
            if each_step and len(found) < EPOCHS * STEPS:
                each_step.step()
        if each_epoch:
            each_epoch.step()
    return found


def plateau():
    of = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(of, factor=0.5, patience=1, min_lr=0.02)
    found = []
    for loss in LOSSES:
        found.append(of.param_groups[0]["lr"])
        scheduler.step(loss)
    return found


print(json.dumps({
    "step": rates(lambda of: lr_scheduler.StepLR(of, 4, 0.1)),
    "multistep": rates(lambda of: lr_scheduler.MultiStepLR(of, [6, 9], 0.2)),
    "exponential": rates(lambda of: lr_scheduler.ExponentialLR(of, 0.9)),
    "cosine": rates(lambda of: lr_scheduler.CosineAnnealingLR(of, EPOCHS, 0.001)),
    "polynomial": rates(lambda of: lr_scheduler.PolynomialLR(of, EPOCHS, 2.0)),
    "onecycle": rates(None, lambda of: lr_scheduler.OneCycleLR(of, RATE, EPOCHS * STEPS, cycle_momentum=False)),
    "warm-up": rates(lambda of: lr_scheduler.StepLR(of, 4, 0.1),
                     lambda of: lr_scheduler.LinearLR(of, 1 / 10, 1.0, 9)),
    "warm-up cosine": rates(lambda of: lr_scheduler.CosineAnnealingLR(of, EPOCHS),
                            lambda of: lr_scheduler.LinearLR(of, 1 / 10, 1.0, 9)),
    "plateau": plateau(),
    "losses": LOSSES,
}))
