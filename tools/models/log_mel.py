"""Whisper's log-mel spectrogram as ONNX nodes: what its encoder and Smart Turn's hear. Needs numpy."""

import numpy as np

RATE, WINDOW, HOP = 16000, 400, 160


def mel_filters(n_mels):
    """Slaney-style filter bank, as librosa.filters.mel(sr=16000, n_fft=400) which Whisper was trained with."""
    step = np.log(6.4) / 27

    def to_mel(hz):
        return hz * 3 / 200 if hz < 1000 else 15 + np.log(hz / 1000) / step

    mels = np.linspace(0, to_mel(RATE / 2), n_mels + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp(step * (mels - 15)))
    width, ramps = np.diff(edges), edges[:, None] - np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    up, down = -ramps[:-2] / width[:-1, None], ramps[2:] / width[1:, None]
    return (np.maximum(0, np.minimum(up, down)) * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


def log_mel(g, pcm, n_mels):
    half = WINDOW // 2 + 1
    angle = np.arange(half)[:, None] * np.arange(WINDOW) * 2 * np.pi / WINDOW
    hann = np.hanning(WINDOW + 1)[:-1]
    basis = np.concatenate([np.cos(angle) * hann, -np.sin(angle) * hann])[:, None, :].astype(np.float32)
    x = g.op("Pad", g.op("Unsqueeze", pcm, g.ints(1)), g.ints(0, 0, WINDOW // 2, 0, 0, WINDOW // 2), mode="reflect")
    x = g.slice(g.op("Conv", x, g.const(basis), strides=[HOP]), 0, -1, 2)
    x = g.op("Mul", x, x)
    power = g.op("Add", g.slice(x, 0, half, 1), g.slice(x, half, 2 * half, 1))
    x = g.op("MatMul", g.const(mel_filters(n_mels)), power)
    x = g.op("Log", g.op("Max", x, g.const(np.float32(1e-10))))
    x = g.op("Mul", x, g.const(np.float32(1 / np.log(10))))
    x = g.op("Max", x, g.op("Sub", g.op("ReduceMax", x, keepdims=1), g.const(np.float32(8))))
    return g.op("Mul", g.op("Add", x, g.const(np.float32(4))), g.const(np.float32(0.25)))
