# SPDX-License-Identifier: GPL-3.0-or-later
"""What PyTorch's peers share: LeNet in Keras' form, MNIST as tensors, and the report."""
import mnist
import torch
from mnist import BATCH  # noqa: F401
from torch import nn


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 120), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(120, 84), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(84, 10))


def tensors(part):
    images, labels = part
    return torch.from_numpy(images).unsqueeze(1), torch.from_numpy(labels).long()


def training_part(folder):
    return tensors(mnist.training_part(folder))


def report(arguments, model, epoch):
    def accuracy():
        images, labels = tensors(mnist.test_part(arguments.data))
        model.eval()
        with torch.inference_mode():
            return (model(images.float() / 255).argmax(1) == labels).float().mean().item()

    mnist.report(f"PyTorch {torch.__version__}", arguments.epochs, epoch, accuracy)
