import { describe, expect, it } from 'vitest';
import { ECHO_NOTES, EchoProbe, toneLevel } from './echo';

const tone = (hz: number, amplitude: number, n = 320, from = 0) =>
  Int16Array.from({ length: n }, (_, i) => 32768 * amplitude * Math.sin((2 * Math.PI * hz * (i + from)) / 16000));

function feed(probe: EchoProbe, hz: number, amplitude: number, frames: number) {
  for (let i = 0; i < frames; i++) probe.push(tone(hz, amplitude, 320, i * 320));
}

describe('the echo', () => {
  it('a tone has the level it was made with, and others do not count', () => {
    expect(toneLevel(tone(523.25, 0.1, 1600), 523.25)).toBeCloseTo(0.1, 2);
    expect(toneLevel(tone(1000, 0.1, 1600), 523.25)).toBeLessThan(0.01);
  });

  it.each([
    [0.25, 0, true],
    [0.025, -20, true],
    [0.0025, -40, false],
  ])('a note that comes back at %d is %d dB', (amplitude, db, loud) => {
    const probe = new EchoProbe();
    feed(probe, 200, 0.001, 30);
    probe.play();
    feed(probe, ECHO_NOTES[1], amplitude, 20);
    expect(probe.result().db).toBeGreaterThan(db - 2);
    expect(probe.result().db).toBeLessThan(db + 2);
    expect(probe.result().loud).toBe(loud);
  });

  it('nothing that was there before the tone is taken for it', () => {
    const probe = new EchoProbe();
    feed(probe, ECHO_NOTES[0], 0.05, 30);
    probe.play();
    feed(probe, ECHO_NOTES[0], 0.05, 20);
    expect(probe.result()).toEqual({ db: null, loud: false });
  });

  it('silence is no echo', () => {
    const probe = new EchoProbe();
    probe.play();
    feed(probe, 523.25, 0, 20);
    expect(probe.result()).toEqual({ db: null, loud: false });
  });
});
