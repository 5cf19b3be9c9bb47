/**
 * What a character is: points and colours, no code. Authored on an 800 x 800 sheet, light from the upper left,
 * the face turned about 8 degrees to picture left. Fills may name one of the character's gradients as url(#@name);
 * @ becomes the instance's prefix.
 */
import type { Pose } from '../types';
import type { Point } from './geometry';

export type Points = readonly Point[];

/** A plane or a blade of colour. Short keys: there are hundreds. */
export interface Plane {
  /** Outline; with w, the centre line of a blade. */
  readonly p: Points;
  /** Half widths, one a point. */
  readonly w?: readonly number[];
  /** Fill. */
  readonly f: string;
  /** Opacity. */
  readonly o?: number;
}

/** A piece of the glasses: ready path, filled or stroked; the only strokes of constant width in the picture. */
export interface Wire {
  readonly d: string;
  readonly f?: string;
  readonly s?: string;
  readonly sw?: number;
  readonly o?: number;
}

/** A plane on the neck; `follow`: cast by the head, moves with it and with the jaw. */
export interface NeckPlane extends Plane {
  readonly follow?: boolean;
}

/** One bristle: root, direction in radians, length, half width. */
export type Bristle = readonly [x: number, y: number, angle: number, length: number, halfWidth: number];

export interface Gradient {
  readonly id: string;
  readonly kind: 'linear' | 'radial';
  readonly at: Readonly<Record<string, number>>;
  readonly stops: readonly (readonly [offset: number, colour: string, opacity?: number])[];
}

export interface EyeSpec {
  /** -1 is picture left. */
  readonly side: -1 | 1;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  /** Height of the upper and lower lid over and under the centre. */
  readonly up: number;
  readonly lo: number;
  readonly tilt: number;
  /** Iris radius and offset. */
  readonly r: number;
  readonly cx: number;
  readonly cy: number;
  readonly lash: number;
  readonly wing: number;
  readonly crease: number;
  /** Strength of the line under the eye. */
  readonly bag: number;
}

export interface BrowSpec {
  readonly side: -1 | 1;
  readonly p: Points;
  readonly w: readonly number[];
}

export interface Character {
  readonly name: string;
  /** Resting offset, added to every pose: a small tilt is the cheapest warmth. */
  readonly rest: Partial<Pose>;
  /** The head turns and tilts about this point. */
  readonly pivot: Point;
  readonly skin: {
    readonly base: string; readonly light: string; readonly shade: string; readonly deep: string; readonly neck: string;
    readonly lid: string; readonly crease: string; readonly lowLid: string; readonly sclera: string; readonly eyeShade: string; readonly caruncle: string;
  }; // prettier-ignore
  readonly teeth: {
    readonly hi: string;
    readonly edge: string;
    readonly low: string;
    readonly tongue: string;
    readonly tongueHi: string;
  };
  readonly lip: {
    readonly upper: string;
    readonly upperHi: string;
    readonly lower: string;
    readonly hi: string;
    readonly line: string;
  };
  readonly iris: { readonly ring: string; readonly base: string; readonly light: string; readonly pupil: string };
  readonly lashColor: string;
  readonly face: {
    /** Ellipsoid that gives depth: centre x, y and radii. */
    readonly ball: readonly [number, number, number, number];
    readonly jawTop: number;
    readonly chin: number;
    readonly p: Points;
  };
  /** x, y, how far the point follows the head 0..1, corner. */
  readonly neck: readonly (readonly [x: number, y: number, follow: number, corner?: 0 | 1])[];
  readonly neckShade: readonly NeckPlane[];
  readonly shade: readonly Plane[];
  readonly hairCast: readonly Plane[];
  readonly blush: readonly Plane[];
  readonly socket: readonly Plane[];
  readonly nose: {
    readonly x: number;
    readonly y: number;
    readonly wl: number;
    readonly wr: number;
    readonly base: number;
    readonly shapes: readonly Plane[];
  };
  readonly mouth: {
    readonly x: number; readonly y: number;
    /** Half width; factors of the left and right half. */
    readonly w: number; readonly kL: number; readonly kR: number;
    /** Height of the upper and lower lip, depth of the bow, resting height of the corners. */
    readonly up: number; readonly lo: number; readonly bow: number; readonly corner: number;
    readonly slant: number; readonly noseGap: number;
  }; // prettier-ignore
  /** Strength of the smile folds at rest. */
  readonly foldBase: number;
  readonly eyeL: EyeSpec;
  readonly eyeR: EyeSpec;
  readonly brow: { readonly fill: string; readonly dark: string; readonly L: BrowSpec; readonly R: BrowSpec };
  readonly ears: readonly Plane[];
  readonly beard?: readonly Plane[];
  readonly stubble?: readonly { readonly p: readonly Bristle[]; readonly f: string; readonly o: number }[];
  readonly glassShadow?: readonly Plane[];
  readonly glasses?: readonly Wire[];
  readonly hair: { readonly back: readonly Plane[]; readonly front: readonly Plane[] };
  /** Collar behind the neck, skin of the chest, clothes. */
  readonly bodyBack: readonly Plane[];
  readonly chest: readonly Plane[];
  readonly body: readonly Plane[];
  readonly gradients: readonly Gradient[];
}
