import { describe, expect, it } from 'vitest';
import { FramePacer } from './pacer';

/** Frames drawn of those offered every `gap` ms for `seconds`. */
function run(pacer: FramePacer, gap: number, seconds: number, from = 0): number {
  let drawn = 0;
  for (let t = from; t < from + seconds * 1000; t += gap) if (pacer.due(t)) drawn++;
  return drawn;
}

describe('FramePacer', () => {
  it('draws every frame of a 60 Hz display', () => {
    const pacer = new FramePacer();
    expect(run(pacer, 1000 / 60, 4)).toBeGreaterThanOrEqual(239);
    expect(pacer.half).toBe(false);
  });

  it('draws every other frame of a 120 Hz display', () => {
    expect(run(new FramePacer(), 1000 / 120, 2)).toBeCloseTo(120, -1);
  });

  it('settles on 30 a second when frames are slow', () => {
    const pacer = new FramePacer();
    run(pacer, 28, 4);
    expect(pacer.half).toBe(true);
    expect(run(pacer, 1000 / 60, 2, 4000)).toBeCloseTo(60, -1);
  });

  it('tries the full rate again, later each time it fails', () => {
    const pacer = new FramePacer();
    run(pacer, 28, 4);
    run(pacer, 1000 / 60, 12, 4000);
    expect(pacer.half).toBe(false);
    run(pacer, 28, 4, 16000);
    expect(pacer.half).toBe(true);
    run(pacer, 1000 / 60, 12, 20000);
    expect(pacer.half).toBe(true);
    run(pacer, 1000 / 60, 12, 32000);
    expect(pacer.half).toBe(false);
  });

  it('does not take a hidden page for a slow machine', () => {
    const pacer = new FramePacer();
    for (let i = 0; i < 100; i++) pacer.due(i * 2000);
    expect(pacer.half).toBe(false);
  });
});
