/** What a face can do. Every renderer consumes one Pose a frame; nothing else reaches it. */

/** Articulation of the mouth. 0 is at rest; ranges are those of a full gesture. */
export interface MouthPose {
  /** Jaw drop, 0..1. */
  jaw: number;
  /** Corners: 1 spread, -1 narrow. */
  width: number;
  /** Pucker, 0..1. */
  round: number;
  /** Upper lip raise, 0..1. */
  upper: number;
  /** Lower lip: 1 dropped, -1 tucked under the upper teeth. */
  lower: number;
  /** How much of the upper teeth shows, 0..1. */
  teeth: number;
  /** Tongue towards the teeth, 0..1. */
  tongue: number;
  /** Lip press, 0..1; 1 is shut whatever the rest says. */
  press: number;
}

/** Everything of the face but speech. */
export interface FacePose {
  smile: number;
  /** Both brows up, 0..1. */
  brow: number;
  /** Inner brows up, 0..1. */
  browIn: number;
  /** One brow higher than the other, -1..1. */
  browTilt: number;
  frown: number;
  squint: number;
  /** Lids of the left and right eye of the picture: 0 open, 1 shut. */
  blinkL: number;
  blinkR: number;
  /** Eyes, -1..1: about 25 degrees sideways, 13 degrees up and down. */
  gazeX: number;
  gazeY: number;
  /** Head turn and nod, 1 is about 8 degrees. */
  yaw: number;
  pitch: number;
  /** Head tilt in degrees. */
  roll: number;
  /** Chest, -1..1. */
  breath: number;
}

export interface Pose extends MouthPose, FacePose {}

export const MOUTH_REST: Readonly<MouthPose> = {
  jaw: 0,
  width: 0,
  round: 0,
  upper: 0,
  lower: 0,
  teeth: 0,
  tongue: 0,
  press: 0,
};

export const FACE_REST: Readonly<FacePose> = {
  smile: 0.25,
  brow: 0,
  browIn: 0,
  browTilt: 0,
  frown: 0,
  squint: 0,
  blinkL: 0,
  blinkR: 0,
  gazeX: 0,
  gazeY: 0,
  yaw: 0,
  pitch: 0,
  roll: 0,
  breath: 0,
};

export const REST: Readonly<Pose> = { ...MOUTH_REST, ...FACE_REST };

/** What the interviewer is doing; the page decides, the behaviour plays it. */
export type AvatarState = 'idle' | 'listening' | 'thinking' | 'speaking' | 'smiling';

/** A sound with its times in seconds from the start of the utterance. */
export interface PhonemeEvent {
  readonly phoneme: string;
  readonly start: number;
  readonly end: number;
}

/** How far the lips are apart, about 0..1: what a test or a probe watches. */
export function mouthOpening(p: MouthPose): number {
  const tuck = Math.min(1, Math.max(0, -p.lower) / 0.7);
  const gap = p.jaw * 0.9 + Math.max(0, p.lower) * 0.15 + p.upper * 0.1;
  return Math.max(0, gap * (1 - p.press) * (1 - 0.75 * tuck));
}
