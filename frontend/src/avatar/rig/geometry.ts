/** Plane geometry of the rig: splines through authored points, tapered blades, number text. No state but caches. */

/** Third item: the outline has a corner here. */
export type Point = readonly [x: number, y: number, corner?: 0 | 1];

export const clamp = (x: number, lo = 0, hi = 1): number => (x < lo ? lo : x > hi ? hi : x);
export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
export const smooth = (t: number): number => {
  const c = clamp(t);
  return c * c * (3 - 2 * c);
};
/** Bell around (cx, cy) with 1/e radius r. */
export const bell = (x: number, y: number, cx: number, cy: number, r: number): number =>
  Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (r * r));
export const round1 = (n: number): number => Math.round(n * 10) / 10;
export const round2 = (n: number): number => Math.round(n * 100) / 100;

/** Item i, which must exist: the rig's own index arithmetic, never input. */
export function at<T>(items: readonly T[], i: number): T {
  const v = items[i];
  if (v === undefined) throw new RangeError(`no item ${String(i)}`);
  return v;
}

/** #rrggbb, a to b by t. */
export function hexMix(a: string, b: string, t: number): string {
  const channel = (i: number): string => {
    const v = Math.round(mix(parseInt(a.slice(i, i + 2), 16), parseInt(b.slice(i, i + 2), 16), t));
    return v.toString(16).padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

// Tenths to text, filled as needed: formatting numbers is the main cost of building paths.
const TENTHS: string[] = [];
const OFFSET = 20000;
export function text1(n: number): string {
  const q = Math.round(n * 10) + OFFSET;
  return (TENTHS[q] ??= String((q - OFFSET) / 10));
}

/** Bezier handles reach this far along their segment. */
const HANDLE = 0.36;
const MAX_POINTS = 192;
const tx = new Float64Array(MAX_POINTS);
const ty = new Float64Array(MAX_POINTS);
const length = new Float64Array(MAX_POINTS);

/** Tangent at b of the circle through a, b, c, whose sides are la and lb long. */
function setTangent(i: number, a: Point, b: Point, c: Point, la: number, lb: number): void {
  const k = lb / la;
  const x = (b[0] - a[0]) * k + (c[0] - b[0]) / k;
  const y = (b[1] - a[1]) * k + (c[1] - b[1]) / k;
  const l = Math.sqrt(x * x + y * y) || 1e-3;
  tx[i] = x / l;
  ty[i] = y / l;
}

/** Tangent at an open end: the neighbour's, mirrored in the chord between them. */
function setEndTangent(end: number, neighbour: number, a: Point, b: Point, chord: number): void {
  const ux = (b[0] - a[0]) / chord;
  const uy = (b[1] - a[1]) / chord;
  const nx = at1(tx, neighbour);
  const ny = at1(ty, neighbour);
  const k = 2 * (ux * nx + uy * ny);
  tx[end] = k * ux - nx;
  ty[end] = k * uy - ny;
}

const at1 = (a: Float64Array, i: number): number => a[i] ?? 0;

/** Cubic segments through smooth points, without the leading M. */
function run(p: readonly Point[], closed: boolean): string {
  const n = p.length;
  const segments = closed ? n : n - 1;
  for (let i = 0; i < segments; i++) {
    const a = at(p, i);
    const b = at(p, i + 1 === n ? 0 : i + 1);
    const x = b[0] - a[0];
    const y = b[1] - a[1];
    length[i] = Math.sqrt(x * x + y * y) || 1e-3;
  }
  for (let i = closed ? 0 : 1; i < (closed ? n : n - 1); i++) {
    const before = i === 0 ? n - 1 : i - 1;
    setTangent(i, at(p, before), at(p, i), at(p, i + 1 === n ? 0 : i + 1), at1(length, before), at1(length, i));
  }
  if (!closed) {
    if (n < 3) {
      const a = at(p, 0);
      const b = at(p, 1);
      tx[0] = tx[1] = (b[0] - a[0]) / at1(length, 0);
      ty[0] = ty[1] = (b[1] - a[1]) / at1(length, 0);
    } else {
      setEndTangent(0, 1, at(p, 0), at(p, 1), at1(length, 0));
      setEndTangent(n - 1, n - 2, at(p, n - 2), at(p, n - 1), at1(length, n - 2));
    }
  }
  let d = '';
  for (let i = 0; i < segments; i++) {
    const j = i + 1 === n ? 0 : i + 1;
    const a = at(p, i);
    const b = at(p, j);
    const l = at1(length, i) * HANDLE;
    d += `C${text1(a[0] + at1(tx, i) * l)} ${text1(a[1] + at1(ty, i) * l)} ${text1(b[0] - at1(tx, j) * l)} ${text1(b[1] - at1(ty, j) * l)} ${text1(b[0])} ${text1(b[1])}`;
  }
  return d;
}

const moveTo = (p: Point): string => `M${text1(p[0])} ${text1(p[1])}`;

/** Path through the points with circle-true tangents; corners stay corners. */
export function spline(p: readonly Point[], closed = true): string {
  const n = p.length;
  if (closed) {
    const corner = p.findIndex((q) => q[2]);
    if (corner < 0) return `${moveTo(at(p, 0))}${run(p, true)}Z`;
    return `${spline([...p.slice(corner), ...p.slice(0, corner), at(p, corner)], false)}Z`;
  }
  let d = moveTo(at(p, 0));
  let part: Point[] = [at(p, 0)];
  for (let i = 1; i < n; i++) {
    const q = at(p, i);
    part.push(q);
    if (q[2] || i === n - 1) {
      d += run(part, false);
      part = [q];
    }
  }
  return d;
}

/** Closed blade around a centre line: half a width for each point. Brows, lashes, folds, strands of hair. */
export function taper(line: readonly Point[], halfWidths: readonly number[]): string {
  const n = line.length;
  const left: Point[] = [];
  const right: Point[] = [];
  for (let i = 0; i < n; i++) {
    const a = at(line, Math.max(0, i - 1));
    const b = at(line, i);
    const c = at(line, Math.min(n - 1, i + 1));
    const dx = c[0] - a[0];
    const dy = c[1] - a[1];
    const l = Math.hypot(dx, dy) || 1;
    const h = at(halfWidths, i);
    const corner = i === 0 || i === n - 1 ? 1 : 0;
    left.push([b[0] - (dy / l) * h, b[1] + (dx / l) * h, corner]);
    right.push([b[0] + (dy / l) * h, b[1] - (dx / l) * h, corner]);
  }
  return spline([...left, ...right.reverse()]);
}

/** Catmull-Rom along a guide curve, t 0..1. */
export function alongCurve(p: readonly Point[], t: number): Point {
  const n = p.length - 1;
  const f = Math.min(n - 1e-6, t * n);
  const i = Math.floor(f);
  const u = f - i;
  const q = (k: number): Point => at(p, Math.max(0, Math.min(n, k)));
  const [p0, p1, p2, p3] = [q(i - 1), q(i), q(i + 1), q(i + 2)];
  const axis = (c: 0 | 1): number =>
    0.5 *
    (2 * p1[c] +
      (p2[c] - p0[c]) * u +
      (2 * p0[c] - 5 * p1[c] + 4 * p2[c] - p3[c]) * u * u +
      (3 * p1[c] - p0[c] - 3 * p2[c] + p3[c]) * u ** 3);
  return [axis(0), axis(1)];
}
