/**
 * The mouth. Measured from its centre in a frame of its own: half widths wl and wr, corner height cy, inner edges of
 * the lips upper (negative) and lower. Back to front: cavity, lower teeth, tongue, upper teeth, shade, lips, line.
 */
import { clamp, mix, round2, smooth, spline, taper, type Point } from './geometry';
import { clip, group, path, type Node } from './nodes';
import type { Context } from './warp';

/** The posed measures every part of the mouth is built from. */
interface Measures {
  /** Posed half widths and height of the corners. */
  readonly wl: number;
  readonly wr: number;
  readonly w: number;
  readonly cy: number;
  readonly smile: number;
  /** Tuck and drop of the lower lip. */
  readonly tuck: number;
  /** Inner edge of the upper and the lower lip in the middle, and what lies between. */
  readonly iu: number;
  readonly il: number;
  readonly gap: number;
  /** 1 lips together .. 0 apart by 7 px. */
  readonly shut: number;
  /** Thickness of the lips. */
  readonly tu: number;
  readonly tl: number;
  /** Narrowing of the opening by the pucker, inner corners. */
  readonly pinch: number;
  readonly icl: Point;
  readonly icr: Point;
  readonly open: number;
  /** Outer edge of the upper lip, bottom of the lower. */
  readonly oy: number;
  readonly lb: number;
  readonly bowHalf: number;
}

function measure({ c: { mouth: m }, p }: Context): Measures {
  const free = 1 - p.press;
  const open = clamp(p.jaw * 1.1 + Math.max(0, p.lower) * 0.5 + p.upper * 0.4) * free;
  const spread = Math.max(0, p.width);
  const smile = p.smile * (1 - 0.75 * p.round) * (1 - 0.3 * p.jaw); // else U and O turn heart-shaped
  const w = m.w * (1 + 0.2 * p.width - 0.33 * p.round + 0.17 * smile - 0.05 * p.jaw);
  const [wl, wr] = [w * m.kL, w * m.kR];
  const cy = p.jaw * 8 - smile * 12.5 * (1 - 0.12 * smile) + p.round * 1.5 + m.corner * (1 - p.round);
  const tuck = Math.max(0, -p.lower);
  const drop = Math.max(0, p.lower);
  const ring = smooth(open * 4);
  const iu = -(p.upper * 10 + p.jaw * 2.5 + p.round * 4.2 * ring) * free;
  const il = (p.jaw * 33 * (1 - 0.5 * tuck) + drop * 11 + p.round * 2.6 * ring + tuck * 0.6) * free;
  const gap = il - iu;
  const tu = m.up * (1 - 0.12 * spread + 0.06 * p.round - 0.42 * p.press - 0.14 * smile + 0.05 * p.upper);
  const tl = m.lo * (1 - 0.16 * spread - 0.06 * p.round - 0.1 * p.jaw - 0.4 * p.press - 0.06 * smile - 0.42 * tuck);
  const pinch = 1 - 0.4 * p.round;
  const icy = mix(cy, cy * 0.6 + (iu + il) * 0.2, p.round);
  const inner = mix(0.97, pinch, p.round);
  return {
    wl, wr, w, cy, smile, tuck, iu, il, gap, tu, tl, pinch, open,
    shut: 1 - smooth(gap / 7),
    icl: [-wl * inner, icy],
    icr: [wr * inner, icy],
    oy: iu * 0.85,
    lb: il + tl - tuck * 1.5,
    bowHalf: 7.5 * (1 - 0.15 * p.round + 0.1 * p.width),
  }; // prettier-ignore
}

/** The M of a closed lip line: x, depth. It fades as the gap opens. */
const M_LINE = [[-0.82, 0.7], [-0.52, 1.4], [-0.16, 0.2], [0, 1.9], [0.16, 0.2], [0.52, 1.4], [0.82, 0.7]] as const; // prettier-ignore

/** Inner edge of a lip `k` px from the middle: a parabola when spread, a super-ellipse when puckered. */
function innerEdge({ p }: Context, m: Measures, k: number): Point[] {
  const roundness = clamp(0.2 + 0.3 * m.open + 0.6 * p.round);
  const power = mix(0.62, 0.46, p.round);
  return M_LINE.map(([x, depth]): Point => {
    const arch = mix(1 - x * x * 0.9, Math.pow(1 - x * x, power), roundness);
    const sag = m.cy * Math.abs(x) ** 1.7 * (1 - 0.25 * m.open);
    const ripple = depth * (0.3 + 0.7 * m.shut) * (1 - 0.8 * p.round) * (k > 0 ? m.shut : 1);
    return [x * (x < 0 ? m.wl : m.wr) * mix(1, m.pinch, p.round), k * arch + sag + ripple];
  });
}

const reversed = (pts: readonly Point[]): Point[] => [...pts].reverse();
const cornered = (q: Point): Point => [q[0], q[1], 1];

/** Mouth frame to face. */
type Place = (pts: readonly Point[]) => Point[];
function placer({ c: { mouth: m }, warp }: Context): Place {
  return (pts) =>
    pts.map((a) => {
      const [x, y] = warp(m.x + a[0], m.y + a[1] + a[0] * m.slant, 0.12, 0);
      return [x, y, a[2] ?? 0];
    });
}

interface Edges {
  readonly inU: readonly Point[];
  readonly inL: readonly Point[];
}

/** Teeth and tongue, clipped to the opening. */
function inside(cx: Context, m: Measures, { inU }: Edges, place: Place, cavity: string): Node[] {
  const { c, p } = cx;
  const { wl, wr, iu, il, cy } = m;
  const edge = -3.2 + p.teeth * 10.5; // cutting edge of the upper teeth
  const [tl, tr] = [wl * 0.8, wr * 0.82];
  const teeth: Point[] = [[-tl, iu - 8, 1], [tr, iu - 8, 1], [tr * 0.96, edge - 4], [tr * 0.55, edge - 0.6], [0, edge], [-tl * 0.55, edge - 0.6], [-tl * 0.96, edge - 4.5]]; // prettier-ignore
  const low = p.jaw * 31 + 5.2;
  const lowTeeth: Point[] = [[-tl * 0.7, low + 2], [-tl * 0.3, low], [tr * 0.3, low], [tr * 0.7, low + 2], [tr * 0.7, low + 16, 1], [-tl * 0.7, low + 16, 1]]; // prettier-ignore
  const reach = clamp(p.tongue * 1.1);
  const tip = mix(il - 3.5 - p.jaw * 7, edge - 1.5 + p.jaw * 3, reach);
  const g = mix(0.72, 0.5, reach);
  const tongue: Point[] = [[-wl * g, il + 8], [-wl * g * 0.72, tip + 3.5], [-wl * 0.1, tip + 0.8], [0, tip + 1.4], [wr * 0.1, tip + 0.8], [wr * g * 0.72, tip + 3.5], [wr * g, il + 8], [0, il + 16]]; // prettier-ignore
  const shine: Point[] = [[-wl * 0.3, tip + 5], [-wl * 0.04, tip + 3], [wr * 0.12, tip + 4], [wr * 0.02, tip + 8], [-wl * 0.2, tip + 9]]; // prettier-ignore
  const shade: Point[] = [
    [-wl, cy - 4, 1],
    ...inU.map((a): Point => [a[0], a[1] - 4]),
    [wr, cy - 4, 1],
    ...reversed(inU).map((a): Point => [a[0], a[1] + Math.min(3, m.gap * 0.26) * (0.7 + 2.4 * (a[0] / m.w) ** 2)]),
  ];
  const draw = (pts: readonly Point[], fill: string, opacity: number): Node => path(spline(place(pts)), fill, opacity);
  return [
    clip(cx.id('mc'), cavity),
    path(cavity, cx.url('gCav')),
    group(
      [
        draw(lowTeeth, c.teeth.low, round2(clamp(p.teeth * 1.2))),
        draw(tongue, c.teeth.tongue, p.tongue > 0.02 || p.jaw > 0.2 ? 1 : 0.6),
        draw(shine, c.teeth.tongueHi, round2(mix(0.15, 0.6, reach))),
        draw(teeth, cx.url('gTeeth'), p.teeth > 0.02 ? 1 : 0),
        draw(shade, '#3a1614', 0.3),
      ],
      { 'clip-path': cx.url('mc'), opacity: m.gap > 0.8 ? 1 : 0 },
    ),
  ];
}

/** Lower lip with its dark inner edge, highlight, and the tip of the tongue over it (th). */
function lowerLip(cx: Context, m: Measures, { inL }: Edges, place: Place): Node[] {
  const { c, p } = cx;
  const { wl, wr, il, tl, cy, lb } = m;
  const bulge = mix(cy, lb, 0.56 + 0.06 * p.round);
  const outer: Point[] = [[wr * 0.8, bulge], [wr * 0.5, mix(cy, lb, 0.88)], [wr * 0.16, lb - 0.1], [-wl * 0.16, lb], [-wl * 0.5, mix(cy, lb, 0.88)], [-wl * 0.8, bulge]]; // prettier-ignore
  const lip: Point[] = [[-wl, cy, 1], m.icl, ...reversed(inL), m.icr, [wr, cy, 1], ...outer];
  const rim = [m.icl, ...reversed(inL), m.icr];
  const light: Point[] = [[-wl * 0.34, il + tl * 0.3], [-wl * 0.05, il + tl * 0.24], [wr * 0.2, il + tl * 0.3], [wr * 0.1, il + tl * 0.55], [-wl * 0.2, il + tl * 0.56]]; // prettier-ignore
  const tip = smooth((p.tongue - 0.55) / 0.2);
  const edge = -3.2 + p.teeth * 10.5;
  const tongue: Point[] = [[-wl * 0.4, il - 1, 1], [-wl * 0.36, edge + 0.4], [-wl * 0.18, edge - 2.4], [wr * 0.18, edge - 2.4], [wr * 0.34, edge + 0.4], [wr * 0.38, il - 1, 1], [wr * 0.28, il + 3.2], [0, il + 4.6], [-wl * 0.3, il + 3.2]]; // prettier-ignore
  const shine: Point[] = [
    [-wl * 0.22, edge + 1.2],
    [0, edge + 0.2],
    [wr * 0.2, edge + 1.2],
  ];
  return [
    path(spline(place(lip)), c.lip.lower),
    path(
      taper(place(rim), [0.2, 0.8, 1.3, 1.5, 1.5, 1.5, 1.3, 0.8, 0.2]),
      c.lip.line,
      round2(0.55 * smooth(m.gap / 6)),
    ),
    path(spline(place(tongue)), c.teeth.tongueHi, m.gap > 2 ? round2(tip) : 0),
    path(taper(place(shine), [0.3, 1.3, 0.3]), '#fff', round2(tip * 0.22)),
    path(spline(place(light)), c.lip.hi, round2(0.62 - 0.35 * m.tuck - 0.4 * p.press)),
  ];
}

function upperLip(cx: Context, m: Measures, { inU }: Edges, place: Place): Node[] {
  const { c, p } = cx;
  const { wl, wr, cy, oy, tu, bowHalf } = m;
  const bow = c.mouth.bow;
  const side = cy * 0.42 + oy * 0.72;
  const wing = tu * (0.58 + 0.14 * p.round);
  const outer: Point[] = [[-wl * 0.56, side - wing], [-bowHalf, oy - tu], [0, oy - tu + bow * (1 - 0.4 * p.round)], [bowHalf, oy - tu], [wr * 0.56, side - wing]]; // prettier-ignore
  const lip: Point[] = [[-wl, cy, 1], ...outer, [wr, cy, 1], m.icr, ...reversed(inU), m.icl];
  const light: Point[] = [[-wl * 0.56, side - tu * 0.52], [-bowHalf, oy - tu + 0.6], [0, oy - tu + bow + 0.4], [bowHalf * 0.9, oy - tu + 1], [bowHalf * 0.4, oy - tu * 0.62 + 1], [-bowHalf * 0.6, oy - tu * 0.62], [-wl * 0.4, cy * 0.3 + oy * 0.72 - tu * 0.36]]; // prettier-ignore
  return [path(spline(place(lip)), c.lip.upper), path(spline(place(light)), c.lip.upperHi, 0.4)];
}

/** The dark line of a closed mouth and its two corners. */
function lipLine(cx: Context, m: Measures, { inU }: Edges, place: Place): Node[] {
  const { wl, wr, cy, smile, gap } = m;
  const colour = cx.c.lip.line;
  const line: Point[] = [[-wl - 1.5, cy - 0.4], [-wl * 0.9, cy * 0.9 + 0.3], ...(gap < 7 ? inU : []), [wr * 0.9, cy * 0.9 + 0.3], [wr + 1.5, cy - 0.4]]; // prettier-ignore
  const last = line.length - 1;
  const widths = line.map((_, i) => (i === 0 || i === last ? 0.2 : i === 1 || i === last - 1 ? 1.15 : 1));
  const left: Point[] = [
    [-wl + 2, cy - 0.3],
    [-wl - 1.5, cy - 0.6 - smile],
    [-wl - 3.6, cy - 0.2],
  ];
  const right: Point[] = [
    [wr - 2, cy - 0.3],
    [wr + 2, cy - 0.6 - smile],
    [wr + 4.4, cy - 0.1],
  ];
  return [
    path(taper(place(line), widths), colour, gap < 7 ? round2(mix(0.25, 1, m.shut)) : 0),
    path(taper(place(left), [1, 1.1, 0.2]), colour, round2(0.2 + 0.4 * smile)),
    path(taper(place(right), [1, 1.3, 0.2]), colour, round2(0.3 + 0.4 * smile)),
  ];
}

/** Shadow under the lower lip and the groove over the upper one; a beard covers both. */
function surround({ c }: Context, m: Measures, place: Place): Node[] {
  if (c.beard) return [];
  const { wl, wr, lb, tu, oy } = m;
  const { bow, noseGap } = c.mouth;
  const shadow: Point[] = [[-wl * 0.5, lb + 1], [0, lb + 0.5], [wr * 0.55, lb], [wr * 0.4, lb + 6.5], [wr * 0.08, lb + 8.5], [-wl * 0.26, lb + 6.5]]; // prettier-ignore
  const groove: Point[] = [[1.5, -tu + oy + bow - 1.5, 1], [6.5, -tu + oy - 0.5], [5, -noseGap * 0.6], [3.5, -noseGap, 1], [1.2, -noseGap * 0.55]]; // prettier-ignore
  return [path(spline(place(shadow)), c.skin.shade, 0.5), path(spline(place(groove)), c.skin.shade, 0.28)];
}

export interface Mouth {
  readonly nodes: readonly Node[];
  /** For the smile folds. */
  readonly wl: number;
  readonly wr: number;
  readonly cy: number;
}

export function mouth(cx: Context): Mouth {
  const m = measure(cx);
  const place = placer(cx);
  const edges: Edges = { inU: innerEdge(cx, m, m.iu), inL: reversed(innerEdge(cx, m, m.il)) };
  const cavity = spline(place([cornered(m.icl), ...edges.inU, cornered(m.icr), ...edges.inL]));
  const nodes = [
    ...surround(cx, m, place),
    ...inside(cx, m, edges, place, cavity),
    ...lowerLip(cx, m, edges, place),
    ...upperLip(cx, m, edges, place),
    ...lipLine(cx, m, edges, place),
  ];
  return { nodes, wl: m.wl, wr: m.wr, cy: m.cy };
}

/** Folds from the wings of the nose past the corners of the mouth. */
export function smileFold({ c, p, warp }: Context, m: Mouth, side: -1 | 1): Node {
  const n = c.nose;
  const strength = clamp(p.smile * 1.1 - 0.2 + Math.max(0, p.width) * 0.35 + c.foldBase);
  const x = c.mouth.x + (side < 0 ? -m.wl : m.wr);
  const x0 = n.x + (side < 0 ? -n.wl - 4 : n.wr + 4);
  const out = 11 + p.smile * 5;
  const y = c.mouth.y + m.cy;
  const pts: Point[] = [
    [x0, n.base - 12],
    [mix(x0, x + side * out, 0.55) + side * 3, n.base + 7],
    [x + side * out, y - 6],
    [x + side * (out + 1), y + 8],
  ];
  const warped = pts.map((q): Point => warp(q[0], q[1], 0.02, 0.5));
  return path(
    taper(warped, [0.2, 1.6 + strength, 1.4 + strength, 0.2]),
    c.beard ? c.skin.deep : c.skin.shade,
    round2(clamp(strength * (c.beard ? 0.3 : 0.45))),
  );
}
