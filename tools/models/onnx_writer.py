"""A small ONNX graph builder: collects nodes and weights. Needs numpy.

matmul() stores weights as int8 per output channel: the layout that VNNI and AMX are fast with. Its multiply-add saturates on
processors that only have AVX2: there ONNX Runtime, asked to be exact (session.x64quantprecision), turns it into uint8 at load.
"""

import numpy as np

from protobuf import FLOAT, INT32, INT64, INT8, UINT8, field_bytes, field_int, metadata, node, value_info, varint

_DTYPES = {np.dtype(np.float32): FLOAT, np.dtype(np.uint8): UINT8, np.dtype(np.int8): INT8, np.dtype(np.int32): INT32, np.dtype(np.int64): INT64}


def _tensor(name, array):
    out = b"".join(field_int(1, d) for d in array.shape) + field_int(2, _DTYPES[array.dtype]) + field_bytes(8, name)
    return out + field_bytes(9, array.tobytes())


class Graph:
    def __init__(self):
        self._nodes, self._weights, self._count = [], {}, 0

    def const(self, value):
        """Name of an initializer; small equal ones are shared."""
        array = np.ascontiguousarray(value)
        array = array.reshape(np.shape(value))
        if array.size < 16:
            for name, other in self._weights.items():
                if other.dtype == array.dtype and other.shape == array.shape and (other == array).all():
                    return name
        name = "w%d" % len(self._weights)
        self._weights[name] = array
        return name

    def ints(self, *values):
        return self.const(np.array(values, np.int64))

    def op(self, op, *inputs, out=None, n_out=1, domain="", **attributes):
        """Adds a node; returns its output name, or the list of them when n_out > 1."""
        self._count += 1
        outputs = [out] if out else ["t%d" % self._count] if n_out == 1 else [
            "t%d_%d" % (self._count, i) for i in range(n_out)]
        self._nodes.append(node(op, inputs, outputs, attributes, domain))
        return outputs[0] if n_out == 1 else outputs

    def slice(self, x, start, end, axis):
        return self.op("Slice", x, self.ints(start), self.ints(end), self.ints(axis))

    def layer_norm(self, x, gamma, beta):
        return self.op("LayerNormalization", x, self.const(gamma), self.const(beta), axis=-1, epsilon=1e-5)

    def matmul(self, x, weight, bias=None, out=None):
        """x [.., I] times weight [O, I] transposed, weights int8 per output channel, activations quantised on the way."""
        q, scale, zero = quantize_rows(weight)
        q, zero = ((v.astype(np.int16) - 128).astype(np.int8) for v in (q, zero))
        xq, xs, xz = self.op("DynamicQuantizeLinear", x, n_out=3)
        y = self.op("MatMulInteger", xq, self.const(np.ascontiguousarray(q.T)), xz, self.const(zero))
        last = out if bias is None else None
        y = self.op("Mul", self.op("Cast", y, to=FLOAT), self.op("Mul", xs, self.const(scale)), out=last)
        return y if bias is None else self.op("Add", y, self.const(bias), out=out)

    def save(self, path, inputs, outputs, meta):
        graph = b"".join(field_bytes(1, n) for n in self._nodes) + field_bytes(2, "viva")
        graph_tail = b"".join(field_bytes(11, value_info(*i)) for i in inputs)
        graph_tail += b"".join(field_bytes(12, value_info(*o)) for o in outputs)
        weights = [field_bytes(5, _tensor(k, v)) for k, v in self._weights.items()]
        size = len(graph) + sum(len(w) for w in weights) + len(graph_tail)
        with open(path, "wb") as f:
            f.write(field_int(1, 9) + field_bytes(2, "viva"))
            f.write(varint(7 << 3 | 2) + varint(size) + graph)
            for w in weights:
                f.write(w)
            f.write(graph_tail)
            for domain, version in (("", 20), ("com.microsoft", 1)):
                f.write(field_bytes(8, field_bytes(1, domain) + field_int(2, version)))
            for k, v in meta.items():
                f.write(metadata(k, v))


def quantize_rows(weight):
    """Asymmetric uint8 per row: (q, scale, zero point), w ~ (q - zero) * scale."""
    w = weight.astype(np.float32)
    low, high = np.minimum(w.min(1), 0), np.maximum(w.max(1), 0)
    scale = np.maximum((high - low) / 255, 1e-12).astype(np.float32)
    zero = np.clip(np.rint(-low / scale), 0, 255)
    q = np.clip(np.rint(w / scale[:, None] + zero[:, None]), 0, 255)
    return q.astype(np.uint8), scale, zero.astype(np.uint8)
