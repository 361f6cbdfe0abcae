# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a data set as arrays that every peer reads, bytes [sample, row, column, channel]: sets.py SOURCE OUT.npz.

SOURCE: the folder of MNIST's files, or the archive of CIFAR-10's pictures.
"""
import sys
import zipfile

import cifar10
import mnist
import numpy

source, out = sys.argv[1:]
if zipfile.is_zipfile(source):
    with zipfile.ZipFile(source) as archive:
        parts = {"train": cifar10.part(archive, "train"), "test": cifar10.part(archive, "test")}
else:
    parts = {"train": mnist.training_part(source), "test": mnist.test_part(source)}
arrays = {}
for name, (images, labels) in parts.items():
    arrays[f"{name}_images"] = images if images.ndim == 4 else images[..., None]
    arrays[f"{name}_labels"] = labels.astype(numpy.int64)
numpy.savez(out, **arrays)
print("{}")
