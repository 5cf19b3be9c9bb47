/** Eyes and brows. The lids move; the ball is clipped between them. */
import type { BrowSpec, EyeSpec } from './character';
import { at, clamp, mix, round1, round2, smooth, spline, taper, type Point } from './geometry';
import { circle, clip, group, leaf, path, type Node } from './nodes';
import { warpAll, type Context } from './warp';

const DEPTH = 0.06;
const corner = (q: Point): Point => [q[0], q[1], 1];
const shift = (q: Point, dx: number, dy: number): Point => [q[0] + dx, q[1] + dy];

/** The lids of one eye in this pose, warped, five points each: upper from inner to outer corner, lower back. */
interface Lids {
  readonly upper: readonly Point[];
  readonly lower: readonly Point[];
  readonly outline: string;
  /** 0 open .. 1 shut; squint; heights as posed. */
  readonly closed: number;
  readonly squint: number;
  readonly up: number;
  readonly lo: number;
  /** x at -1 (inner) .. 1 (outer) of the unwarped eye. */
  readonly x: (t: number) => number;
}

function lidsOf(cx: Context, e: EyeSpec, blink: number): Lids {
  const { p } = cx;
  const squint = clamp(p.squint + Math.max(0, p.smile - 0.25) * 0.58);
  const x = (t: number): number => e.x + (e.side * t * e.w) / 2;
  const closed = smooth(blink);
  const lift = 0.1 * Math.max(0, p.brow) - 0.12 * p.frown + 0.1 * Math.max(0, -p.gazeY) - 0.22 * Math.max(0, p.gazeY);
  const up = e.up * (1 + lift) * (1 - 0.14 * squint);
  const lo = e.lo * (1 - 0.62 * squint);
  const meet = e.y + e.lo * 0.62; // the closed line sits low
  const inner: Point = [x(-1), e.y + e.tilt];
  const outer: Point = [x(1), e.y - e.tilt];
  const upper = warpAll(
    cx.warp,
    [
      inner,
      [x(-0.62), mix(e.y - up * 0.72 + e.tilt * 0.5, meet + 1 + e.tilt * 0.4, closed)],
      [x(-0.08), mix(e.y - up, meet + 2.4, closed)],
      [x(0.52), mix(e.y - up * 0.8 - e.tilt * 0.4, meet + 1.4 - e.tilt * 0.2, closed)],
      outer,
    ],
    DEPTH,
    0,
  );
  const lower = warpAll(
    cx.warp,
    [
      outer,
      [x(0.5), e.y + lo * 0.92 - e.tilt * 0.3],
      [x(-0.05), e.y + lo],
      [x(-0.62), e.y + lo * 0.6 + e.tilt * 0.4],
      inner,
    ],
    DEPTH,
    0,
  );
  const outline = spline([corner(at(upper, 0)), ...upper.slice(1, 4), corner(at(upper, 4)), ...lower.slice(1, 4)]);
  return { upper, lower, outline, closed, squint, up, lo, x };
}

/** Lash mass: one shape, thick outward, with a small wing. */
function lashPath(e: EyeSpec, l: Lids): string {
  const [u0, u1, u2, u3, u4] = [0, 1, 2, 3, 4].map((i) => at(l.upper, i)) as [Point, Point, Point, Point, Point];
  const thin = 1 - 0.25 * l.closed;
  const wing: Point = [u4[0] + e.side * e.wing, u4[1] - e.wing * 0.55 * (1 - 1.3 * l.closed), 1];
  return spline([
    corner(u0),
    shift(u1, 0, -e.lash * 0.55 * thin),
    shift(u2, 0, -e.lash * 0.85 * thin),
    shift(u3, 0, -e.lash * thin),
    wing,
    [u4[0] - e.side * 1.5, u4[1] + 1, 1],
    shift(u3, 0, 0.6),
    shift(u2, 0, 0.4),
    shift(u1, 0, 0.2),
  ]);
}

const CREASE_RISE = [0, 0.75, 1, 0.95, 0.62];
const LID_PROFILE = [0, 0.72, 1, 0.8, 0];

/** The fold over the lid: stays behind by three quarters when the lid comes down. */
function creaseLine(cx: Context, e: EyeSpec, l: Lids): Point[] {
  const height = e.crease * (1 - 0.1 * l.closed);
  const xs = [-1, -0.62, -0.08, 0.52, 1];
  return l.upper.map((q, i) => {
    const open = cx.warp(l.x(at(xs, i)), e.y - l.up * at(LID_PROFILE, i), DEPTH, 0);
    const dx = i === 0 ? e.side * 3 : i === 4 ? e.side : 0;
    const rise = i === 0 ? 1 : height * at(CREASE_RISE, i);
    return [q[0] + dx, mix(q[1], open[1], 0.75 * l.closed) - rise];
  });
}

function ball(cx: Context, e: EyeSpec, l: Lids, shut: boolean, name: string): Node {
  const { c, p } = cx;
  const { upper, lower, outline } = l;
  const [ix, iy] = cx.warp(e.x + p.gazeX * e.w * 0.17 + e.cx, e.y - l.up * 0.18 + p.gazeY * 5.5 + e.cy, DEPTH, 0);
  const r = e.r;
  const [u0, u1, u4] = [at(upper, 0), at(upper, 1), at(upper, 4)];
  const [l3, l4] = [at(lower, 3), at(lower, 4)];
  const caruncle: Point[] = [
    corner(l4),
    [mix(l4[0], l3[0], 0.7), l3[1] + 2],
    [mix(l4[0], l3[0], 0.75), mix(u1[1], l3[1], 0.5)],
    [mix(u0[0], u1[0], 0.5), mix(u0[1], u1[1], 0.5) - 3],
  ];
  const crescent: Point[] = [
    [ix - r * 0.62, iy + r * 0.3, 1],
    [ix - r * 0.05, iy + r * 0.3],
    [ix + r * 0.74, iy - r * 0.12, 1],
    [ix + r * 0.62, iy + r * 0.5],
    [ix + r * 0.05, iy + r * 0.78],
  ];
  const under = [3, 2, 1].map((i) => shift(at(upper, i), 0, at([0, 5, 6.5, 5.5], i)));
  const lidShade: Point[] = [
    [u0[0], u0[1] - 3, 1],
    ...upper.slice(1, 4).map((q) => shift(q, 0, -4)),
    [u4[0], u4[1] - 3, 1],
    ...under,
  ];
  const [x, y] = [round1(ix), round1(iy)];
  return group(
    [
      path(outline, c.skin.sclera),
      path(spline(caruncle), c.skin.caruncle, 0.75),
      circle(x, y, r, c.iris.ring),
      circle(x, y, r * 0.86, c.iris.base),
      path(spline(crescent), c.iris.light, 0.85),
      circle(x, y, round1(r * 0.43), c.iris.pupil),
      path(spline(lidShade), c.skin.eyeShade, 0.42),
      leaf('ellipse', {
        cx: round1(ix - r * 0.36),
        cy: round1(iy - r * 0.4),
        rx: round1(r * 0.27),
        ry: round1(r * 0.25),
        fill: '#fff',
        opacity: 0.96,
      }),
      circle(round1(ix + r * 0.42), round1(iy + r * 0.4), round1(r * 0.12), '#fff', 0.35),
    ],
    { 'clip-path': cx.url(name), opacity: shut ? 0 : 1 },
  );
}

/** Crow's feet and the line under the eye: they come with a smile. */
function lines(cx: Context, e: EyeSpec, l: Lids): Node[] {
  const { skin } = cx.c;
  const { squint, lo, x } = l;
  const feet = [0, 1].map((i) => {
    const pts: Point[] = [
      [x(1.16), e.y - 1 + i * 6],
      [x(1.3), e.y - 2.5 + i * 9],
      [x(1.42), e.y - 3 + i * 13],
    ];
    return path(
      taper(warpAll(cx.warp, pts, DEPTH, 0), [0.2, 0.8, 0.2]),
      skin.crease,
      round2(clamp(squint * 0.55, 0, 0.5)),
    );
  });
  const bag: Point[] = [
    [x(-0.75), e.y + lo + 6.5 + e.tilt],
    [x(-0.2), e.y + lo + 10.5 - squint * 2],
    [x(0.45), e.y + lo + 9 - squint * 2],
  ];
  const bagD = taper(warpAll(cx.warp, bag, DEPTH, 0), [0.2, 1 + squint * 0.8, 0.2]);
  return [...feet, path(bagD, skin.crease, round2(e.bag + squint * 0.35))];
}

export function eye(cx: Context, e: EyeSpec, blink: number): Node {
  const { skin, lashColor } = cx.c;
  const name = e.side < 0 ? 'ecL' : 'ecR';
  const l = lidsOf(cx, e, blink);
  const fold = creaseLine(cx, e, l);
  const { upper } = l;
  const lid: Point[] = [
    corner(at(fold, 0)),
    ...fold.slice(1, 4),
    corner(at(fold, 4)),
    corner(at(upper, 4)),
    ...upper.slice(1, 4).reverse(),
    corner(at(upper, 0)),
  ];
  const rim = l.lower.map((q) => shift(q, 0, 0.6));
  return group([
    path(spline(lid), skin.lid),
    clip(cx.id(name), l.outline),
    ball(cx, e, l, blink > 0.97, name),
    path(taper(rim, [1.5, 1.3, 0.9, 0.6, 0.2]), skin.lowLid, round2(mix(0.8, 0.2, l.closed))),
    path(lashPath(e, l), lashColor),
    path(taper(fold, [0.3, 1.1, 1.4, 1.3, 0.4]), skin.crease, round2(mix(0.75, 0.35, l.closed))),
    ...lines(cx, e, l),
  ]);
}

/** A tapered blade whose inner end, middle and tail lift separately. */
export function brow(cx: Context, b: BrowSpec): Node {
  const { p, c } = cx;
  const pts = b.p.map((q, i): Point => {
    const t = i / (b.p.length - 1);
    const up =
      p.brow * 10 * (0.75 + 0.45 * Math.sin(Math.PI * t)) +
      p.browIn * 10 * (1 - t) ** 1.5 -
      p.frown * 8 * (1 - t) ** 1.2 +
      p.browTilt * b.side * 5;
    return [q[0] - b.side * p.frown * 6 * (1 - t), q[1] - up];
  });
  const low = pts.map((q, i) => shift(q, 0, at(b.w, i) * 0.35));
  const thin = b.w.map((v) => v * 0.5);
  return group([
    path(taper(warpAll(cx.warp, pts, 0.05, 0), b.w), c.brow.fill),
    path(taper(warpAll(cx.warp, low, 0.05, 0), thin), c.brow.dark, 0.55),
  ]);
}
