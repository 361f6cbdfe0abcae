# SPDX-License-Identifier: GPL-3.0-or-later
"""The losses of a training as PyTorch does it, from weights, samples and an order that were given.

Arguments: a folder with model.py, weights.safetensors, samples.bin (uint8, count x 1 x 28 x 28) and recipe.json (labels,
order: a list for each epoch, batch and the recipe). Prints the losses of all batches as JSON.
"""
import json
import pathlib
import sys

import numpy
import safetensors.torch
import torch
from torch import nn


def parameters_of(network, recipe):
    if not recipe["decay_weights_only"]:
        return list(network.parameters())
    return [{"params": [p for p in network.parameters() if p.ndim > 1]},
            {"params": [p for p in network.parameters() if p.ndim <= 1], "weight_decay": 0.0}]


def optimizer_of(network, recipe):
    parameters, rate, decay = parameters_of(network, recipe), recipe["rate"], recipe["decay"]
    name = recipe["optimizer"]
    if name == "sgd":
        return torch.optim.SGD(parameters, rate, recipe["momentum"], weight_decay=decay, nesterov=recipe["nesterov"])
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, momentum=recipe["momentum"], weight_decay=decay)
    return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name](parameters, rate, weight_decay=decay)


def class_weights(labels, classes):
    """n / (K * n_c), as scikit-learn's 'balanced'; 0 for a class without samples."""
    counts = torch.bincount(labels, minlength=classes)
    weights = len(labels) / ((counts > 0).sum() * counts.clamp(min=1))
    return torch.where(counts > 0, weights, torch.zeros_like(weights))


def main(folder):
    torch.set_num_threads(1)
    sys.path.insert(0, str(folder))
    import model
    network = next(value for value in vars(model).values()
                   if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == "model")()
    network.load_state_dict(safetensors.torch.load_file(folder / "weights.safetensors"), strict=False)
    network.train()
    recipe = json.loads((folder / "recipe.json").read_text())
    samples = torch.from_numpy(numpy.frombuffer((folder / "samples.bin").read_bytes(), numpy.uint8).copy())
    samples = samples.reshape(-1, 1, 28, 28).float() / 255
    labels = torch.tensor(recipe["labels"])
    optimizer = optimizer_of(network, recipe)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, recipe["step"], 0.1)
    accumulation = recipe["accumulation"]
    weight = class_weights(labels, network(samples[:2]).shape[1]) if recipe["class_weights"] else None
    losses = []
    for order in recipe["order"]:
        batches = torch.tensor(order).split(recipe["batch"])
        for index, batch in enumerate(batches):
            loss = nn.functional.cross_entropy(network(samples[batch]), labels[batch], weight=weight,
                                               label_smoothing=recipe["label_smoothing"])
            losses.append(loss.item())
            (loss / accumulation).backward()
            if (index + 1) % accumulation == 0 or index + 1 == len(batches):
                if recipe["clip"] > 0:
                    nn.utils.clip_grad_norm_(network.parameters(), recipe["clip"])
                optimizer.step()
                optimizer.zero_grad()
        scheduler.step()
    print(json.dumps(losses))


main(pathlib.Path(sys.argv[1]))
