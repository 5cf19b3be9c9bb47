/** The drawn picture as data: a small tree that can be patched into a document or printed. */

export type Attr = string | number;
export type Attrs = Readonly<Record<string, Attr>>;
export interface Node {
  readonly tag: string;
  readonly attrs: Attrs;
  readonly kids: readonly Node[];
}

const NO_KIDS: readonly Node[] = [];
const NO_ATTRS: Attrs = {};

/** A filled path. */
export const path = (d: string, fill: string, opacity?: number): Node => ({
  tag: 'path',
  attrs: opacity === undefined ? { d, fill } : { d, fill, opacity },
  kids: NO_KIDS,
});
export const circle = (cx: number, cy: number, r: number, fill: string, opacity?: number): Node => ({
  tag: 'circle',
  attrs: opacity === undefined ? { cx, cy, r, fill } : { cx, cy, r, fill, opacity },
  kids: NO_KIDS,
});
export const leaf = (tag: string, attrs: Attrs): Node => ({ tag, attrs, kids: NO_KIDS });
export const group = (kids: readonly Node[], attrs: Attrs = NO_ATTRS): Node => ({ tag: 'g', attrs, kids });
export const clip = (id: string, d: string): Node => ({
  tag: 'clipPath',
  attrs: { id },
  kids: [{ tag: 'path', attrs: { d }, kids: NO_KIDS }],
});
