# SPDX-License-Identifier: GPL-3.0-or-later
"""A small network in Keras, compiled and fitted as its users do: kerasstep.py NETWORK BATCH THREADS.

Prints 0 when it is ready, then answers lines as networkstep.py does. Of a fit the seconds of its epoch count, not those
that it takes to begin.
"""
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras  # noqa: E402
import numpy  # noqa: E402
import tensorflow  # noqa: E402
from keras import layers  # noqa: E402

network, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
keras.utils.set_random_seed(1)


def lenet():
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(6, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="relu"), layers.Dropout(0.5),
        layers.Dense(84, activation="relu"), layers.Dropout(0.5),
        layers.Dense(10)])


def mlp():
    return keras.Sequential([
        keras.Input((28, 28, 1)), layers.Flatten(),
        layers.Dense(512, activation="relu"), layers.Dropout(0.2),
        layers.Dense(256, activation="relu"), layers.Dropout(0.2),
        layers.Dense(10)])


def normalised(filters, stride=1):
    return [layers.Conv2D(filters, 3, stride, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5)]


def stages(convolutions):
    every = [keras.Input((32, 32, 3))]
    for width in (32, 64, 128):
        for _ in range(convolutions):
            every += [*normalised(width), layers.ReLU()]
        every.append(layers.MaxPooling2D(2))
    return every


def threeblocks():
    return keras.Sequential([*stages(1), layers.Flatten(), layers.Dense(10)])


def smallcnn():
    return keras.Sequential([*stages(2), layers.GlobalAveragePooling2D(), layers.Dropout(0.3), layers.Dense(10)])


def applied(every, value):
    for layer in every:
        value = layer(value)
    return value


def resnet20():
    begin = keras.Input((32, 32, 3))
    x, before = applied([*normalised(16), layers.ReLU()], begin), 16
    for width in (16, 32, 64):
        for _ in range(3):
            stride = width // before
            y = applied([*normalised(width, stride), layers.ReLU(), *normalised(width)], x)
            if stride > 1:  # every second place, and half as many channels of zeros on both sides
                more = (width - before) // 2
                x = keras.ops.pad(x[:, ::stride, ::stride, :], ((0, 0), (0, 0), (0, 0), (more, more)))
            x, before = layers.ReLU()(layers.Add()([x, y])), width
    return keras.Model(begin, applied([layers.GlobalAveragePooling2D(), layers.Dense(10)], x))


def compiled():
    model = {"lenet": lenet, "mlp": mlp, "threeblocks": threeblocks, "smallcnn": smallcnn, "resnet20": resnet20}[network]()
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])
    return model


class EpochClock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self.begin


one = compiled()


def steps(count):
    images = numpy.random.rand(batch * int(count), *one.input_shape[1:]).astype("float32")
    labels = numpy.random.randint(0, 10, len(images))
    clock = EpochClock()
    one.fit(images, labels, batch_size=batch, verbose=0, callbacks=[clock])
    return clock.seconds


def accuracy(epochs, file):
    data = numpy.load(file)
    model = compiled()
    model.fit(data["train_images"].astype("float32") / 255, data["train_labels"], batch_size=batch, epochs=int(epochs), verbose=0)
    return model.evaluate(data["test_images"].astype("float32") / 255, data["test_labels"], batch_size=500, verbose=0)[1]


print(0, flush=True)
for line in sys.stdin:
    what, *more = line.split()
    print({"steps": steps, "accuracy": accuracy}[what](*more), flush=True)
