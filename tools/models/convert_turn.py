"""Smart Turn's graph as it is, and the front end that it was trained behind. usage: convert_turn.py IN_DIR OUT_DIR

frontend.onnx  pcm [1, 128000] (16 kHz, the last 8 s, silence in front of what is shorter) -> input_features [1, 80, 800]:
               the sound to zero mean and unit variance, then Whisper's log-mel spectrogram.
model.onnx     input_features -> the probability that the speaker has finished.
"""

import os
import shutil
import sys

import numpy as np

from log_mel import log_mel
from onnx_writer import Graph
from protobuf import FLOAT

SAMPLES, N_MELS, FRAMES = 128000, 80, 800


def main():
    source, target = sys.argv[1:3]
    g = Graph()
    x = g.op("Sub", "pcm", g.op("ReduceMean", "pcm", keepdims=1))
    variance = g.op("ReduceMean", g.op("Mul", x, x), keepdims=1)
    x = g.op("Div", x, g.op("Sqrt", g.op("Add", variance, g.const(np.float32(1e-7)))))
    g.op("Identity", log_mel(g, x, N_MELS), out="input_features")
    g.save(os.path.join(target, "frontend.onnx"), [("pcm", FLOAT, [1, SAMPLES])],
           [("input_features", FLOAT, [1, N_MELS, FRAMES])], {})
    shutil.copyfile(os.path.join(source, "model.onnx"), os.path.join(target, "model.onnx"))


if __name__ == "__main__":
    main()
