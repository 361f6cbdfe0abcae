# SPDX-License-Identifier: GPL-3.0-or-later
"""LeNet as Keras' users write it: arrays in memory, compile and fit."""
import argparse

from kerasnetworks import compiled, keras, tensorflow, use_threads
from mnist import BATCH, report, test_part, training_part

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--epochs", type=int, default=2)
arguments = parser.parse_args()
use_threads(arguments.threads)


def scaled(part):
    images, labels = part
    return images[..., None].astype("float32") / 255, labels


images, labels = scaled(training_part(arguments.data))
model = compiled("lenet")

report(f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}", arguments.epochs,
       lambda: model.fit(images, labels, batch_size=BATCH, epochs=1, verbose=0),
       lambda: model.evaluate(*scaled(test_part(arguments.data)), batch_size=500, verbose=0)[1])
