"""What people do at a microphone without taking the turn, made out of nothing: hums, coughs, a throat cleared, keys, a chair. Lists of
floats at 16 kHz; the same ones each time. Their spectra and times follow what is known of such sounds (a cough is a burst of some 30 ms,
noise of 0.2 s around 0.5 and 2 kHz, and often a voiced end), not recordings: they are likely, not real."""

import math
import random

RATE = 16000


def resonate(x, hz, q):
    """A band around hz (constant peak gain)."""
    w = 2 * math.pi * hz / RATE
    alpha = math.sin(w) / (2 * q)
    b, a1, a2 = alpha / (1 + alpha), -2 * math.cos(w) / (1 + alpha), (1 - alpha) / (1 + alpha)
    x1 = x2 = y1 = y2 = 0.0
    out = []
    for v in x:
        y = b * (v - x2) - a1 * y1 - a2 * y2
        x2, x1, y2, y1 = x1, v, y1, y
        out.append(y)
    return out


def formants(x, *peaks):
    parts = [[g * v for v in resonate(x, hz, q)] for hz, q, g in peaks]
    return [sum(v) for v in zip(*parts)]


def noise(rng, seconds, loud):
    """loud: of the time in s."""
    return [rng.gauss(0, 1) * loud(i / RATE) for i in range(int(seconds * RATE))]


def voice(seconds, pitch, loud, breath=0.02, rng=random.Random(1)):
    """A glottal buzz: pitch and loud of the time in s."""
    out, phase = [], 0.0
    for i in range(int(seconds * RATE)):
        t = i / RATE
        phase = (phase + pitch(t) / RATE) % 1
        out.append(loud(t) * ((1 - 2 * phase) + breath * rng.gauss(0, 1)))
    return out


def swell(length, rise=0.05, fall=0.1):
    return lambda t: min(1, t / rise, max(0, length - t) / fall)


def hum(seconds, low, high):
    return formants(voice(seconds, lambda t: low + (high - low) * t / seconds, swell(seconds)), (250, 3, 1), (1000, 6, 0.08), (2200, 8, 0.03))


def silence(seconds):
    return [0.0] * int(seconds * RATE)


def cough(rng):
    def one(strength):
        burst = noise(rng, 0.03, lambda t: strength * (1 - t / 0.03))
        middle = noise(rng, 0.2, lambda t: 0.5 * strength * math.exp(-t / 0.08))
        end = voice(0.1, lambda t: 170 - 300 * t, lambda t: 0.4 * strength * math.exp(-t / 0.05), rng=rng)
        return burst + [a + b for a, b in zip(middle, silence(0.1) + end)]
    return formants(one(1) + silence(0.12) + one(0.7), (500, 2, 1), (1500, 3, 0.7), (2300, 3, 0.6), (3500, 3, 0.4))


def throat(rng):
    def growl(seconds):
        shape = swell(seconds, 0.04, 0.15)
        return voice(seconds, lambda t: 85 + 20 * rng.random(), lambda t: shape(t) * (0.6 + 0.4 * math.sin(2 * math.pi * 27 * t)), 0.5, rng)
    return formants(growl(0.35) + silence(0.1) + growl(0.45), (400, 2, 1), (900, 3, 0.6), (2000, 3, 0.3))


def keys(rng, seconds=2.0, a_second=7):
    out = silence(seconds + 0.3)
    at = 0.0
    while at < seconds:
        for delay, strength in ((0, 1), (0.07 + 0.03 * rng.random(), 0.5)):  # down and up
            i = int((at + delay) * RATE)
            for k in range(int(0.012 * RATE)):
                out[i + k] += strength * (0.5 + 0.5 * rng.random()) * rng.gauss(0, 1) * math.exp(-k / RATE / 0.003)
        at += (0.5 + rng.random()) / a_second
    return formants(out, (1800, 2, 0.6), (4000, 1.5, 1), (250, 2, 0.4))


def knock(rng):
    def one():
        return noise(rng, 0.15, lambda t: math.exp(-t / 0.02))
    return formants(one() + silence(0.05) + one() + silence(0.05) + one(), (160, 3, 1), (420, 3, 0.6), (1100, 3, 0.2))


def chair(rng):
    """Stick and slip: a rough tone that glides."""
    return formants(voice(0.7, lambda t: 320 + 250 * t + 40 * rng.random(), swell(0.7, 0.1, 0.3), 0.6, rng), (700, 4, 1), (1900, 5, 0.7), (3100, 5, 0.4))


def breath(rng):
    return formants(noise(rng, 1.1, swell(1.1, 0.4, 0.5)), (700, 1, 0.5), (1700, 1.5, 1), (3500, 1.5, 0.7))


def sniff(rng):
    return formants(noise(rng, 0.3, swell(0.3, 0.2, 0.05)), (1500, 1, 0.5), (3200, 1.5, 1), (5500, 1.5, 0.8))


def paper(rng):
    return formants([v * (rng.random() < 0.03) * 4 for v in noise(rng, 1.2, swell(1.2, 0.2, 0.3))], (2500, 1, 0.7), (4500, 1, 1), (6500, 1, 0.8))


def laugh(rng):
    out = []
    for k in range(4):
        out += noise(rng, 0.06, lambda t: 0.25)
        out += voice(0.12, lambda t, k=k: 220 - 15 * k, swell(0.12, 0.02, 0.05), 0.2, rng)
    return formants(out, (700, 4, 1), (1200, 5, 0.6), (2600, 6, 0.3))


def every(seed=7):
    """Name, how loud it peaks (of full scale, as near a laptop) and the sound."""
    rng = random.Random(seed)
    return [
        ("hum: mm", 0.15, hum(0.45, 120, 105)),
        ("hum: mhm, low voice", 0.15, hum(0.22, 115, 105) + silence(0.05) + hum(0.35, 105, 135)),
        ("hum: mhm, high voice", 0.15, hum(0.2, 210, 195) + silence(0.05) + hum(0.3, 200, 250)),
        ("hum: long mmm", 0.15, hum(1.2, 125, 100)),
        ("cough", 0.5, cough(rng)),
        ("cough, quieter", 0.15, cough(rng)),
        ("throat cleared", 0.3, throat(rng)),
        ("laugh", 0.25, laugh(rng)),
        ("keyboard, 2 s", 0.2, keys(rng)),
        ("keyboard, quieter", 0.05, keys(rng)),
        ("knocks", 0.3, knock(rng)),
        ("chair", 0.15, chair(rng)),
        ("breath", 0.05, breath(rng)),
        ("sniff", 0.1, sniff(rng)),
        ("paper", 0.15, paper(rng)),
    ]
