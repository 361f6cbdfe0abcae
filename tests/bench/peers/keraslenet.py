# SPDX-License-Identifier: GPL-3.0-or-later
"""LeNet as Keras' users write it: arrays in memory, compile and fit."""
import argparse
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras  # noqa: E402
import tensorflow  # noqa: E402
from keras import layers  # noqa: E402

from mnist import BATCH, report, test_part, training_part  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--epochs", type=int, default=2)
arguments = parser.parse_args()
tensorflow.config.threading.set_intra_op_parallelism_threads(arguments.threads)
tensorflow.config.threading.set_inter_op_parallelism_threads(arguments.threads)
keras.utils.set_random_seed(1)


def scaled(part):
    images, labels = part
    return images[..., None].astype("float32") / 255, labels


images, labels = scaled(training_part(arguments.data))
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(6, 5, activation="relu"), layers.MaxPooling2D(2),
    layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(120, activation="relu"), layers.Dropout(0.5),
    layers.Dense(84, activation="relu"), layers.Dropout(0.5),
    layers.Dense(10)])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=["accuracy"])

report(f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}", arguments.epochs,
       lambda: model.fit(images, labels, batch_size=BATCH, epochs=1, verbose=0),
       lambda: model.evaluate(*scaled(test_part(arguments.data)), batch_size=500, verbose=0)[1])
