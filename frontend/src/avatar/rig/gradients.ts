/** Gradients of a character and of the mouth, as nodes. */
import type { Character, Gradient } from './character';
import { leaf, type Node } from './nodes';

function gradientNode(g: Gradient, uid: string): Node {
  const stops = g.stops.map(([offset, colour, opacity]) =>
    leaf('stop', { offset, 'stop-color': colour, ...(opacity !== undefined && { 'stop-opacity': opacity }) }),
  );
  return {
    tag: g.kind === 'linear' ? 'linearGradient' : 'radialGradient',
    attrs: { id: uid + g.id, ...g.at },
    kids: stops,
  };
}

const DOWN = { x1: 0, y1: 0, x2: 0, y2: 1 };

export function defsNode(c: Character, uid: string): Node {
  const own: Gradient[] = [
    { id: 'gCav', kind: 'linear', at: DOWN, stops: [[0, '#2b0d0e'], [0.55, '#4a1917'], [1, '#6d2a26']] },
    { id: 'gTeeth', kind: 'linear', at: DOWN, stops: [[0, c.teeth.hi], [0.7, c.teeth.hi], [1, c.teeth.edge]] },
  ]; // prettier-ignore
  return { tag: 'defs', attrs: {}, kids: [...own, ...c.gradients].map((g) => gradientNode(g, uid)) };
}

/** url(#@name) in a character's fills means the gradient of this instance. */
export const resolve = (value: string | number, uid: string): string => String(value).replace('url(#@', `url(#${uid}`);
