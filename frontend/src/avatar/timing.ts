/**
 * Timing engine: phoneme times to one mouth pose at any time. Each sound pulls every channel towards its shape with
 * its dominance, which fades before and after it; channel = sum(a^2 * gain * shape) / sum(a^2). Two gestures must
 * not be blended away, so they override: lips meet for p b m, the lower lip tucks for f v.
 */
import { tokenise, type Token } from './phonemes';
import type { MouthPose, PhonemeEvent } from './types';
import { CHANNELS, MAX_LAG, MAX_LEAD, PHONEMES, REACH_WIDTHS, VISEMES, type Viseme } from './visemes';

/** The mouth runs this far ahead of the sound (people forgive early lips, not late ones). Added once, in mouthTime(). */
export const LOOK_AHEAD = 0.03;

const CLOSE = 0.045;
const OPEN = 0.03;
const TUCK_IN = 0.05;
const TUCK_OUT = 0.04;
/** Two frames at 30 per second, wherever they fall: the least a closure or a tuck is held. */
const MIN_HOLD = 0.068;
/** A pause shorter than this leaves the mouth where it is going. */
const MIN_PAUSE = 0.1;
/** The first sound is half open this long before it. */
const FIRST_OPENING = 0.175;
/** Keeps the quotient finite, and is the pull of the resting mouth. */
const REST_PULL = 1e-4;
/** Against REST_PULL alone a gesture of this dominance is half done this many lead widths ahead. */
const halfOpenWidths = (dominance: number): number => Math.sqrt(Math.log(dominance ** 2 / REST_PULL) / 2);
const MAX_GAIN = 1.15;
const STRESS_GAIN = 1.1;

export interface Target {
  readonly viseme: Viseme;
  readonly gain: number;
  readonly start: number;
  readonly end: number;
  /** Seconds of anticipation, to 1/e. */
  readonly lead: number;
  /** When the lips are fully shut (PP) or tucked (FF): the sound, widened to MIN_HOLD. */
  readonly holdFrom: number;
  readonly holdTo: number;
}

/** An utterance made ready; targets are in time order. */
export interface SpeechTrack {
  readonly targets: readonly Target[];
  /** Centres of vowels with primary stress, for the brows. */
  readonly beats: readonly number[];
  /** First and last sound. Equal when there is none. */
  readonly start: number;
  readonly end: number;
}

type Draft = { -readonly [K in keyof Target]: Target[K] };

function draft(viseme: Viseme, gain: number, start: number, end: number): Draft {
  return { viseme, gain, start, end, lead: VISEMES[viseme].lead, holdFrom: start, holdTo: end };
}

function soundTargets(token: Token, out: Draft[]): void {
  const steps = PHONEMES.get(token.symbol) ?? [];
  const gain = token.stress > 0 ? STRESS_GAIN : 1;
  const measured = token.cuts.length === steps.length - 1;
  let t = token.start;
  steps.forEach((step, i) => {
    const cut = measured ? token.cuts[i] : undefined;
    const end = i === steps.length - 1 ? token.end : (cut ?? t + step.share * (token.end - token.start));
    out.push(draft(step.viseme, Math.min(MAX_GAIN, step.gain * gain), t, end));
    t = end;
  });
}

/** Widens short closures and tucks, away from a neighbour that needs the lips itself. */
function widenHolds(targets: readonly Draft[]): void {
  const needsLips = (t: Draft | undefined): boolean => t?.viseme === 'PP' || t?.viseme === 'FF';
  targets.forEach((t, i) => {
    const lack = MIN_HOLD - (t.end - t.start);
    if (!needsLips(t) || lack <= 0) return;
    const before = needsLips(targets[i - 1]) ? 0 : needsLips(targets[i + 1]) ? 1 : 0.75;
    t.holdFrom -= lack * before;
    t.holdTo += lack * (1 - before);
  });
}

/** The first gesture is seen coming 150-200 ms before the first sound. */
function openEarly(targets: readonly Draft[], speechStart: number): void {
  const first = targets[0];
  if (first && first.viseme !== 'PP') {
    const room = first.start - (speechStart - FIRST_OPENING);
    const jaw = VISEMES[first.viseme].dominance[0];
    first.lead = Math.min(room / halfOpenWidths(jaw), MAX_LEAD / REACH_WIDTHS);
  }
}

export function buildTrack(events: readonly PhonemeEvent[]): SpeechTrack {
  const tokens = tokenise(events);
  const spoken = tokens.filter((t) => t.symbol !== '');
  const start = spoken[0]?.start ?? 0;
  const end = spoken[spoken.length - 1]?.end ?? start;
  const targets: Draft[] = [];
  for (const t of tokens) {
    if (t.symbol !== '') soundTargets(t, targets);
    else if (t.start >= start && t.end <= end && t.end - t.start >= MIN_PAUSE)
      targets.push(draft('sil', 1, t.start, t.end));
  }
  widenHolds(targets);
  openEarly(targets, start);
  const beats = tokens.filter((t) => t.stress === 2).map((t) => (t.start + t.end) / 2);
  return { targets, beats, start, end };
}

/** Index of the first item that ends (starts) at t or later. */
function firstFrom<T>(items: readonly T[], t: number, key: (x: T) => number): number {
  let lo = 0;
  let hi = items.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    const item = items[mid];
    if (item !== undefined && key(item) < t) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

const endOf = (x: Target): number => x.end;
const same = (x: number): number => x;
const smooth = (t: number): number => t * t * (3 - 2 * t);

/** 0..1 plateau over [from, to] with linear flanks. */
function plateau(t: number, from: number, to: number, rise: number, fall: number): number {
  if (t <= from - rise || t >= to + fall) return 0;
  if (t < from) return (t - (from - rise)) / rise;
  return t > to ? 1 - (t - to) / fall : 1;
}
const cosine = (x: number): number => 0.5 - 0.5 * Math.cos(Math.PI * x);

// Scratch for one synchronous call: sums per channel, kept to spare the garbage collector.
const weighted = new Float64Array(CHANNELS.length);
const weights = new Float64Array(CHANNELS.length);

/**
 * The mouth at time t of the track (seconds; the caller adds LOOK_AHEAD). Writes into out and returns it.
 */
export function poseAt(track: SpeechTrack, t: number, out: MouthPose): MouthPose {
  weighted.fill(0);
  weights.fill(REST_PULL);
  let press = 0;
  let tuck = 0;
  const { targets } = track;
  for (let i = firstFrom(targets, t - MAX_LAG, endOf); i < targets.length; i++) {
    const x = targets[i];
    if (x === undefined || x.start > t + MAX_LEAD) break;
    const v = VISEMES[x.viseme];
    const away = t < x.start ? (x.start - t) / x.lead : t > x.end ? (t - x.end) / v.lag : 0;
    if (away <= REACH_WIDTHS) {
      const envelope = Math.exp(-away * away);
      for (let k = 0; k < CHANNELS.length; k++) {
        const a = (v.dominance[k] ?? 0) * envelope;
        weighted[k] = (weighted[k] ?? 0) + a * a * x.gain * (v.shape[k] ?? 0);
        weights[k] = (weights[k] ?? 0) + a * a;
      }
    }
    if (x.viseme === 'PP') press = Math.max(press, cosine(plateau(t, x.holdFrom, x.holdTo, CLOSE, OPEN)));
    else if (x.viseme === 'FF') tuck = Math.max(tuck, plateau(t, x.holdFrom, x.holdTo, TUCK_IN, TUCK_OUT));
  }
  CHANNELS.forEach((name, k) => {
    out[name] = (weighted[k] ?? 0) / (weights[k] ?? 1);
  });
  out.press = press;
  applyTuck(out, smooth(tuck));
  return out;
}

/** The lower lip meets the upper teeth and the jaw comes up, whatever the neighbours want. */
function applyTuck(out: MouthPose, amount: number): void {
  if (amount <= 0) return;
  const [jaw, , , , lower, teeth] = VISEMES.FF.shape;
  out.lower += (lower - out.lower) * amount;
  out.jaw += (Math.min(out.jaw, jaw * 1.5) - out.jaw) * amount;
  out.teeth += (teeth - out.teeth) * amount;
}

const BEAT_WIDTH = 0.12;

/** How near a stressed vowel is, 0..1: brows rise with it. */
export function beatAt(track: SpeechTrack, t: number): number {
  let best = 0;
  for (let i = firstFrom(track.beats, t - 3 * BEAT_WIDTH, same); i < track.beats.length; i++) {
    const d = ((track.beats[i] ?? Infinity) - t) / BEAT_WIDTH;
    if (d > 3) break;
    best = Math.max(best, Math.exp(-d * d));
  }
  return best;
}
