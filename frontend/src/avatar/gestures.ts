/** The timed gestures of the behaviour, each a small machine with the clock handed in. */
import { between, logNormal, type Random } from './random';
import type { AvatarState } from './types';

// ---------- blinking ----------

/** Seconds: never over 0.3 in all, since long blinks make people cut their answers short. */
const BLINK_CLOSE = 0.07;
const BLINK_HOLD = 0.04;
const BLINK_OPEN = 0.14;
export const BLINK_LENGTH = BLINK_CLOSE + BLINK_HOLD + BLINK_OPEN;
/** Blinks a minute, doubles counted twice. */
const RATE_SPEAKING = 20;
const RATE_LISTENING = 15.5;
const DOUBLE_SHARE = 0.15;
/** Spread of the logarithm of the intervals. */
const BLINK_SIGMA = 0.55;
const DOUBLE_GAP = 0.12;

/** 0 open .. 1 shut at time d of a blink. */
export function blinkCurve(d: number): number {
  if (d <= 0 || d >= BLINK_LENGTH) return 0;
  if (d < BLINK_CLOSE) return d / BLINK_CLOSE;
  return d < BLINK_CLOSE + BLINK_HOLD ? 1 : (BLINK_LENGTH - d) / BLINK_OPEN;
}

export class Blinker {
  private readonly random: Random;
  private start: number | null = null;
  private second = false;

  constructor(random: Random) {
    this.random = random;
  }

  update(t: number, speaking: boolean): number {
    this.start ??= t + between(this.random, 0.6, 2.5);
    while (t >= this.start + BLINK_LENGTH) this.start += BLINK_LENGTH + this.pause(speaking);
    return blinkCurve(t - this.start);
  }

  /** Open time until the next blink. */
  private pause(speaking: boolean): number {
    if (!this.second && this.random() < DOUBLE_SHARE) {
      this.second = true;
      return DOUBLE_GAP;
    }
    this.second = false;
    const mean =
      (60 / (speaking ? RATE_SPEAKING : RATE_LISTENING)) * (1 + DOUBLE_SHARE) - BLINK_LENGTH * (1 + DOUBLE_SHARE);
    return Math.max(0.5, logNormal(this.random, mean, BLINK_SIGMA));
  }
}

// ---------- looking ----------

/** Pose units for a degree of eye rotation. */
const X_PER_DEGREE = 1 / 25;
const Y_PER_DEGREE = 1 / 13;
/** Mean seconds of contact and of looking away: 2 of 5 while speaking, 1 of 7 while listening. */
const CONTACT = { speaking: 3, listening: 6, thinking: 0.9 } as const;
const AWAY = { speaking: 2, listening: 1, thinking: 1.5 } as const;
/** Back with the candidate this long before the first sound (at least 200 ms, and time for the eyes to travel). */
const BACK_BEFORE_SPEECH = 0.35;
/** Eyes jump: most of the way in 40 ms. */
const SACCADE_RATE = 45;

type GazeMode = keyof typeof CONTACT;
const modeOf = (state: AvatarState): GazeMode => (state === 'speaking' || state === 'thinking' ? state : 'listening');

export class Gazer {
  private readonly random: Random;
  private mode: GazeMode | null = null;
  private away = false;
  private until = 0;
  private drift = 0;
  private readonly target = { x: 0, y: 0 };
  private readonly eyes = { x: 0, y: 0 };

  constructor(random: Random) {
    this.random = random;
  }

  update(t: number, dt: number, state: AvatarState, speechIn: number): { readonly x: number; readonly y: number } {
    const mode = modeOf(state);
    // A greeting or farewell looks at the person, and so does the moment before speaking.
    const contact = state === 'smiling' || (speechIn > 0 && speechIn < BACK_BEFORE_SPEECH);
    if (contact) {
      if (this.away || this.mode !== mode) this.meet(t, mode);
    } else if (this.mode !== mode) {
      if (mode === 'thinking') this.lookAway(t, mode);
      else this.meet(t, mode);
    } else if (t >= this.until) {
      if (this.away) this.meet(t, mode);
      else this.lookAway(t, mode);
    } else if (!this.away && t >= this.drift) {
      this.wander(t);
    }
    this.mode = mode;
    const k = 1 - Math.exp(-dt * SACCADE_RATE);
    this.eyes.x += (this.target.x - this.eyes.x) * k;
    this.eyes.y += (this.target.y - this.eyes.y) * k;
    return this.eyes;
  }

  private meet(t: number, mode: GazeMode): void {
    this.away = false;
    this.until = t + CONTACT[mode] * between(this.random, 0.6, 1.4);
    this.wander(t);
  }

  /** Small movements about the candidate's face: a fixed stare is not contact. */
  private wander(t: number): void {
    this.drift = t + between(this.random, 0.6, 2);
    this.target.x = between(this.random, -1.4, 1.4) * X_PER_DEGREE;
    this.target.y = between(this.random, -0.8, 0.8) * Y_PER_DEGREE;
  }

  /** Four to eight degrees; up and to a side when thinking, a little down or aside otherwise. */
  private lookAway(t: number, mode: GazeMode): void {
    this.away = true;
    const side = this.random() < (mode === 'thinking' ? 0.7 : 0.5) ? -1 : 1;
    const degrees = mode === 'thinking' ? between(this.random, 6.5, 8) : between(this.random, 4, 7);
    const angle = mode === 'thinking' ? between(this.random, -0.9, -0.6) : between(this.random, -0.35, 0.6);
    this.target.x = side * Math.cos(angle) * degrees * X_PER_DEGREE;
    this.target.y = Math.sin(angle) * degrees * Y_PER_DEGREE;
    this.until = t + AWAY[mode] * between(this.random, 0.67, 1.33);
  }
}

// ---------- nodding ----------

const NOD_CYCLE = 0.4;
/** Pitch of the first, second and third cycle in degrees; a unit of pitch is eight. */
const NOD_DEGREES = [3.5, 2.4, 1.2] as const;
const DEGREES_PER_UNIT = 8;
/** Speech this long earns a nod, this far into the pause, this long after the last nod. */
const NOD_AFTER_SPEECH = 2.5;
const NOD_DELAY = [0.25, 0.6] as const;
const NOD_APART = 5;
/** A longer silence ends the stretch of speech that is counted. */
const LONG_PAUSE = 1.5;
/** A longer step is a hidden page or a held picture, not speech. */
const MAX_STEP = 0.1;

export class Nodder {
  private readonly random: Random;
  /** Accumulated speech since the last long pause. */
  private spoken = 0;
  private last: number | null = null;
  private silentSince: number | null = null;
  private due: number | null = null;
  private start: number | null = null;
  private ended = -Infinity;
  private cycles = 1;

  constructor(random: Random) {
    this.random = random;
  }

  /** Pitch offset at t: positive is down. */
  update(t: number, listening: boolean, voice: boolean): number {
    const dt = this.last === null ? 0 : Math.min(MAX_STEP, Math.max(0, t - this.last));
    this.last = t;
    if (!listening) this.forget();
    else if (voice) this.hear(t, dt);
    else this.wait(t);
    return this.curve(t);
  }

  private forget(): void {
    this.spoken = 0;
    this.silentSince = null;
    this.due = null;
  }

  private hear(t: number, dt: number): void {
    if (this.silentSince !== null && t - this.silentSince > LONG_PAUSE) this.spoken = 0;
    this.silentSince = null;
    this.due = null; // they went on: no nod into their words
    this.spoken += dt;
  }

  private wait(t: number): void {
    if (this.silentSince === null) {
      this.silentSince = t;
      if (this.spoken >= NOD_AFTER_SPEECH && t - this.ended >= NOD_APART) {
        this.due = t + between(this.random, NOD_DELAY[0], NOD_DELAY[1]);
      }
    }
    if (this.due !== null && t >= this.due) {
      this.start = this.due;
      this.cycles = 1 + Math.floor(this.random() * NOD_DEGREES.length);
      this.ended = this.start + this.cycles * NOD_CYCLE;
      this.due = null;
      this.spoken = 0;
    }
  }

  private curve(t: number): number {
    if (this.start === null) return 0;
    const d = t - this.start;
    const cycle = Math.floor(d / NOD_CYCLE);
    if (d < 0 || cycle >= this.cycles) return 0;
    const phase = d / NOD_CYCLE - cycle;
    return (((NOD_DEGREES[cycle] ?? 0) / DEGREES_PER_UNIT) * (1 - Math.cos(2 * Math.PI * phase))) / 2;
  }
}
