# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that people start with, in Keras: compiled() makes one, with the threads that it may use."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras  # noqa: E402
import tensorflow  # noqa: E402
from keras import layers  # noqa: E402


def use_threads(threads):
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


NETWORKS = {"lenet": lenet, "mlp": mlp, "threeblocks": threeblocks, "smallcnn": smallcnn, "resnet20": resnet20}


def compiled(network):
    model = NETWORKS[network]()
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])
    return model
