/**
 * Puts a character into the page as stacked SVGs, one a layer, each cropped to its box: still layers move by CSS
 * transform alone, so only neck and face are drawn anew each frame (twice the frame rate of one big SVG).
 */
import type { Pose } from '../types';
import type { Character } from './character';
import { draw, type Box, type Layer, type Motion } from './draw';
import { VIEW } from './frame';
import { at } from './geometry';
import { defsNode, resolve } from './gradients';
import { group, type Node } from './nodes';

const NS = 'http://www.w3.org/2000/svg';
const percent = (v: number): string => `${String(Math.round(v * 1e4) / 100)}%`;
/** The torso rises this much at most. */
const MARGIN = 8;

/** A document element with its children, so that patching never searches. */
interface Live {
  readonly el: SVGElement;
  readonly kids: readonly Live[];
}

function create(n: Node, uid: string): Live {
  const el = document.createElementNS(NS, n.tag);
  for (const [k, v] of Object.entries(n.attrs)) el.setAttribute(k, resolve(v, uid));
  const kids = n.kids.map((k) => create(k, uid));
  for (const k of kids) el.appendChild(k.el);
  return { el, kids };
}

/** Sets what changed. Trees of one character have the same form for every pose. */
function patch(live: Live, before: Node, after: Node): void {
  if (before === after) return;
  if (before.attrs !== after.attrs) {
    for (const k in after.attrs) {
      const v = after.attrs[k];
      if (v !== undefined && v !== before.attrs[k]) live.el.setAttribute(k, String(v));
    }
  }
  patchAll(live.kids, before.kids, after.kids);
}

function patchAll(live: readonly Live[], before: readonly Node[], after: readonly Node[]): void {
  if (before === after) return;
  for (let i = 0; i < after.length; i++) patch(at(live, i), at(before, i), at(after, i));
}

interface Sheet {
  readonly svg: SVGSVGElement;
  readonly root: Live;
  readonly box: Box;
  transform: string;
}

/** Nothing under the view is seen: shorter layers are cheaper to keep. */
function cropped([x, y, w, h]: Box): Box {
  return [x, y, w, Math.min(h, VIEW[1] + VIEW[3] + MARGIN - y)];
}

function sheetOf(c: Character, layer: Layer, host: HTMLElement, uid: string, first: boolean): Sheet {
  const svg = document.createElementNS(NS, 'svg');
  if (first) svg.appendChild(create(defsNode(c, uid), uid).el);
  const root = create(group(layer.nodes), uid);
  svg.appendChild(root.el);
  host.appendChild(svg);
  const box = cropped(layer.box);
  const [vx, vy, vw, vh] = VIEW;
  svg.setAttribute('viewBox', box.join(' '));
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  Object.assign(svg.style, {
    position: 'absolute',
    display: 'block',
    overflow: 'hidden',
    maxWidth: 'none',
    left: percent((box[0] - vx) / vw),
    top: percent((box[1] - vy) / vh),
    width: percent(box[2] / vw),
    height: percent(box[3] / vh),
    willChange: 'transform',
    transformOrigin: `${percent((c.pivot[0] - box[0]) / box[2])} ${percent((c.pivot[1] - box[1]) / box[3])}`,
  });
  return { svg, root, box, transform: '' };
}

function place(s: Sheet, m: Motion): void {
  const shift = (x: number, y: number): string => `translate(${percent(x / s.box[2])},${percent(y / s.box[3])})`;
  let t = shift(m.x, m.y);
  if (m.r !== 0 || m.x2 !== 0 || m.y2 !== 0)
    t += ` rotate(${String(Math.round(m.r * 100) / 100)}deg) ${shift(m.x2, m.y2)}`;
  if (t !== s.transform) s.svg.style.transform = s.transform = t;
}

/**
 * Fills `host` (sized by its owner, at the frame's aspect ratio) and returns the function that shows a pose. uid must be
 * unique in the document.
 */
export function mount(host: HTMLElement, c: Character, uid: string): (pose: Pose) => void {
  let before: Layer[] = [];
  let sheets: Sheet[] = [];
  return (pose) => {
    const layers = draw(c, pose, uid);
    if (sheets.length === 0) sheets = layers.map((l, i) => sheetOf(c, l, host, uid, i === 0));
    layers.forEach((l, i) => {
      const s = at(sheets, i);
      const old = before[i];
      if (old) patchAll(s.root.kids, old.nodes, l.nodes);
      place(s, l.motion);
    });
    before = layers;
  };
}
