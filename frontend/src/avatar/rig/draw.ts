/**
 * The rig: character + pose -> layers of shapes. Pure; the same pose gives the same picture. Layers are in
 * back-to-front order; still ones keep the identity of their nodes from frame to frame and move only by transform.
 */
import type { Pose } from '../types';
import { REST } from '../types';
import type { Bristle, Character, Plane, Wire } from './character';
import { brow, eye } from './eyes';
import { mix, spline, text1, type Point } from './geometry';
import { mouth, smileFold } from './mouth';
import { clip, group, leaf, path, type Node } from './nodes';
import { createWarp, planeNodes, stillNode, warpAll, type Context, type Warp } from './warp';

/** x, y, rotation in degrees about the pivot, then x2, y2 (parallax in the turned frame). */
export interface Motion {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly x2: number;
  readonly y2: number;
}
export type Box = readonly [x: number, y: number, width: number, height: number];
export interface Layer {
  readonly name: string;
  readonly motion: Motion;
  readonly nodes: readonly Node[];
  /** Room its shapes may need, on the sheet. */
  readonly box: Box;
}

const NECK_BOX: Box = [230, 400, 380, 400];
const FACE_BOX: Box = [240, 130, 350, 450];

interface StillLayer {
  readonly nodes: readonly Node[];
  readonly box: Box;
}

/** Everything of a character that no pose changes. */
interface Still {
  readonly collar: StillLayer;
  readonly hairBack: StillLayer;
  readonly hairFront: StillLayer;
  readonly body: StillLayer;
  readonly glasses: StillLayer;
  readonly chest: Node;
  readonly ears: readonly Node[];
  readonly neckShade: readonly Node[];
}

/** Splines may swing out a little past their points. */
const SWING = 14;

/** Box around points. Worked out rather than measured in the page: mounting must not force a layout. */
function boxOf(points: readonly Point[]): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  return [x0 - SWING, y0 - SWING, x1 - x0 + 2 * SWING, y1 - y0 + 2 * SWING];
}

const planeLayer = (planes: readonly Plane[]): StillLayer => ({
  nodes: planes.map(stillNode),
  box: boxOf(planes.flatMap((s) => s.p)),
});

function wireLayer(wires: readonly Wire[]): StillLayer {
  const points = wires.flatMap((w) => {
    const n = (w.d.match(/-?[\d.]+/g) ?? []).map(Number);
    return Array.from({ length: n.length >> 1 }, (_, i): Point => [n[2 * i] ?? 0, n[2 * i + 1] ?? 0]);
  });
  const nodes = wires.map((g) =>
    leaf('path', { d: g.d, fill: g.f ?? 'none', stroke: g.s ?? 'none', 'stroke-width': g.sw ?? 0, opacity: g.o ?? 1 }),
  );
  return { nodes, box: boxOf(points) };
}
const stills = new WeakMap<Character, Still>();

function stillOf(c: Character): Still {
  let s = stills.get(c);
  if (!s) {
    s = {
      collar: planeLayer(c.bodyBack),
      hairBack: planeLayer(c.hair.back),
      hairFront: planeLayer(c.hair.front),
      body: planeLayer(c.body),
      glasses: wireLayer(c.glasses ?? []),
      chest: group(c.chest.map(stillNode)),
      ears: c.ears.map(stillNode),
      neckShade: c.neckShade.map(stillNode),
    };
    stills.set(c, s);
  }
  return s;
}

/** The pose with the character's resting offset added. */
function withRest(c: Character, pose: Partial<Pose>): Pose {
  const p: Pose = { ...REST, ...pose };
  for (const k of Object.keys(c.rest) as (keyof Pose)[]) p[k] += c.rest[k] ?? 0;
  return p;
}

/** The neck follows the head at its top only; shadows follow head and jaw. */
function neck({ c, p, id, url }: Context, still: Still): Node[] {
  const a = (p.roll * Math.PI) / 180;
  const [px, py] = c.pivot;
  const outline = c.neck.map(([x, y, follow, corner]): Point => {
    const dx = x - px;
    const dy = y - py;
    const X = px + dx * Math.cos(a) - dy * Math.sin(a) + p.yaw * 4;
    const Y = py + dx * Math.sin(a) + dy * Math.cos(a) + p.pitch * 3;
    return [mix(x, X, follow), mix(y, Y, follow), corner ?? 0];
  });
  const d = spline(outline);
  const cast = `translate(${text1(p.yaw * 5 - p.roll * 1.2)} ${text1(p.pitch * 5 + p.jaw * 11)})`;
  const shade = still.neckShade.map((n, i) => (c.neckShade[i]?.follow ? group([n], { transform: cast }) : n));
  return [still.chest, path(d, c.skin.neck), clip(id('nk'), d), group(shade, { 'clip-path': url('nk') })];
}

/** Bristles ride the jaw; one path for a whole patch. */
function stubble(warp: Warp, bristles: readonly Bristle[]): string {
  let d = '';
  for (const [x, y, angle, length, w] of bristles) {
    const [X, Y] = warp(x, y);
    const c = Math.cos(angle);
    const n = Math.sin(angle);
    d += `M${text1(X - n * w)} ${text1(Y + c * w)}L${text1(X + n * w)} ${text1(Y - c * w)}L${text1(X + c * length)} ${text1(Y + n * length)}Z`;
  }
  return d;
}

function beard({ c, warp }: Context): Node[] {
  if (!c.beard) return [];
  const patches = (c.stubble ?? []).map((g) => path(stubble(warp, g.p), g.f, g.o));
  return [group([...planeNodes(warp, c.beard), ...patches])];
}

function face(cx: Context, still: Still): Node[] {
  const { c, p, warp, id, url } = cx;
  const d = spline(warpAll(warp, c.face.p));
  const lips = mouth(cx);
  return [
    group(still.ears, { transform: `translate(${text1(p.yaw * -1.5)} ${text1(-p.pitch)})` }),
    path(d, c.skin.base),
    clip(id('fc'), d),
    group([...planeNodes(warp, c.shade), ...planeNodes(warp, c.hairCast, 0, 0), ...planeNodes(warp, c.blush)], {
      'clip-path': url('fc'),
    }),
    ...beard(cx),
    smileFold(cx, lips, -1),
    smileFold(cx, lips, 1),
    ...planeNodes(warp, c.socket, 0, 0),
    ...planeNodes(warp, c.nose.shapes, 0.02, 0.12),
    ...lips.nodes,
    eye(cx, c.eyeL, p.blinkL),
    eye(cx, c.eyeR, p.blinkR),
    ...planeNodes(warp, c.glassShadow ?? [], 0, 0),
    brow(cx, c.brow.L),
    brow(cx, c.brow.R),
  ];
}

/** uid prefixes every id, so that several faces can share a document. */
export function draw(c: Character, pose: Partial<Pose>, uid = 'a'): Layer[] {
  const p = withRest(c, pose);
  const still = stillOf(c);
  const cx: Context = { c, p, warp: createWarp(c, p), id: (n) => uid + n, url: (n) => `url(#${uid}${n})` };
  const head = (yaw: number, pitch: number): Motion => ({
    x: p.yaw * 4,
    y: p.pitch * 3 - p.breath * 1.2,
    r: p.roll,
    x2: p.yaw * yaw,
    y2: p.pitch * pitch,
  });
  const torso: Motion = { x: 0, y: p.breath * -1.6, r: 0, x2: 0, y2: 0 };
  const layers: Layer[] = [
    { name: 'collar', motion: torso, ...still.collar },
    { name: 'hairBack', motion: head(-2.5, -2), ...still.hairBack },
    { name: 'neck', motion: torso, nodes: neck(cx, still), box: NECK_BOX },
    { name: 'body', motion: torso, ...still.body },
    { name: 'face', motion: head(0, 0), nodes: face(cx, still), box: FACE_BOX },
    { name: 'hairFront', motion: head(3.2, 3), ...still.hairFront },
    { name: 'glasses', motion: head(9.5, 9), ...still.glasses },
  ];
  return layers.filter((l) => l.nodes.length > 0);
}

/** Motion as an SVG transform, for stills. */
export function motionAttribute(c: Character, m: Motion): string {
  const [px, py] = c.pivot;
  const angle = Math.round(m.r * 100) / 100;
  return `translate(${text1(m.x)} ${text1(m.y)}) rotate(${String(angle)} ${text1(px)} ${text1(py)}) translate(${text1(m.x2)} ${text1(m.y2)})`;
}
