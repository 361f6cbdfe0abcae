# SPDX-License-Identifier: GPL-3.0-or-later
"""A small network in Keras, compiled and fitted as its users do: kerasstep.py NETWORK BATCH THREADS.

Prints 0 when it is ready, then answers lines as networkstep.py does. Of a fit the seconds of its epoch count, not those
that it takes to begin.
"""
import sys
import time

import numpy
from kerasnetworks import compiled, keras, use_threads

network, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
use_threads(threads)


class EpochClock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self.begin


one = compiled(network)


def steps(count):
    images = numpy.random.rand(batch * int(count), *one.input_shape[1:]).astype("float32")
    labels = numpy.random.randint(0, 10, len(images))
    clock = EpochClock()
    one.fit(images, labels, batch_size=batch, verbose=0, callbacks=[clock])
    return clock.seconds


def accuracy(epochs, file):
    data = numpy.load(file)
    model = compiled(network)
    model.fit(data["train_images"].astype("float32") / 255, data["train_labels"], batch_size=batch, epochs=int(epochs), verbose=0)
    return model.evaluate(data["test_images"].astype("float32") / 255, data["test_labels"], batch_size=500, verbose=0)[1]


print(0, flush=True)
for line in sys.stdin:
    what, *more = line.split()
    print({"steps": steps, "accuracy": accuracy}[what](*more), flush=True)
