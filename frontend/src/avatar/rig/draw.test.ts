import { describe, expect, it } from 'vitest';
import { AVATAR_IDS } from '../avatarCatalog';
import { CHARACTERS } from '../characters';
import { between, seeded } from '../random';
import { REST, type Pose } from '../types';
import { VISEMES, CHANNELS, type Viseme } from '../visemes';
import { draw, type Layer } from './draw';
import { FRAME, VIEW } from './frame';
import { spline, taper, type Point } from './geometry';
import type { Node } from './nodes';
import { nodeText, stillSvg } from './still';

const walk = (n: Node): Node[] => [n, ...n.kids.flatMap(walk)];
const all = (layers: readonly Layer[]): Node[] => layers.flatMap((l) => l.nodes.flatMap(walk));

function randomPose(seed: number): Pose {
  const random = seeded(seed);
  const pose = { ...REST };
  for (const k of Object.keys(pose) as (keyof Pose)[]) pose[k] = between(random, -1, 1);
  return pose;
}

describe.each(AVATAR_IDS)('%s', (id) => {
  const c = CHARACTERS[id];

  it('is drawn without a single broken number in any pose', () => {
    for (let seed = 0; seed < 60; seed++) {
      const text = stillSvg(c, randomPose(seed));
      expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
    }
  });

  it('is a pure function of the pose', () => {
    const pose = randomPose(3);
    const first = stillSvg(c, pose);
    stillSvg(c, randomPose(4));
    expect(stillSvg(c, pose)).toBe(first);
  });

  it('has the same form for every pose, so that it can be patched', () => {
    const form = (layers: readonly Layer[]): string[] => all(layers).map((n) => n.tag);
    const rest = form(draw(c, REST));
    for (let seed = 0; seed < 20; seed++) expect(form(draw(c, randomPose(seed)))).toEqual(rest);
  });

  it('keeps the nodes of still layers from frame to frame', () => {
    const a = draw(c, REST);
    const b = draw(c, randomPose(1));
    for (const name of ['collar', 'hairFront', 'body']) {
      const of = (ls: readonly Layer[]) => ls.find((l) => l.name === name)?.nodes;
      expect(of(a)).toBeDefined();
      expect(of(a)).toBe(of(b));
    }
  });

  it('gives every id its own prefix and refers to ids it has', () => {
    const text = stillSvg(c, REST, 'zz-');
    const ids = new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), (m) => m[1]));
    expect(ids.size).toBeGreaterThan(5);
    for (const i of ids) expect(i).toMatch(/^zz-/);
    for (const m of text.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(m[1]);
  });

  it('draws every viseme differently', () => {
    const seen = new Map<string, string>();
    for (const [name, v] of Object.entries(VISEMES) as [Viseme, (typeof VISEMES)[Viseme]][]) {
      const pose = { ...REST, press: name === 'PP' ? 1 : 0 };
      CHANNELS.forEach((k, i) => (pose[k] = v.shape[i] ?? 0));
      const picture = stillSvg(c, pose);
      expect(seen.get(picture)).toBeUndefined();
      seen.set(picture, name);
    }
  });

  it('stands in the frame: head in the middle and under the top edge, body past the bottom', () => {
    const box = (name: string) => draw(c, REST).find((l) => l.name === name)?.box ?? [0, 0, 0, 0];
    const scale = FRAME.width / VIEW[2];
    const [hx, hy, hw] = box('hairFront');
    expect((hx + hw / 2 - VIEW[0]) * scale).toBeGreaterThan(285);
    expect((hx + hw / 2 - VIEW[0]) * scale).toBeLessThan(315);
    expect((hy - VIEW[1]) * scale).toBeGreaterThan(8);
    const [bx, by, bw, bh] = box('body');
    expect(by + bh).toBeGreaterThan(VIEW[1] + VIEW[3]);
    expect(bx).toBeGreaterThan(VIEW[0]);
    expect(bx + bw).toBeLessThan(VIEW[0] + VIEW[2]);
    expect(VIEW[3] / VIEW[2]).toBeCloseTo(632 / 600);
  });
});

describe('geometry', () => {
  const square: Point[] = [[0, 0], [10, 0], [10, 10], [0, 10]]; // prettier-ignore

  it('goes through its points and closes', () => {
    const d = spline(square);
    expect(d).toMatch(/^M0 0C/);
    expect(d).toMatch(/Z$/);
    for (const [x, y] of square) expect(d).toContain(`${x} ${y}`);
  });

  it('bulges where there is no corner and not between corners', () => {
    const corners = square.map((p): Point => [p[0], p[1], 1]);
    const straight = spline(corners);
    expect(straight).not.toBe(spline(square));
    expect(/-\d/.exec(straight)).toBeNull();
  });

  it('makes a blade as wide as asked', () => {
    const d = taper([[0, 0], [10, 0], [20, 0]], [0.2, 3, 0.2]); // prettier-ignore
    expect(d).toContain('10 3');
    expect(d).toContain('10 -3');
  });

  it('prints nodes with resolved references', () => {
    expect(nodeText({ tag: 'path', attrs: { fill: 'url(#@g)' }, kids: [] }, 'x-')).toBe(
      '<path fill="url(#x-g)"></path>',
    );
  });
});
