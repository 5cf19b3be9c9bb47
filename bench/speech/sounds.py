"""Sound as float arrays at 16 kHz: reading, noise of several colours, levels. numpy alone."""

import wave

import numpy as np

RATE = 16000


def read_wav(path):
    with wave.open(path) as w:
        return np.frombuffer(w.readframes(w.getnframes()), np.int16).astype(np.float32) / 32768, w.getframerate()


def write_wav(path, pcm, rate=RATE, channels=1):
    with wave.open(path, "wb") as w:
        w.setnchannels(channels)
        w.setsampwidth(2)
        w.setframerate(rate)
        w.writeframes((np.clip(pcm, -1, 1) * 32767).astype(np.int16).tobytes())


def resample(pcm, rate, to=RATE):
    """By spectrum: exact for a whole recording, times unchanged."""
    if rate == to:
        return pcm
    n = round(len(pcm) * to / rate)
    spectrum = np.fft.rfft(pcm)
    out = np.zeros(n // 2 + 1, complex)
    keep = min(len(out), len(spectrum))
    out[:keep] = spectrum[:keep]
    return (np.fft.irfft(out, n) * n / len(pcm)).astype(np.float32)


def coloured(rng, n, slope=-1.0, low=40.0, hum=0.0):
    """Noise whose power falls with frequency to the power of slope (0 white, -1 pink), nothing below `low` Hz; hum: how much
    of a fan's turning (100 Hz and its multiples) is in it."""
    f = np.fft.rfftfreq(n, 1 / RATE)
    shape = np.where(f < low, 0, np.maximum(f, low) ** (slope / 2))
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * shape, n)
    noise /= np.sqrt((noise ** 2).mean())
    t = np.arange(n) / RATE
    for k in (1, 2, 3, 5):
        noise += hum / k * np.sin(2 * np.pi * 100 * k * t + k)
    return noise


def level(pcm):
    """RMS of its louder half in frames of 32 ms: pauses do not count."""
    n = len(pcm) // 512
    if n == 0:
        return float(np.sqrt((pcm ** 2).mean()))
    frames = np.sort((pcm[:n * 512].reshape(n, 512) ** 2).mean(1))
    return float(np.sqrt(frames[n // 2:].mean()))


def mix(pcm, noise, snr):
    """Speech with noise `snr` dB below it, below full scale."""
    noise = np.resize(noise, len(pcm))
    out = pcm + noise * (level(pcm) / np.sqrt((noise ** 2).mean()) * 10 ** (-snr / 20))
    peak = np.abs(out).max()
    return (out / peak * 0.98 if peak > 0.98 else out).astype(np.float32)
