import { describe, expect, it } from 'vitest';
import { createSpeechClock, heardContextTime } from './clock';

describe('heardContextTime', () => {
  it('takes off the output latency', () => {
    expect(heardContextTime({ currentTime: 5, outputLatency: 0.2 }, 0)).toBeCloseTo(4.8);
  });

  it('falls back on the output timestamp where there is no latency, and carries it on', () => {
    const getOutputTimestamp = () => ({ contextTime: 4.7, performanceTime: 1000 });
    expect(heardContextTime({ currentTime: 5, getOutputTimestamp }, 1050)).toBeCloseTo(4.75);
    expect(heardContextTime({ currentTime: 5, outputLatency: 0, getOutputTimestamp }, 1050)).toBeCloseTo(4.75);
  });

  it('never hears what has not been played', () => {
    const getOutputTimestamp = () => ({ contextTime: 4.9, performanceTime: 1000 });
    expect(heardContextTime({ currentTime: 5, getOutputTimestamp }, 1900)).toBe(5);
  });

  it('does not trust a missing, zero or stale timestamp', () => {
    const stamp = (contextTime?: number, performanceTime?: number) => ({
      currentTime: 5,
      baseLatency: 0.01,
      getOutputTimestamp: () => ({
        ...(contextTime !== undefined && { contextTime }),
        ...(performanceTime !== undefined && { performanceTime }),
      }),
    });
    for (const source of [stamp(), stamp(0, 0), stamp(3, 1000)])
      expect(heardContextTime(source, 9000)).toBeCloseTo(4.99);
    expect(heardContextTime({ currentTime: 5 }, 0)).toBe(5);
  });
});

describe('createSpeechClock', () => {
  it('counts from the first sample heard, negative before', () => {
    const source = { currentTime: 10, outputLatency: 0.1 };
    const clock = createSpeechClock(source, 10.2, () => 0);
    expect(clock()).toBeCloseTo(-0.3);
    source.currentTime = 11.3;
    expect(clock()).toBeCloseTo(1);
  });

  it('does not run backwards when the latency jitters', () => {
    const source = { currentTime: 10, outputLatency: 0.02 };
    const clock = createSpeechClock(source, 9, () => 0);
    const before = clock();
    source.outputLatency = 0.06;
    source.currentTime = 10.01;
    expect(clock()).toBe(before);
  });
});
