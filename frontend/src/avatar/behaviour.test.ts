import { describe, expect, it } from 'vitest';
import { Behaviour, type BehaviourInput } from './behaviour';
import { BLINK_LENGTH } from './gestures';
import { REST, type AvatarState, type Pose } from './types';

const FPS = 60;
const QUIET: BehaviourInput = { state: 'listening', candidateVoice: false, speechIn: Infinity, beat: 0, jaw: 0 };

/** One pose a frame for `seconds`, the input given by time. */
function play(seed: number, seconds: number, input: (t: number) => BehaviourInput): Pose[] {
  const b = new Behaviour(seed);
  return Array.from({ length: Math.round(seconds * FPS) }, (_, f) => {
    const pose = { ...REST };
    b.update(f / FPS, input(f / FPS), pose);
    return pose;
  });
}
const inState = (state: AvatarState): BehaviourInput => ({
  ...QUIET,
  state,
  speechIn: state === 'speaking' ? 0 : Infinity,
});

/** Runs of frames for which `is` holds, as [first, last]. */
function runs(poses: readonly Pose[], is: (p: Pose) => boolean): [number, number][] {
  const out: [number, number][] = [];
  let start: number | null = null;
  poses.forEach((p, i) => {
    if (is(p)) start ??= i;
    else if (start !== null) {
      out.push([start, i - 1]);
      start = null;
    }
  });
  return out;
}

describe('blinking', () => {
  it.each([
    ['speaking', 18, 22],
    ['listening', 14, 17],
  ] as const)('%s: %i to %i a minute, none over 300 ms', (state, least, most) => {
    const minutes = 40;
    const blinks = runs(play(5, minutes * 60, () => inState(state)), (p) => p.blinkL > 0); // prettier-ignore
    expect(blinks.length / minutes).toBeGreaterThan(least);
    expect(blinks.length / minutes).toBeLessThan(most);
    for (const [a, b] of blinks) expect((b - a + 1) / FPS).toBeLessThan(0.3);
  });

  it('closes fully, both eyes together, and takes a quarter of a second', () => {
    const poses = play(2, 60, () => QUIET);
    expect(Math.max(...poses.map((p) => p.blinkL))).toBeGreaterThan(0.9);
    expect(poses.every((p) => p.blinkL === p.blinkR)).toBe(true);
    expect(BLINK_LENGTH).toBeCloseTo(0.25);
  });
});

/** Degrees from the candidate's face. */
const degrees = (p: Pose): number => Math.hypot(p.gazeX * 25, p.gazeY * 13);
const AWAY = 3;

describe('looking', () => {
  it.each([
    ['speaking', 0.4],
    ['listening', 1 / 7],
  ] as const)('%s: away for about the share it should be', (state, share) => {
    const poses = play(11, 1200, () => inState(state));
    const away = poses.filter((p) => degrees(p) > AWAY).length / poses.length;
    expect(away).toBeGreaterThan(share - 0.06);
    expect(away).toBeLessThan(share + 0.06);
    expect(Math.max(...poses.map(degrees))).toBeLessThan(8.1);
  });

  it('thinking: looks away upwards, one to two seconds at a time', () => {
    const poses = play(7, 120, () => inState('thinking'));
    const away = runs(poses, (p) => degrees(p) > AWAY);
    expect(degrees(poses[30] ?? REST)).toBeGreaterThan(AWAY);
    expect(away.length).toBeGreaterThan(20);
    for (const [a, b] of away.slice(0, -1)) {
      expect((b - a) / FPS).toBeGreaterThan(0.9);
      expect((b - a) / FPS).toBeLessThan(2.1);
      expect(poses[Math.round((a + b) / 2)]?.gazeY).toBeLessThan(0);
    }
  });

  it('is back with the candidate 200 ms before the first word', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const begin = 3 + seed * 0.1;
      const poses = play(seed, begin, (t) => ({ ...inState('thinking'), speechIn: begin - t }));
      for (const p of poses.slice(-Math.floor(0.2 * FPS))) expect(degrees(p)).toBeLessThan(AWAY);
    }
  });

  it('greets eye to eye', () => {
    const poses = play(3, 60, () => inState('smiling'));
    expect(Math.max(...poses.map(degrees))).toBeLessThan(AWAY);
  });
});

/** Nod part of the pitch: what differs from the same face that hears nothing. */
function nods(seed: number, seconds: number, voice: (t: number) => boolean): number[] {
  const heard = play(seed, seconds, (t) => ({ ...QUIET, candidateVoice: voice(t) }));
  return heard.map((p) => p.smile - 0.32); // the small smile comes with the nod and nothing else while listening
}
const started = (xs: readonly number[]): number[] =>
  xs.flatMap((x, i) => (x > 0.001 && (xs[i - 1] ?? 0) <= 0.001 ? [i / FPS] : []));

describe('nodding', () => {
  // the expression eases in for a second, so speech begins after that
  it('follows a pause after 2.5 s of speech by 250 to 600 ms', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const begin = started(nods(seed, 8, (t) => t > 2 && t < 5)).filter((t) => t > 1.9);
      expect(begin.length).toBeGreaterThan(0);
      expect(begin[0]).toBeGreaterThan(5.24);
      expect(begin[0]).toBeLessThan(5.68);
    }
  });

  it('does not follow a word or two', () => {
    expect(started(nods(1, 12, (t) => t > 2 && t < 4)).filter((t) => t > 1.9)).toEqual([]);
  });

  it('does not come while they speak, nor when they go on at once', () => {
    expect(started(nods(1, 20, (t) => t > 2)).filter((t) => t > 1.9)).toEqual([]);
    const shortStops = (t: number): boolean => t > 2 && t % 1 > 0.2;
    expect(started(nods(2, 30, shortStops)).filter((t) => t > 1.9)).toEqual([]);
  });

  it('comes five seconds apart at least', () => {
    const begin: number[] = [];
    let last = -9;
    for (const t of started(nods(3, 120, (u) => u > 2 && u % 4 < 2.8)).filter((u) => u > 1.9)) {
      if (t - last > 1.3) begin.push(t); // cycles of one nod belong together
      last = t;
    }
    expect(begin.length).toBeGreaterThan(8);
    begin.slice(1).forEach((t, i) => expect(t - (begin[i] ?? 0)).toBeGreaterThan(5));
  });

  it('is for listening only', () => {
    const poses = play(1, 8, (t) => ({ ...inState('idle'), candidateVoice: t > 1 && t < 5 }));
    expect(Math.max(...poses.map((p) => p.smile))).toBeCloseTo(REST.smile);
  });
});

describe('fairness', () => {
  it('knows of the candidate only whether their voice sounds', () => {
    expect(Object.keys(QUIET).sort()).toEqual(['beat', 'candidateVoice', 'jaw', 'speechIn', 'state']);
  });

  it('does not smile more for longer answers', () => {
    const short = play(6, 14, (t) => ({ ...QUIET, candidateVoice: t > 2 && t < 5 }));
    const long = play(6, 24, (t) => ({ ...QUIET, candidateVoice: t > 2 && t < 20 }));
    const most = (poses: readonly Pose[]): number => Math.max(...poses.map((p) => p.smile));
    expect(most(long)).toBeCloseTo(most(short), 1);
    expect(most(long)).toBeLessThan(0.4);
  });
});

describe('moving', () => {
  it('sways within about two degrees and breathes a quarter time a second', () => {
    const poses = play(8, 60, () => inState('idle'));
    expect(Math.max(...poses.map((p) => Math.abs(p.yaw)))).toBeLessThan(0.36);
    const breaths = runs(poses, (p) => p.breath > 0).length;
    expect(breaths).toBeGreaterThanOrEqual(14);
    expect(breaths).toBeLessThanOrEqual(16);
  });

  it('is the same for the same seed, and another for another', () => {
    const a = play(42, 20, () => QUIET);
    expect(play(42, 20, () => QUIET)).toEqual(a);
    expect(play(43, 20, () => QUIET)).not.toEqual(a);
  });

  it('moves smoothly: no cut between two frames but for eyes and lids', () => {
    const states: AvatarState[] = ['idle', 'thinking', 'speaking', 'listening', 'smiling'];
    const poses = play(4, 50, (t) => inState(states[Math.floor(t / 2) % 5] ?? 'idle'));
    poses.slice(1).forEach((p, i) => {
      for (const k of ['smile', 'brow', 'yaw', 'pitch', 'roll', 'frown', 'browTilt'] as const) {
        expect(Math.abs(p[k] - (poses[i]?.[k] ?? 0))).toBeLessThan(k === 'roll' ? 0.5 : 0.12);
      }
    });
  });
});
