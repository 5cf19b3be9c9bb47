"""Whisper from a CTranslate2 folder to two ONNX graphs and a token table. usage: convert_whisper.py IN_DIR OUT_DIR

encoder.onnx  pcm [1, samples] (16 kHz, a multiple of 320) -> per decoder layer the keys cross_k_i [1, heads, dim, S] and
              values cross_v_i [1, heads, S, dim] of the cross attention, S = samples / 320. The log-mel front end is inside.
decoder.onnx  tokens [1, n], keep [m], cross_k_i, cross_v_i, self_k_i, self_v_i [1, heads, past, dim] -> logits
              [1, m, vocabulary] of the positions in keep, and the grown new_k_i, new_v_i. One input a layer, so that nothing
              is copied a step. attention [1, a, n, S]: what the a heads that follow the sound (config.json's
              alignment_heads) looked at for each token, for the times of words.
tokens.txt    line i: base64 of the bytes of token i, for the text tokens only (the rest are control tokens).
What the decoding loop must know (special tokens, sizes, languages) is in the encoder's metadata.
"""

import base64
import json
import os
import struct
import sys

import numpy as np

from log_mel import log_mel
from onnx_writer import Graph, quantize_rows
from protobuf import FLOAT, INT64


# How long after what the alignment heads look at a word's sound begins, by width and languages: measured on synthesised
# speech of four voices (bench/speech/words.py), the same for all of them within 20 ms.
ALIGN_SHIFT_MS = {(512, True): 60, (384, False): -80}


def read_ctranslate2(path):
    """Weights of a model.bin, format 6 (ctranslate2/specs/model_spec.py, _serialize)."""
    dtypes = [np.float32, np.int8, np.int16, np.int32, np.float16]
    with open(path, "rb") as f:
        def u32():
            return struct.unpack("<I", f.read(4))[0]

        def text():
            return f.read(struct.unpack("<H", f.read(2))[0])[:-1].decode()

        if u32() != 6 or text() != "WhisperSpec":
            raise SystemExit(path + ": not a CTranslate2 Whisper model of format 6")
        u32()
        weights = {}
        for _ in range(u32()):
            name, rank = text(), f.read(1)[0]
            shape = [u32() for _ in range(rank)]
            kind = dtypes[f.read(1)[0]]
            weights[name] = np.frombuffer(f.read(u32()), kind).reshape(shape)
        for _ in range(u32()):
            alias, target = text(), text()
            weights[alias] = weights[target]
    return weights


class Whisper:
    def __init__(self, folder):
        self.w = read_ctranslate2(os.path.join(folder, "model.bin"))
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as f:
            self.config = json.load(f)
        with open(os.path.join(folder, "vocabulary.txt"), encoding="utf-8", newline="\n") as f:
            self.vocabulary = [line.rstrip("\n") for line in f]
        self.n_vocab, self.dim = self.w["decoder/embeddings/weight"].shape
        self.heads = int(self.w["encoder/num_heads"])
        self.head_dim = self.dim // self.heads
        self.layers = {side: sum(k.startswith(side + "/layer_") and k.endswith("ffn/linear_0/bias") for k in self.w)
                       for side in ("encoder", "decoder")}

    def f32(self, name):
        return self.w[name].astype(np.float32)

    def linear(self, g, x, name, rows=slice(None), scale=1.0):
        return g.matmul(x, self.f32(name + "/weight")[rows] * np.float32(scale),
                        self.f32(name + "/bias")[rows] * np.float32(scale))

    def norm(self, g, x, name):
        return g.layer_norm(x, self.f32(name + "/gamma"), self.f32(name + "/beta"))

    def split_heads(self, g, x, perm=(0, 2, 1, 3)):
        return g.op("Transpose", g.op("Reshape", x, g.ints(0, 0, self.heads, self.head_dim)), perm=perm)

    def qkv(self, g, x, name):
        """One product for the three; the query is scaled here and not at each step."""
        weight, bias = self.f32(name + "/weight"), self.f32(name + "/bias")
        factor = np.ones((3 * self.dim, 1), np.float32)
        factor[:self.dim] = self.head_dim ** -0.5
        y = g.matmul(x, weight * factor, bias * factor[:, 0])
        return g.op("Split", y, g.ints(self.dim, self.dim, self.dim), axis=-1, n_out=3)

    def attend(self, g, q, keys_t, values, mask=None):
        """q [1, n, dim]; keys_t [1, heads, head_dim, S]; values [1, heads, S, head_dim]. The sum, and what it weighs."""
        a = g.op("MatMul", self.split_heads(g, q), keys_t)
        if mask:
            a = g.op("Add", a, mask)
        a = g.op("Softmax", a, axis=-1)
        y = g.op("Transpose", g.op("MatMul", a, values), perm=(0, 2, 1, 3))
        return g.op("Reshape", y, g.ints(0, 0, self.dim)), a

    def mlp(self, g, x, p):
        h = g.op("Gelu", self.linear(g, self.norm(g, x, p + "ffn/layer_norm"), p + "ffn/linear_0"))
        return g.op("Add", x, self.linear(g, h, p + "ffn/linear_1"))

    def encoder(self, path):
        g, f = Graph(), self.f32
        x = log_mel(g, "pcm", self.w["encoder/conv1/weight"].shape[1])
        for name, stride in (("conv1", 1), ("conv2", 2)):
            kernel, bias = g.const(f("encoder/%s/weight" % name)), g.const(f("encoder/%s/bias" % name))
            x = g.op("Gelu", g.op("Conv", x, kernel, bias, pads=[1, 1], strides=[stride]))
        x = g.op("Transpose", x, perm=(0, 2, 1))
        length = g.op("Shape", x, start=1, end=2)
        positions = g.const(f("encoder/position_encodings/encodings"))
        x = g.op("Add", x, g.op("Slice", positions, g.ints(0), length, g.ints(0)))
        for i in range(self.layers["encoder"]):
            p = "encoder/layer_%d/" % i
            q, k, v = self.qkv(g, self.norm(g, x, p + "self_attention/layer_norm"), p + "self_attention/linear_0")
            # ONNX Runtime's own: works block by block where a matrix of all scores would take 70 MB
            y = g.op("MultiHeadAttention", q, k, v, domain="com.microsoft", num_heads=self.heads, scale=1.0)
            x = self.mlp(g, g.op("Add", x, self.linear(g, y, p + "self_attention/linear_1")), p)
        x = self.norm(g, x, "encoder/layer_norm")
        outputs = []
        for i in range(self.layers["decoder"]):
            name = "decoder/layer_%d/attention/linear_1" % i
            k = self.linear(g, x, name, slice(0, self.dim))
            v = self.linear(g, x, name, slice(self.dim, 2 * self.dim))
            reshape = g.ints(0, 0, self.heads, self.head_dim)
            g.op("Transpose", g.op("Reshape", k, reshape), perm=(0, 2, 3, 1), out="cross_k_%d" % i)
            g.op("Transpose", g.op("Reshape", v, reshape), perm=(0, 2, 1, 3), out="cross_v_%d" % i)
            outputs += [("cross_k_%d" % i, FLOAT, [1, self.heads, self.head_dim, "S"]),
                        ("cross_v_%d" % i, FLOAT, [1, self.heads, "S", self.head_dim])]
        g.save(path, [("pcm", FLOAT, [1, "samples"])], outputs, self.metadata())

    def decoder(self, path):
        g, f = Graph(), self.f32
        x, mask = self.embed(g)
        heads, attention = self.config.get("alignment_heads", []), []
        inputs = [("tokens", INT64, [1, "n"]), ("keep", INT64, ["m"])]
        outputs = [("logits", FLOAT, [1, "m", self.n_vocab])]
        for i in range(self.layers["decoder"]):
            p = "decoder/layer_%d/" % i
            q, k, v = self.qkv(g, self.norm(g, x, p + "self_attention/layer_norm"), p + "self_attention/linear_0")
            keys = g.op("Concat", "self_k_%d" % i, self.split_heads(g, k), axis=2, out="new_k_%d" % i)
            values = g.op("Concat", "self_v_%d" % i, self.split_heads(g, v), axis=2, out="new_v_%d" % i)
            y, _ = self.attend(g, q, g.op("Transpose", keys, perm=(0, 1, 3, 2)), values, mask)
            x = g.op("Add", x, self.linear(g, y, p + "self_attention/linear_1"))
            q = self.linear(g, self.norm(g, x, p + "attention/layer_norm"), p + "attention/linear_0",
                            scale=self.head_dim ** -0.5)
            y, weights = self.attend(g, q, "cross_k_%d" % i, "cross_v_%d" % i)
            mine = [head for layer, head in heads if layer == i]
            if mine:
                attention.append(g.op("Gather", weights, g.ints(*mine), axis=1))
            x = self.mlp(g, g.op("Add", x, self.linear(g, y, p + "attention/linear_2")), p)
            inputs += [("cross_k_%d" % i, FLOAT, [1, self.heads, self.head_dim, "S"]),
                       ("cross_v_%d" % i, FLOAT, [1, self.heads, "S", self.head_dim])]
            inputs += [("self_%s_%d" % (c, i), FLOAT, [1, self.heads, "past", self.head_dim]) for c in "kv"]
            outputs += [("new_%s_%d" % (c, i), FLOAT, [1, self.heads, "now", self.head_dim]) for c in "kv"]
        x = g.op("Gather", x, "keep", axis=1)
        g.matmul(self.norm(g, x, "decoder/layer_norm"), f("decoder/embeddings/weight"), out="logits")
        if heads:
            g.op("Concat", *attention, axis=1, out="attention")
            outputs.append(("attention", FLOAT, [1, len(heads), "n", "S"]))
        g.save(path, inputs, outputs, {})

    def embed(self, g):
        """Token embedding plus positions, and the causal mask. The table stays uint8 per row: a quarter of its size."""
        q, scale, zero = quantize_rows(self.f32("decoder/embeddings/weight"))
        rows = g.op("Cast", g.op("Gather", g.const(q), "tokens"), to=FLOAT)
        rows = g.op("Mul", rows, g.op("Gather", g.const(scale[:, None]), "tokens"))
        offset = (-scale * zero.astype(np.float32))[:, None]
        rows = g.op("Add", rows, g.op("Gather", g.const(offset), "tokens"))
        past = g.op("Shape", "self_k_0", start=2, end=3)
        end = g.op("Add", past, g.op("Shape", "tokens", start=1, end=2))
        positions = self.f32("decoder/position_encodings/encodings")
        x = g.op("Add", rows, g.op("Slice", g.const(positions), past, end, g.ints(0)))
        n = positions.shape[0]
        causal = g.const(np.triu(np.full((n, n), -1e9, np.float32), 1))
        mask = g.op("Slice", g.op("Slice", causal, past, end, g.ints(0)), g.ints(0), end, g.ints(1))
        return x, mask

    def metadata(self):
        ids = {t: i for i, t in enumerate(self.vocabulary)}
        multilingual = self.n_vocab >= 51865
        start, end = ids["<|startoftranscript|>"], ids["<|endoftext|>"]
        languages = [(i, self.vocabulary[i][2:-2]) for i in self.config["lang_ids"]] if multilingual else []
        return {
            "n_align": len(self.config.get("alignment_heads", [])),
            "align_shift_ms": ALIGN_SHIFT_MS.get((self.dim, multilingual), 0),
            "format": 2, "multilingual": int(multilingual), "n_layer": self.layers["decoder"], "n_head": self.heads,
            "head_dim": self.head_dim, "n_vocab": self.n_vocab,
            "n_audio_ctx": self.w["encoder/position_encodings/encodings"].shape[0],
            "n_text_ctx": self.w["decoder/position_encodings/encodings"].shape[0],
            "start": start, "end": end, "transcribe": ids.get("<|transcribe|>", start + 101),
            "previous": ids["<|startofprev|>"], "no_timestamps": ids["<|notimestamps|>"],
            "no_speech": ids.get("<|nospeech|>", ids.get("<|nocaptions|>", ids["<|notimestamps|>"] - 1)),
            "blank": ids["Ġ"], "suppress": ",".join(str(i) for i in self.config["suppress_ids"] if 0 <= i < end),
            "language_tokens": ",".join(str(i) for i, _ in languages),
            "language_codes": ",".join(c for _, c in languages),
        }

    def tokens(self, path):
        """GPT-2's printable stand-ins turned back into bytes."""
        plain = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
        to_byte = {chr(b): b for b in plain}
        to_byte.update({chr(256 + k): b for k, b in enumerate(b for b in range(256) if b not in plain)})
        text = self.vocabulary[:self.vocabulary.index("<|endoftext|>")]
        with open(path, "w", encoding="ascii") as f:
            for token in text:
                f.write(base64.b64encode(bytes(to_byte[c] for c in token)).decode() + "\n")


def main():
    source, target = sys.argv[1:3]
    model = Whisper(source)
    model.encoder(os.path.join(target, "encoder.onnx"))
    model.decoder(os.path.join(target, "decoder.onnx"))
    model.tokens(os.path.join(target, "tokens.txt"))


if __name__ == "__main__":
    main()
