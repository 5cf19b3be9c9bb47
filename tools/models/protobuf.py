"""The few protobuf messages that an ONNX graph needs, written by hand (field numbers from onnx.proto3). Standard library only."""

import struct

FLOAT, UINT8, INT8, INT32, INT64 = 1, 2, 3, 6, 7
_ATTR_FLOAT, _ATTR_INT, _ATTR_STRING, _ATTR_INTS = 1, 2, 3, 7


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while True:
        out.append((value & 127) | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def field_bytes(number, data):
    if isinstance(data, str):
        data = data.encode()
    return varint(number << 3 | 2) + varint(len(data)) + data


def field_int(number, value):
    return varint(number << 3) + varint(value)


def _attribute(name, value):
    out = field_bytes(1, name)
    if isinstance(value, float):
        return out + varint(2 << 3 | 5) + struct.pack("<f", value) + field_int(20, _ATTR_FLOAT)
    if isinstance(value, int):
        return out + field_int(3, value) + field_int(20, _ATTR_INT)
    if isinstance(value, str):
        return out + field_bytes(4, value) + field_int(20, _ATTR_STRING)
    return out + b"".join(field_int(8, v) for v in value) + field_int(20, _ATTR_INTS)


def node(op, inputs, outputs, attributes, domain=""):
    out = b"".join(field_bytes(1, i) for i in inputs) + b"".join(field_bytes(2, o) for o in outputs)
    out += field_bytes(3, op + "_" + outputs[0]) + field_bytes(4, op)
    if domain:
        out += field_bytes(7, domain)
    return out + b"".join(field_bytes(5, _attribute(k, v)) for k, v in attributes.items())


def value_info(name, elem_type, shape=None):
    tensor = field_int(1, elem_type)
    if shape is not None:
        dims = b"".join(
            field_bytes(1, field_int(1, d) if isinstance(d, int) else field_bytes(2, d)) for d in shape)
        tensor += field_bytes(2, dims)
    return field_bytes(1, name) + field_bytes(2, field_bytes(1, tensor))


def metadata(key, value):
    return field_bytes(14, field_bytes(1, key) + field_bytes(2, str(value)))
