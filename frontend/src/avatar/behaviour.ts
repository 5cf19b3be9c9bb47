/**
 * Everything the face does but speak: blinking, looking, nodding, breathing, and the expression of each state. Pure
 * given its seed and the times it is handed.
 *
 * Fairness: of the candidate it is told one thing, whether their voice is sounding. It cannot know what was said, so
 * nods and their small smile follow pauses only. Full smiles belong to greeting and farewell, set by the page.
 */
import { Blinker, Gazer, Nodder } from './gestures';
import { seeded } from './random';
import { FACE_REST, MOUTH_REST, type AvatarState, type MouthPose, type Pose } from './types';

/** What a state adds to the resting face; the mouth's part shows while it does not speak. */
type Expression = Readonly<Omit<Pose, 'blinkL' | 'blinkR' | 'gazeX' | 'gazeY' | 'breath'>>;
// prettier-ignore
const NEUTRAL: Expression = { ...MOUTH_REST, smile: 0, brow: 0, browIn: 0, browTilt: 0, frown: 0, squint: 0, yaw: 0, pitch: 0, roll: 0 };

const EXPRESSIONS: Readonly<Record<AvatarState, Expression>> = {
  idle: NEUTRAL,
  listening: { ...NEUTRAL, smile: 0.07, brow: 0.16, browIn: 0.16, roll: 2, pitch: 0.22 },
  thinking: {
    ...NEUTRAL,
    smile: -0.15,
    brow: 0.18,
    browTilt: 0.5,
    frown: 0.15,
    roll: -1.5,
    yaw: -0.3,
    width: -0.1,
    press: 0.2,
  },
  speaking: { ...NEUTRAL, brow: 0.05 },
  smiling: {
    ...NEUTRAL,
    smile: 0.6,
    brow: 0.2,
    squint: 0.15,
    jaw: 0.06,
    upper: 0.3,
    lower: 0.08,
    teeth: 0.7,
    width: 0.2,
  },
};
const KEYS = Object.keys(NEUTRAL) as (keyof Expression)[];
const MOUTH_KEYS = Object.keys(MOUTH_REST) as (keyof MouthPose)[];

/** Expressions ease with this rate, 1/s: two thirds of the way in 0.14 s. */
const EASE = 7;
const BREATH_HZ = 0.25;
/** Two degrees of idle yaw; a unit is about eight. */
const SWAY_YAW = 0.25;
const BEAT_BROW = 0.15;

export interface BehaviourInput {
  readonly state: AvatarState;
  /** The candidate's voice is sounding. Nothing else about them may ever be added here. */
  readonly candidateVoice: boolean;
  /** Seconds until the avatar's own sound begins; 0 or less while it sounds, Infinity when none is due. */
  readonly speechIn: number;
  /** Stressed vowel of the avatar's own speech, 0..1, and its jaw: the head goes along a little. */
  readonly beat: number;
  readonly jaw: number;
}

export class Behaviour {
  private readonly blinker: Blinker;
  private readonly gazer: Gazer;
  private readonly nodder: Nodder;
  private readonly phase: number;
  private readonly mood: { -readonly [K in keyof Expression]: number } = { ...NEUTRAL };
  private last: number | null = null;
  private sway = 0.45;

  constructor(seed: number) {
    const random = seeded(seed);
    this.phase = random() * 20;
    this.blinker = new Blinker(random);
    this.gazer = new Gazer(random);
    this.nodder = new Nodder(random);
  }

  /** The face, and the mouth at rest, at time t (seconds on any steady clock, not going back). Writes into out. */
  update(t: number, input: BehaviourInput, out: Pose): void {
    const dt = this.last === null ? 0 : Math.min(0.1, Math.max(0, t - this.last));
    this.ease(input.state, this.last === null ? 1 : 1 - Math.exp(-dt * EASE), dt);
    this.last = t;
    const speaking = input.speechIn <= 0;
    const nod = this.nodder.update(t, input.state === 'listening' && !speaking, input.candidateVoice);
    const gaze = this.gazer.update(t, dt, input.state, input.speechIn);
    const blink = this.blinker.update(t, speaking || input.state === 'speaking');
    this.compose(t, input, nod, gaze, blink, out);
  }

  private ease(state: AvatarState, k: number, dt: number): void {
    const target = EXPRESSIONS[state];
    for (const key of KEYS) this.mood[key] += (target[key] - this.mood[key]) * k;
    const sway = state === 'speaking' ? 1 : 0.45;
    this.sway += (sway - this.sway) * (1 - Math.exp(-dt * 2));
  }

  private compose(
    t: number,
    input: BehaviourInput,
    nod: number,
    gaze: { readonly x: number; readonly y: number },
    blink: number,
    out: Pose,
  ): void {
    const m = this.mood;
    const u = t + this.phase;
    const s = this.sway;
    out.smile = FACE_REST.smile + m.smile + 0.06 * Math.min(1, Math.abs(nod) * 3);
    out.brow = m.brow + BEAT_BROW * input.beat;
    out.browIn = m.browIn;
    out.browTilt = m.browTilt;
    out.frown = m.frown;
    out.squint = m.squint;
    out.blinkL = blink;
    out.blinkR = blink;
    out.gazeX = gaze.x;
    out.gazeY = gaze.y;
    out.yaw = m.yaw + gaze.x * 0.35 + s * SWAY_YAW * (0.64 * Math.sin(u * 0.9) + 0.36 * Math.sin(u * 2.3));
    out.pitch = m.pitch + gaze.y * 0.2 + nod + s * 0.15 * Math.sin(u * 1.3) + 0.18 * input.jaw + 0.1 * input.beat;
    out.roll = m.roll + s * 0.8 * Math.sin(u * 0.7);
    out.breath = Math.sin(u * 2 * Math.PI * BREATH_HZ);
    for (const k of MOUTH_KEYS) out[k] = m[k];
  }
}
