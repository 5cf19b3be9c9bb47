"""MiniLM's weights (safetensors) as a graph that gives finished sentence vectors. usage: convert_minilm.py IN_DIR OUT_DIR

model.onnx  input_ids [N, T] (one length: nothing is padded) -> embedding [N, 384]: BERT, the mean over the tokens, length 1;
            tokens [N, T, 384]: each token as it stands after the third of six layers, length 1: what it means where it stands,
            before the later layers make the sentence of it.
            In float32, not quantised: the same text gives the same score on every machine of a kind.
vocab.txt   as it is.
"""

import json
import os
import shutil
import struct
import sys

import numpy as np

from onnx_writer import Graph
from protobuf import FLOAT, INT64


TOKEN_LAYER = 3


def read_safetensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    dtypes = {"F32": np.float32, "I64": np.int64}
    return {k: np.frombuffer(data[v["data_offsets"][0]:v["data_offsets"][1]], dtypes[v["dtype"]]).reshape(v["shape"])
            for k, v in header.items() if k != "__metadata__"}


class Bert:
    def __init__(self, graph, weights, config):
        self.g, self.w = graph, weights
        self.dim, self.heads, self.epsilon = config["hidden_size"], config["num_attention_heads"], config["layer_norm_eps"]

    def norm(self, x, name):
        g = self.g
        return g.op("LayerNormalization", x, g.const(self.w[name + ".weight"]), g.const(self.w[name + ".bias"]), axis=-1,
                    epsilon=float(self.epsilon))

    def linear(self, x, name, scale=1.0):
        g, scale = self.g, np.float32(scale)
        y = g.op("MatMul", x, g.const(np.ascontiguousarray(self.w[name + ".weight"].T * scale)))
        return g.op("Add", y, g.const(self.w[name + ".bias"] * scale))

    def heads_of(self, x, perm):
        g = self.g
        return g.op("Transpose", g.op("Reshape", x, g.ints(0, 0, self.heads, self.dim // self.heads)), perm=perm)

    def embed(self, ids):
        g, w = self.g, self.w
        place = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
        length = g.op("Shape", ids, start=1, end=2)
        places = g.op("Slice", g.const(place), g.ints(0), length, g.ints(0))
        words = g.op("Gather", g.const(w["embeddings.word_embeddings.weight"]), ids)
        return self.norm(g.op("Add", words, places), "embeddings.LayerNorm")

    def attention(self, x, p):
        g = self.g
        q = self.heads_of(self.linear(x, p + "self.query", (self.dim // self.heads) ** -0.5), [0, 2, 1, 3])
        k = self.heads_of(self.linear(x, p + "self.key"), [0, 2, 3, 1])
        v = self.heads_of(self.linear(x, p + "self.value"), [0, 2, 1, 3])
        y = g.op("MatMul", g.op("Softmax", g.op("MatMul", q, k), axis=-1), v)
        y = g.op("Reshape", g.op("Transpose", y, perm=[0, 2, 1, 3]), g.ints(0, 0, self.dim))
        return self.norm(g.op("Add", x, self.linear(y, p + "output.dense")), p + "output.LayerNorm")

    def layer(self, x, p):
        g = self.g
        x = self.attention(x, p + "attention.")
        y = self.linear(g.op("Gelu", self.linear(x, p + "intermediate.dense")), p + "output.dense")
        return self.norm(g.op("Add", x, y), p + "output.LayerNorm")


def main():
    source, target = sys.argv[1:3]
    with open(os.path.join(source, "config.json"), encoding="utf-8") as f:
        config = json.load(f)
    g = Graph()
    bert = Bert(g, read_safetensors(os.path.join(source, "model.safetensors")), config)
    x = bert.embed("input_ids")
    for i in range(config["num_hidden_layers"]):
        x = bert.layer(x, "encoder.layer.%d." % i)
        if i + 1 == TOKEN_LAYER:
            g.op("Div", x, g.op("ReduceL2", x, g.ints(2), keepdims=1), out="tokens")
    mean = g.op("ReduceMean", x, g.ints(1), keepdims=0)
    g.op("Div", mean, g.op("ReduceL2", mean, g.ints(1), keepdims=1), out="embedding")
    g.save(os.path.join(target, "model.onnx"), [("input_ids", INT64, ["N", "T"])], [("embedding", FLOAT, ["N", bert.dim]), ("tokens", FLOAT, ["N", "T", bert.dim])], {})
    shutil.copyfile(os.path.join(source, "vocab.txt"), os.path.join(target, "vocab.txt"))


if __name__ == "__main__":
    main()
