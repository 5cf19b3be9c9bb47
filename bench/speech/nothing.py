"""Sounds in which nobody says anything: silence, music, noise. Each a function of (generator, seconds) -> samples at 16 kHz."""

import numpy as np

from sounds import RATE, coloured

MINOR, MAJOR = (0, 3, 7), (0, 4, 7)


def _time(seconds):
    return np.arange(int(seconds * RATE)) / RATE


def _note(f, seconds, harmonics=6, attack=0.01, decay=2.0, vibrato=0.0):
    t = _time(seconds)
    phase = 2 * np.pi * f * t + vibrato * f / 5.5 * np.sin(2 * np.pi * 5.5 * t)
    x = sum(np.sin(k * phase) / k ** 1.3 for k in range(1, harmonics + 1) if k * f < RATE / 2)
    return x * np.minimum(t / attack, 1) * np.exp(-decay * t) * np.minimum((seconds - t) / 0.02, 1).clip(0)


def _hz(semitones):
    return 440.0 * 2 ** ((semitones - 69) / 12)


def _put(out, x, at, gain=1.0):
    i = int(at * RATE)
    out[i:i + len(x)] += gain * x[:max(0, len(out) - i)]


def _scaled(x, peak=0.3):
    return (x / max(np.abs(x).max(), 1e-9) * peak).astype(np.float32)


def digital_silence(rng, seconds):
    return np.zeros(int(seconds * RATE), np.float32)


def room(rng, seconds):
    return (10 ** (-60 / 20) * coloured(rng, int(seconds * RATE), -1.5)).astype(np.float32)


def chords(rng, seconds):
    """A piano of sorts: four chords, a melody over them."""
    out = np.zeros(int(seconds * RATE))
    progression = [(57, MINOR), (53, MAJOR), (48, MAJOR), (55, MAJOR)]
    for bar in range(int(seconds / 2) + 1):
        root, chord = progression[bar % 4]
        for k in chord:
            _put(out, _note(_hz(root + k), 2.2, decay=1.2), 2 * bar, 0.5)
        for beat in range(4):
            _put(out, _note(_hz(root + 12 + rng.choice(chord) + 12 * rng.integers(0, 2)), 0.6), 2 * bar + 0.5 * beat, 0.6)
    return _scaled(out)


def band(rng, seconds):
    """Drums, bass and a lead with vibrato."""
    out = chords(rng, seconds) * 1.5
    beat = 60 / 112
    for i in range(int(seconds / beat)):
        t = _time(0.25)
        _put(out, np.sin(2 * np.pi * (50 + 90 * np.exp(-30 * t)) * t) * np.exp(-14 * t), i * beat, 1.0 if i % 2 == 0 else 0)
        _put(out, rng.standard_normal(len(t)) * np.exp(-22 * t), i * beat, 0.5 if i % 2 else 0)
        for half in (0, 0.5):
            h = rng.standard_normal(800)
            _put(out, np.diff(h, prepend=0) * np.exp(-np.arange(800) / 150), (i + half) * beat, 0.2)
        _put(out, _note(_hz(36 + (0, 0, 7, 5)[i % 4]), beat, decay=3), i * beat, 0.9)
        _put(out, _note(_hz(69 + int(rng.choice([0, 2, 4, 7, 9]))), beat, harmonics=10, decay=1, vibrato=0.02), i * beat, 0.5)
    return _scaled(out, 0.5)


def organ(rng, seconds):
    out = np.zeros(int(seconds * RATE))
    for bar in range(int(seconds / 4) + 1):
        root = int(rng.choice([48, 50, 53, 55]))
        for k in (0, 7, 12, 16):
            _put(out, _note(_hz(root + k), 4.1, harmonics=8, attack=0.1, decay=0.05), 4 * bar)
    return _scaled(out)


def sung_vowels(rng, seconds):
    """A voice-like source through the formants of vowels, with vibrato: humming and "la la" without words."""
    out = np.zeros(int(seconds * RATE))
    vowels = [(730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410)]
    at = 0.0
    while at < seconds:
        length = float(rng.choice([0.5, 1.0, 2.0]))
        x = _note(_hz(55 + int(rng.choice([0, 2, 4, 5, 7, 9, 11]))), length, harmonics=30, attack=0.08, decay=0.1, vibrato=0.03)
        spectrum, f = np.fft.rfft(x), np.fft.rfftfreq(len(x), 1 / RATE)
        gain = sum(1 / (1 + ((f - formant) / 90) ** 2) for formant in vowels[rng.integers(len(vowels))])
        _put(out, np.fft.irfft(spectrum * gain, len(x)), at)
        at += length + float(rng.choice([0, 0, 0.4]))
    return _scaled(out)


def tones(rng, seconds):
    """Dial tones, sweeps, beeps."""
    out = np.zeros(int(seconds * RATE))
    at = 0.0
    while at < seconds:
        kind, length = rng.integers(3), float(rng.uniform(0.3, 3))
        t = _time(length)
        x = [np.sin(2 * np.pi * 425 * t), np.sin(2 * np.pi * (200 + 600 * t / length) * t),
             np.sin(2 * np.pi * 1000 * t) * (np.sin(2 * np.pi * 2 * t) > 0)][kind]
        _put(out, x, at)
        at += length + 0.5
    return _scaled(out)


def white(rng, seconds):
    return (0.03 * rng.standard_normal(int(seconds * RATE))).astype(np.float32)


def pink(rng, seconds):
    return (0.03 * coloured(rng, int(seconds * RATE), -1)).astype(np.float32)


def fan(rng, seconds):
    return (0.03 * coloured(rng, int(seconds * RATE), -1.5, hum=0.5)).astype(np.float32)


def keyboard(rng, seconds):
    """Keys struck in bursts: two clicks and a thump each."""
    out = 0.001 * rng.standard_normal(int(seconds * RATE))
    at = 0.5
    while at < seconds:
        for _ in range(rng.integers(3, 25)):
            for delay, gain in ((0, 1), (float(rng.uniform(0.06, 0.1)), 0.5)):
                n = 400
                click = rng.standard_normal(n) * np.exp(-np.arange(n) / 60) * gain
                click += 0.5 * gain * np.sin(2 * np.pi * rng.uniform(150, 350) * np.arange(n) / RATE) * np.exp(-np.arange(n) / 120)
                _put(out, click, at + delay, float(rng.uniform(0.1, 0.3)))
            at += float(rng.uniform(0.08, 0.25))
        at += float(rng.uniform(0.5, 3))
    return _scaled(out)


def coughs(rng, seconds):
    """Bursts of breath as of coughing, clearing a throat, a chair: noise through broad resonances."""
    out = 0.0005 * rng.standard_normal(int(seconds * RATE))
    at = 1.0
    while at < seconds:
        for _ in range(rng.integers(1, 4)):
            length = float(rng.uniform(0.12, 0.35))
            n = int(length * RATE)
            spectrum, f = np.fft.rfft(rng.standard_normal(n)), np.fft.rfftfreq(n, 1 / RATE)
            gain = sum(1 / (1 + ((f - c) / 250) ** 2) for c in (rng.uniform(400, 900), rng.uniform(1200, 2200)))
            x = np.fft.irfft(spectrum * gain, n) * np.minimum(np.arange(n) / 200, 1) * np.exp(-np.arange(n) / (n / 4))
            _put(out, x, at)
            at += length + float(rng.uniform(0.05, 0.3))
        at += float(rng.uniform(2, 5))
    return _scaled(out, 0.5)


GROUPS = {"silence": (digital_silence, room), "music": (chords, band, organ, sung_vowels, tones),
          "noise": (white, pink, fan, keyboard, coughs)}
