/** How a point of the face moves: one function for all of them, so that planes, beard and blush stay together. */
import type { Pose } from '../types';
import type { Character, Plane, Points } from './character';
import { bell, round2, smooth, spline, taper, type Point } from './geometry';
import { path, type Node } from './nodes';

/** Pixels at the nose for one unit of yaw or pitch. */
const TURN = 8;

export type Warp = (x: number, y: number, depth?: number, jaw?: number) => [number, number];

/**
 * Jaw hinge, cheeks, then parallax on an ellipsoid for yaw and pitch: the contour stays, the features turn. `depth` is
 * added to the ellipsoid's, `jaw` is how much of the jaw's motion the point takes part in.
 */
export function createWarp(c: Character, p: Pose): Warp {
  const [ex, ey, erx, ery] = c.face.ball;
  const { jawTop, chin } = c.face;
  const yaw = p.yaw * TURN;
  const pitch = p.pitch * TURN;
  const cheek = (Math.max(0, p.smile - 0.2) + Math.max(0, p.width) * 0.3) * 3.5;
  const lift = Math.max(0, p.smile - 0.35) * 8; // a smile raises the cheeks, and with them blush and edge of the beard
  return (x, y, depth = 0, jaw = 1) => {
    const u = (x - ex) / erx;
    const v = (y - ey) / ery;
    const z = Math.sqrt(Math.max(0, 1 - u * u - v * v)) + 0.45 * bell(x, y, c.nose.x, c.nose.y, 34) + depth;
    let X = x;
    let Y = y;
    if (jaw > 0) {
      const k = smooth((y - jawTop) / (chin - jawTop));
      Y += jaw * p.jaw * 25 * k;
      X += jaw * (ex - 14 - x) * (p.jaw * 0.045 + p.round * 0.03) * smooth((y - jawTop + 30) / 60) * (1 - 0.5 * k);
      X += jaw * Math.sign(x - ex) * cheek * bell(0, y, 0, jawTop + 12, 45) * smooth(Math.abs(u) - 0.2);
      if (lift > 0) Y -= jaw * lift * bell(Math.abs(x - ex), y, 78, jawTop - 12, 44);
    }
    return [X + yaw * z, Y + pitch * z];
  };
}

/** What every part of the face needs to be drawn. */
export interface Context {
  readonly c: Character;
  readonly p: Pose;
  readonly warp: Warp;
  /** Document-wide id of a local name, and a reference to it. */
  readonly id: (name: string) => string;
  readonly url: (name: string) => string;
}

export function warpAll(warp: Warp, pts: Points, depth = 0, jaw = 1): Point[] {
  return pts.map((q) => {
    const [x, y] = warp(q[0], q[1], depth, jaw);
    return [x, y, q[2] ?? 0];
  });
}

/** A plane or blade that rides on the face. */
export function planeNode(warp: Warp, s: Plane, depth = 0, jaw = 1): Node {
  const pts = warpAll(warp, s.p, depth, jaw);
  return s.w ? path(taper(pts, s.w), s.f, s.o === undefined ? undefined : round2(s.o)) : path(spline(pts), s.f, s.o);
}

export const planeNodes = (warp: Warp, list: readonly Plane[], depth = 0, jaw = 1): Node[] =>
  list.map((s) => planeNode(warp, s, depth, jaw));

/** A plane or blade that does not bend: hair, clothes. */
export const stillNode = (s: Plane): Node => path(s.w ? taper(s.p, s.w) : spline(s.p), s.f, s.o);
