/** One pose as SVG text: contact sheets, previews, tests. */
import type { Pose } from '../types';
import type { Character } from './character';
import { draw, motionAttribute, type Box } from './draw';
import { VIEW } from './frame';
import { defsNode, resolve } from './gradients';
import { group, type Node } from './nodes';

export function nodeText(n: Node, uid: string): string {
  const attrs = Object.entries(n.attrs).map(([k, v]) => ` ${k}="${resolve(v, uid)}"`);
  return `<${n.tag}${attrs.join('')}>${n.kids.map((k) => nodeText(k, uid)).join('')}</${n.tag}>`;
}

/** Self-contained SVG text; `box` is the part of the sheet shown. */
export function stillSvg(c: Character, pose: Partial<Pose>, uid = 'a', box: Box = VIEW): string {
  const layers = draw(c, pose, uid).map((l) => group(l.nodes, { transform: motionAttribute(c, l.motion) }));
  const body = [defsNode(c, uid), ...layers].map((n) => nodeText(n, uid)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(' ')}">${body}</svg>`;
}
