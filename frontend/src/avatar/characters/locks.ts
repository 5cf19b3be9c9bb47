/** Hair: tapered ribbons that flow between guide curves, each over a wider, darker copy, some with a thin highlight on the crest. */
import type { Plane, Points } from '../rig/character';
import { alongCurve, at, type Point } from '../rig/geometry';
import type { Random } from '../random';

/** The generator the faces were drawn with: another would comb every hair anew. */
export function strandRandom(seed: number): Random {
  let s = seed;
  return () => {
    s = Math.imul(s ^ (s >>> 15), 1 | s);
    s ^= s + Math.imul(s ^ (s >>> 7), 61 | s);
    return ((s ^ (s >>> 14)) >>> 0) / 4294967296;
  };
}

export interface LockStyle {
  /** Curl: amplitude and length of the sine; 1.5 is nearly straight. */
  readonly wave?: number;
  readonly waveLength?: number;
  /** Half width of a ribbon. */
  readonly width?: number;
  /** Dark to light. */
  readonly tones: readonly string[];
  /** How light the hair is at a place, 0..1. */
  readonly light: (x: number, y: number) => number;
  readonly jitter?: number;
  /** Draw the darker copy underneath. */
  readonly under?: boolean;
  /** Share of ribbons with a highlight. */
  readonly highlights?: number;
  /** Last guide first. */
  readonly reverse?: boolean;
  /** Where along the guide ribbons begin and end (from, to). */
  readonly start?: readonly [number, number];
  readonly end?: readonly [number, number];
  readonly steps?: number;
}

interface Ribbon {
  readonly line: Point[];
  readonly widths: number[];
}

/** One ribbon along the guide, waving more towards its end. The order of random draws is part of the picture. */
function ribbon(guide: Points, random: Random, s: Required<LockStyle>): Ribbon {
  const t0 = s.start[0] + random() * (s.start[1] - s.start[0]);
  const t1 = Math.min(1, s.end[0] + random() * (s.end[1] - s.end[0]));
  const phase = random() * 6.28;
  const amplitude = s.wave * (0.6 + random() * 0.7);
  const period = s.waveLength * (0.8 + random() * 0.45);
  const line: Point[] = [];
  const widths: number[] = [];
  let travelled = 0;
  let last: Point | null = null;
  for (let j = 0; j <= s.steps; j++) {
    const e = j / s.steps;
    const t = t0 + (t1 - t0) * e;
    const c = alongCurve(guide, t);
    const ahead = alongCurve(guide, Math.min(1, t + 0.01));
    const dx = ahead[0] - c[0];
    const dy = ahead[1] - c[1];
    const l = Math.hypot(dx, dy) || 1;
    if (last) travelled += Math.hypot(c[0] - last[0], c[1] - last[1]);
    last = c;
    const o = Math.sin(phase + (travelled / period) * 6.28) * amplitude * Math.min(1, e * 2.2);
    line.push([c[0] - (dy / l) * o, c[1] + (dx / l) * o]);
    const taperIn = Math.min(1, 0.08 + e * 6);
    const taperOut = e > 0.62 ? Math.max(0.02, (1 - e) / 0.38) ** 0.75 : 1;
    widths.push(s.width * (0.75 + 0.4 * random()) * taperIn * taperOut);
  }
  const soft = widths.map((v, j) => (at(widths, Math.max(0, j - 1)) + v + at(widths, Math.min(s.steps, j + 1))) / 3);
  return { line, widths: soft };
}

function highlight(r: Ribbon, random: Random, s: Required<LockStyle>, tone: string): Plane[] {
  const from = Math.floor(s.steps * (0.08 + random() * 0.2));
  const to = Math.floor(s.steps * (0.45 + random() * 0.4));
  const p = r.line.slice(from, to).map((c, j): Point => {
    const w = at(r.widths, from + j);
    return [c[0] - w * 0.3, c[1] - w * 0.25];
  });
  if (p.length <= 3) return [];
  const w = p.map((_, j) => Math.sin((Math.PI * j) / (p.length - 1)) * s.width * 0.17 + 0.1);
  return [{ p, w, f: tone, o: 0.75 }];
}

/** The guide at g (0..1) between the first and the last. */
function guideAt(guides: readonly Points[], g: number): Point[] {
  const f = Math.min(guides.length - 1.0001, g * (guides.length - 1));
  const k = Math.floor(f);
  const u = f - k;
  const b = at(guides, k + 1);
  return at(guides, k).map((q, j): Point => {
    const r = at(b, j);
    return [q[0] + (r[0] - q[0]) * u, q[1] + (r[1] - q[1]) * u];
  });
}

const DEFAULTS = {
  wave: 7, waveLength: 40, width: 8, jitter: 0.34, under: true, highlights: 0.5, reverse: false,
  start: [0, 0.06], end: [0.82, 1.04], steps: 22,
} as const; // prettier-ignore

export function locks(guides: readonly Points[], count: number, seed: number, style: LockStyle): Plane[] {
  const s: Required<LockStyle> = { ...DEFAULTS, ...style };
  const random = strandRandom(seed);
  const top = s.tones.length - 1;
  const out: Plane[] = [];
  for (let i = 0; i < count; i++) {
    const even = s.reverse ? 1 - i / (count - 1) : i / (count - 1);
    const g = Math.min(1, Math.max(0, even + ((random() - 0.5) * 1.2) / count));
    const r = ribbon(guideAt(guides, g), random, s);
    const m = at(r.line, Math.floor(s.steps * 0.35));
    const lightness = Math.max(0, Math.min(0.999, s.light(m[0], m[1]) + (random() - 0.5) * s.jitter));
    const tone = Math.floor(lightness * top);
    if (s.under) {
      const p = r.line.map((c): Point => [c[0] + 0.8, c[1] + 1]);
      const w = r.widths.map((v) => v + 1.5 * Math.min(1, v / 3));
      out.push({ p, w, f: at(s.tones, Math.max(0, tone - 2)), o: 0.85 });
    }
    out.push({ p: r.line, w: r.widths, f: at(s.tones, tone) });
    if (random() < s.highlights) out.push(...highlight(r, random, s, at(s.tones, Math.min(top, tone + 1))));
  }
  return out;
}

export const shifted = (p: Points, dx: number, dy: number): Point[] => p.map(([x, y]) => [x + dx, y + dy]);
