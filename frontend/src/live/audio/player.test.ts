import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UtterancePlayer } from './player';
import type { PlayerContext } from './player';

const RATE = 48_000;

class FakeSource {
  buffer: { length: number } | null = null;
  onended: (() => void) | null = null;
  startedAt = -1;
  stoppedAt: number | null = null;
  connect = vi.fn();
  start(at: number): void {
    this.startedAt = at;
  }
  stop(at: number): void {
    this.stoppedAt = at;
  }
}

/** A context whose clock is moved by hand; sources end when the clock passes them. */
class FakeContext {
  currentTime = 0;
  sampleRate = RATE;
  outputLatency = 0;
  destination = {};
  sources: FakeSource[] = [];
  gains: { gain: { setValueAtTime: unknown; linearRampToValueAtTime: unknown } }[] = [];
  createBuffer = (_channels: number, length: number) => ({ length, copyToChannel: vi.fn() });
  createBufferSource = () => {
    const s = new FakeSource();
    this.sources.push(s);
    return s;
  };
  createGain = () => {
    const g = { connect: vi.fn(), gain: { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() } };
    this.gains.push(g);
    return g;
  };
  advance(seconds: number): void {
    const end = this.currentTime + seconds;
    while (this.currentTime < end - 1e-9) {
      this.currentTime = Math.min(end, this.currentTime + 0.01);
      vi.advanceTimersByTime(10);
      for (const s of this.sources) {
        const stop = s.startedAt + (s.buffer?.length ?? 0) / RATE;
        if (s.onended && s.startedAt >= 0 && this.currentTime >= stop) {
          const ended = s.onended;
          s.onended = null;
          ended();
        }
      }
    }
  }
}

let ctx: FakeContext;
let log: string[];
let player: UtterancePlayer;

beforeEach(() => {
  vi.useFakeTimers();
  ctx = new FakeContext();
  log = [];
  player = new UtterancePlayer(
    ctx as unknown as PlayerContext,
    {
      started: (id, from) => log.push(`started ${id}${from > 0 ? ` from ${from}` : ''}`),
      finished: (id) => log.push(`finished ${id}`),
    },
    () => ctx.currentTime * 1000,
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const second = (rate = RATE, part = 1) => new Int16Array(Math.round(rate * part));

/** What lies between the end of each buffer and the start of the next, in samples. */
const seams = () =>
  ctx.sources.slice(1).map((s, i) => {
    const before = ctx.sources[i];
    return (s.startedAt - (before?.startedAt ?? 0)) * RATE - (before?.buffer?.length ?? 0);
  });

describe('playing', () => {
  it('joins frames without a gap, on whole samples', () => {
    player.begin(1, 22_050);
    for (let i = 0; i < 10; i++) player.push(1, second(22_050, 0.1));
    player.complete(1);
    expect(ctx.sources.length).toBeGreaterThanOrEqual(10);
    for (const seam of seams()) expect(Math.abs(seam)).toBeLessThan(1e-6);
    for (const s of ctx.sources)
      expect(Math.abs(s.startedAt * RATE - Math.round(s.startedAt * RATE))).toBeLessThan(1e-6);
    const total = ctx.sources.reduce((n, s) => n + (s.buffer?.length ?? 0), 0);
    expect(Math.abs(total - RATE)).toBeLessThanOrEqual(2);
  });

  it('reports the start when it is due and the end when it was heard', () => {
    player.begin(4, RATE);
    player.push(4, second());
    player.complete(4);
    expect(log).toEqual([]);
    ctx.advance(0.15);
    expect(log).toEqual(['started 4']);
    ctx.advance(0.9);
    expect(log).toEqual(['started 4']);
    ctx.advance(0.2);
    expect(log).toEqual(['started 4', 'finished 4']);
  });

  it('is not over while more of it may come', () => {
    player.begin(4, RATE);
    player.push(4, second());
    ctx.advance(2);
    expect(log).toEqual(['started 4']);
    player.push(4, second());
    player.complete(4);
    ctx.advance(1);
    expect(log).toEqual(['started 4']);
    ctx.advance(0.5);
    expect(log).toEqual(['started 4', 'finished 4']);
  });

  it('waits for the device’s own delay before the end', () => {
    ctx.outputLatency = 0.3;
    player.begin(4, RATE);
    player.push(4, second());
    player.complete(4);
    ctx.advance(1.2);
    expect(log).toEqual(['started 4']);
    ctx.advance(0.4);
    expect(log.at(-1)).toBe('finished 4');
  });

  it('words without sound finish at once', () => {
    player.begin(2, 22_050);
    player.complete(2);
    expect(log).toEqual(['finished 2']);
  });

  it('frames of another utterance are not played', () => {
    player.begin(2, RATE);
    player.push(1, second());
    expect(ctx.sources).toHaveLength(0);
  });

  it('an ended event that never comes is found by the clock', () => {
    player.begin(2, RATE);
    player.push(2, second(RATE, 0.1));
    player.complete(2);
    for (const s of ctx.sources) s.onended = null;
    ctx.advance(3);
    expect(log.at(-1)).toBe('finished 2');
  });
});

describe('the clock', () => {
  it('is the sound at the ear', () => {
    ctx.outputLatency = 0.05;
    player.begin(1, RATE);
    player.push(1, second(RATE, 2));
    const start = ctx.sources[0]?.startedAt ?? 0;
    ctx.advance(1);
    expect(player.now()).toBeCloseTo(ctx.currentTime - 0.05 - start, 6);
  });

  it('is negative before the first sound', () => {
    player.begin(1, RATE);
    expect(player.now()).toBeLessThan(0);
    player.push(1, second());
    expect(player.now()).toBeLessThan(0);
  });

  it('waits with the sound when the network is late, and goes on in step', () => {
    player.begin(1, RATE);
    player.push(1, second(RATE, 0.5));
    ctx.advance(1.5); /* half a second was heard, then nothing came */
    expect(player.now()).toBeCloseTo(0.5, 5);
    player.push(1, second(RATE, 1.5));
    expect(player.gaps).toBe(1);
    const resumed = ctx.sources[1]?.startedAt ?? 0;
    expect(resumed).toBeGreaterThan(ctx.currentTime);
    expect(player.now()).toBeCloseTo(0.5, 5); /* not back, not ahead */
    ctx.advance(0.6);
    expect(player.now()).toBeCloseTo(0.5 + ctx.currentTime - resumed, 5);
  });

  it('never runs backwards over a gap', () => {
    player.begin(1, RATE);
    let last = -1;
    for (let i = 0; i < 100; i++) {
      if (i % 25 === 0) player.push(1, second(RATE, 0.1));
      ctx.advance(0.02);
      const now = player.now();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });
});

describe('cancelling', () => {
  it('is silent within 200 ms and says so', () => {
    player.begin(1, RATE);
    player.push(1, second());
    ctx.advance(0.3);
    player.cancel(1);
    for (const s of ctx.sources) expect((s.stoppedAt ?? Infinity) - ctx.currentTime).toBeLessThan(0.2);
    expect(log).toEqual(['started 1', 'finished 1']);
  });

  it('late frames of it are not played', () => {
    player.begin(1, RATE);
    player.push(1, second(RATE, 0.2));
    player.cancel(1);
    const before = ctx.sources.length;
    player.push(1, second(RATE, 0.2));
    expect(ctx.sources).toHaveLength(before);
  });

  it('a new utterance takes the place of the old', () => {
    player.begin(1, RATE);
    player.push(1, second());
    player.begin(2, RATE);
    expect(log).toEqual(['finished 1']);
    player.push(2, second());
    player.complete(2);
    ctx.advance(1.5);
    expect(log).toEqual(['finished 1', 'started 2', 'finished 2']);
  });
});

describe('pausing', () => {
  it('is silent at once, keeps what comes meanwhile, and goes on where it is told', () => {
    player.begin(3, RATE);
    player.push(3, second());
    ctx.advance(0.55); /* 0.5 s of it were heard */
    player.pause(3);
    expect(ctx.sources.every((s) => (s.stoppedAt ?? Infinity) <= ctx.currentTime + 0.021)).toBe(true);
    const at = player.now();
    expect(at).toBeCloseTo(0.5, 2);
    const before = ctx.sources.length;
    player.push(3, second()); /* the rest */
    player.complete(3);
    ctx.advance(3);
    expect(ctx.sources).toHaveLength(before);
    expect(player.now()).toBe(at);
    expect(log).toEqual(['started 3']);
    player.resume(3, 0.4);
    const again = ctx.sources.slice(before);
    const samples = again.reduce((n, s) => n + (s.buffer?.length ?? 0), 0);
    expect(Math.abs(samples - 1.6 * RATE)).toBeLessThan(RATE / 100);
    ctx.advance(0.15);
    expect(player.now()).toBeCloseTo(0.5, 1);
    ctx.advance(1.7);
    expect(log).toEqual(['started 3', 'started 3 from 0.4', 'finished 3']);
  });

  it('before the first sound is heard, the start is reported after it went on', () => {
    player.begin(3, RATE);
    player.push(3, second());
    player.pause(3);
    ctx.advance(1);
    expect(log).toEqual([]);
    player.resume(3, 0);
    ctx.advance(0.2);
    expect(log).toEqual(['started 3']);
    player.pause(3);
    player.cancel(3);
    expect(log).toEqual(['started 3', 'finished 3']);
  });
});
