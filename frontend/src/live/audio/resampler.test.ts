import { describe, expect, it } from 'vitest';
import { Resampler, fromPcm16, toPcm16 } from './resampler';

function sine(rate: number, hz: number, seconds: number): Float32Array {
  const out = new Float32Array(Math.round(rate * seconds));
  for (let i = 0; i < out.length; i++) out[i] = Math.sin((2 * Math.PI * hz * i) / rate);
  return out;
}

/** In blocks of 128, as an AudioWorklet gets them. */
function convert(input: Float32Array, from: number, to: number): Float32Array {
  const r = new Resampler(from, to);
  const parts: number[] = [];
  for (let at = 0; at < input.length; at += 128) parts.push(...r.process(input.subarray(at, at + 128)));
  parts.push(...r.flush());
  return Float32Array.from(parts);
}

/** Level of the middle part in dB against a full sine. */
function level(x: Float32Array): number {
  const mid = x.subarray(Math.floor(x.length * 0.2), Math.floor(x.length * 0.8));
  let sum = 0;
  for (const v of mid) sum += v * v;
  return 10 * Math.log10((2 * sum) / mid.length + 1e-20);
}

describe.each([48_000, 44_100, 96_000, 88_200, 32_000, 22_050, 24_000])('%i Hz to 16 kHz', (from) => {
  const edges = Array.from({ length: 40 }, (_, i) => 8100 + (i * (from / 2 - 8200)) / 39).filter(
    (hz) => hz > 8050 && hz < from / 2,
  );

  it.runIf(edges.length > 0)('keeps everything above 8 kHz at least 50 dB down', () => {
    for (const hz of edges) expect(level(convert(sine(from, hz, 0.25), from, 16_000)), `${hz} Hz`).toBeLessThan(-50);
  });

  it('leaves speech as it is, within 0.1 dB up to 6.4 kHz', () => {
    for (const hz of [100, 440, 1000, 3000, 5000, 6400])
      expect(Math.abs(level(convert(sine(from, hz, 0.25), from, 16_000))), `${hz} Hz`).toBeLessThan(0.1);
  });

  it('neither loses nor adds time', () => {
    const seconds = 1.5;
    const out = convert(sine(from, 440, seconds), from, 16_000);
    expect(Math.abs(out.length - 16_000 * seconds)).toBeLessThanOrEqual(1);
  });
});

it('is in phase with its input: no delay, at any block size', () => {
  const input = sine(48_000, 440, 0.5);
  const out = convert(input, 48_000, 16_000);
  for (let i = 1000; i < 7000; i += 37)
    expect(Math.abs((out[i] ?? 0) - Math.sin((2 * Math.PI * 440 * i) / 16_000))).toBeLessThan(0.002);
});

it('gives the same whatever the blocks', () => {
  const input = sine(44_100, 1234, 0.2);
  const whole = new Resampler(44_100, 16_000);
  const a = [...whole.process(input), ...whole.flush()];
  expect(Array.from(convert(input, 44_100, 16_000))).toEqual(a);
});

it('goes up as well: 22.05 kHz voice on a 48 kHz device, without images', () => {
  const out = convert(sine(22_050, 1000, 0.3), 22_050, 48_000);
  expect(Math.abs(level(out))).toBeLessThan(0.1);
  const error = out.map((v, i) => v - Math.sin((2 * Math.PI * 1000 * i) / 48_000));
  expect(level(error)).toBeLessThan(-60);
});

it('starts anew after a flush', () => {
  const r = new Resampler(48_000, 16_000);
  const input = sine(48_000, 300, 0.1);
  const first = [...r.process(input), ...r.flush()];
  expect([...r.process(input), ...r.flush()]).toEqual(first);
});

it('refuses rates that are none', () => {
  expect(() => new Resampler(0, 16_000)).toThrow(RangeError);
  expect(() => new Resampler(44_100.5, 16_000)).toThrow(RangeError);
});

it('clamps to 16 bit', () => {
  expect(Array.from(toPcm16(Float32Array.of(0, 1, -1, 2, -2)))).toEqual([0, 32767, -32767, 32767, -32768]);
  expect(fromPcm16(Int16Array.of(-32768))[0]).toBe(-1);
});
