/**
 * The avatar in a page: joins speech, behaviour and drawing in one animation loop. Free of frameworks.
 */
import type { AvatarId } from './avatarCatalog';
import { Behaviour, type BehaviourInput } from './behaviour';
import { CHARACTERS } from './characters';
import { FramePacer } from './pacer';
import { FRAME } from './rig/frame';
import { mount } from './rig/mount';
import { beatAt, buildTrack, LOOK_AHEAD, poseAt, type SpeechTrack } from './timing';
import {
  MOUTH_REST,
  mouthOpening,
  REST,
  type AvatarState,
  type MouthPose,
  type PhonemeEvent,
  type Pose,
} from './types';

export interface AvatarOptions {
  readonly character: AvatarId;
  /** Accessible name: who this is and what they do. */
  readonly label: string;
  /** Same seed, same blinks. */
  readonly seed?: number;
  /** Stop everything but the mouth. Default: what the system asks for, followed when it changes. */
  readonly reducedMotion?: boolean;
  /** Write the mouth into data attributes each frame, for tests that watch it from outside. */
  readonly probe?: boolean;
}

export interface Speech {
  readonly phonemes: readonly PhonemeEvent[];
  /** Seconds into the utterance as heard, from the audio clock (createSpeechClock); negative before it begins. */
  readonly now: () => number;
}

export interface AvatarController {
  setState(state: AvatarState): void;
  setLabel(label: string): void;
  /** The candidate's voice is sounding or not (voice activity, nothing more): nods wait for their pauses. */
  setCandidateVoice(active: boolean): void;
  /** Starts lip movement for one utterance; replaces what was being spoken. Ends by itself. With the same clock again,
   * what is being spoken is known further. */
  speak(speech: Speech): void;
  /** Closes the mouth at once: the sound was stopped. */
  stopSpeaking(): void;
  /** Holds the picture still, but for the mouth. */
  setFrozen(frozen: boolean): void;
  /** Copy of the pose last drawn, before the character's own resting offset. */
  pose(): Pose;
  destroy(): void;
}

const MOUTH_KEYS = Object.keys(MOUTH_REST) as (keyof MouthPose)[];
/** A broken-off or replaced utterance gives way in this many seconds. */
const HAND_OVER = 0.12;
/** After the last sound the mouth needs this long to come to rest. */
const TAIL = 0.6;
/** How fast the mood's own mouth comes and goes around speech, 1/s. */
const QUIET_RATE = 10;

const REDUCED = '(prefers-reduced-motion: reduce)';
let instances = 0;

/** Null where there is no such thing (tests without a layout engine). */
function reducedMotionQuery(): MediaQueryList | null {
  const query = (window as Partial<Pick<Window, 'matchMedia'>>).matchMedia;
  return query ? query.call(window, REDUCED) : null;
}

/** Names the picture and keeps it at the frame's proportions, at the bottom of whatever box the page gives. */
function frameElements(label: string): { image: HTMLElement; frame: HTMLElement } {
  const image = document.createElement('div');
  image.setAttribute('role', 'img');
  image.setAttribute('aria-label', label);
  Object.assign(image.style, {
    width: '100%',
    height: '100%',
    display: 'grid',
    placeItems: 'end center',
    containerType: 'size',
  });
  const frame = document.createElement('div');
  frame.style.width = '100%'; // browsers without container units
  frame.style.width = `min(100cqw, 100cqh * ${FRAME.width} / ${FRAME.height})`;
  Object.assign(frame.style, {
    aspectRatio: `${FRAME.width} / ${FRAME.height}`,
    position: 'relative',
    contain: 'layout style',
  });
  image.appendChild(frame);
  return { image, frame };
}

class Controller implements AvatarController {
  private readonly image: HTMLElement;
  private readonly show: (pose: Pose) => void;
  private readonly behaviour: Behaviour;
  private readonly pacer = new FramePacer();
  private readonly probe: boolean;
  private readonly motion: MediaQueryList | null;

  private state: AvatarState = 'idle';
  private candidateVoice = false;
  private frozen = false;
  private reduced: boolean;
  private speech: { readonly track: SpeechTrack; readonly now: () => number } | null = null;
  /** Mouth to blend away from, and since when (s). */
  private readonly old: MouthPose = { ...MOUTH_REST };
  private handOverFrom: number | null = null;
  private readonly mouth: MouthPose = { ...MOUTH_REST };
  private readonly drawn: Pose = { ...REST };
  private readonly input: { -readonly [K in keyof BehaviourInput]: BehaviourInput[K] } = {
    state: 'idle',
    candidateVoice: false,
    speechIn: Infinity,
    beat: 0,
    jaw: 0,
  };
  private quiet = 1;
  private lastTime: number | null = null;
  private frameRequest: number | null = null;
  private destroyed = false;

  constructor(container: HTMLElement, options: AvatarOptions) {
    const { image, frame } = frameElements(options.label);
    this.image = image;
    container.appendChild(image);
    this.show = mount(frame, CHARACTERS[options.character], `av${++instances}-`);
    this.behaviour = new Behaviour(options.seed ?? instances);
    this.probe = options.probe ?? false;
    this.motion = options.reducedMotion === undefined ? reducedMotionQuery() : null;
    this.reduced = options.reducedMotion ?? this.motion?.matches ?? false;
    this.motion?.addEventListener('change', this.onMotionChange);
    document.addEventListener('visibilitychange', this.onVisibility);
    this.draw(performance.now() / 1000);
    this.wake();
  }

  setState(state: AvatarState): void {
    this.state = state;
    this.wake();
  }

  setLabel(label: string): void {
    this.image.setAttribute('aria-label', label);
  }

  setCandidateVoice(active: boolean): void {
    this.candidateVoice = active;
  }

  speak(speech: Speech): void {
    if (this.speech?.now !== speech.now) this.handOver();
    this.speech = { track: buildTrack(speech.phonemes), now: speech.now };
    this.wake();
  }

  stopSpeaking(): void {
    if (!this.speech) return;
    this.handOver();
    this.speech = null;
    this.wake();
  }

  setFrozen(frozen: boolean): void {
    this.frozen = frozen;
    this.wake();
  }

  pose(): Pose {
    return { ...this.drawn };
  }

  destroy(): void {
    this.destroyed = true;
    if (this.frameRequest !== null) cancelAnimationFrame(this.frameRequest);
    this.frameRequest = null;
    this.motion?.removeEventListener('change', this.onMotionChange);
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.image.remove();
  }

  // ---------- loop ----------

  private readonly onMotionChange = (e: MediaQueryListEvent): void => {
    this.reduced = e.matches;
    this.wake();
  };

  private readonly onVisibility = (): void => {
    if (document.hidden && this.frameRequest !== null) {
      cancelAnimationFrame(this.frameRequest);
      this.frameRequest = null;
    } else {
      this.wake();
    }
  };

  private wake(): void {
    if (this.destroyed || this.frameRequest !== null || document.hidden) return;
    this.frameRequest = requestAnimationFrame(this.onFrame);
  }

  private readonly onFrame = (now: number): void => {
    this.frameRequest = null;
    if (this.pacer.due(now)) this.draw(now / 1000);
    // a still picture with a closed mouth needs no frames until something is asked of it
    const resting = this.still() && this.speech === null && this.handOverFrom === null && this.quiet > 0.99;
    if (!resting) this.wake();
  };

  private still(): boolean {
    return this.frozen || this.reduced;
  }

  // ---------- one frame ----------

  private draw(t: number): void {
    const dt = this.lastTime === null ? 0 : Math.min(0.1, Math.max(0, t - this.lastTime));
    this.lastTime = t;
    const heard = this.moveMouth(t);
    this.moveFace(t, heard);
    this.addMood(dt);
    this.show(this.drawn);
    if (this.probe) this.report(heard);
  }

  /** Speech and hand-over into this.mouth; returns the moment of the utterance being heard, or null. */
  private moveMouth(t: number): number | null {
    let heard = this.speech ? this.speech.now() : null;
    if (this.speech && heard !== null && heard > this.speech.track.end + TAIL) {
      this.speech = null;
      heard = null;
    }
    if (this.speech && heard !== null) poseAt(this.speech.track, heard + LOOK_AHEAD, this.mouth);
    else Object.assign(this.mouth, MOUTH_REST);
    if (this.handOverFrom !== null) {
      const k = (t - this.handOverFrom) / HAND_OVER;
      if (k >= 1) this.handOverFrom = null;
      else for (const c of MOUTH_KEYS) this.mouth[c] += (this.old[c] - this.mouth[c]) * (1 - Math.max(0, k));
    }
    return heard;
  }

  private handOver(): void {
    Object.assign(this.old, this.mouth);
    this.handOverFrom = performance.now() / 1000;
  }

  private moveFace(t: number, heard: number | null): void {
    if (this.still()) {
      Object.assign(this.drawn, REST);
      return;
    }
    const { input } = this;
    const track = this.speech?.track;
    input.state = this.state;
    input.candidateVoice = this.candidateVoice;
    input.speechIn = track && heard !== null && heard < track.end ? track.start - heard : Infinity;
    input.beat = track && heard !== null ? beatAt(track, heard + LOOK_AHEAD) : 0;
    input.jaw = this.mouth.jaw;
    this.behaviour.update(t, input, this.drawn);
  }

  /** drawn holds the mood's mouth; speech takes over from it and gives it back. */
  private addMood(dt: number): void {
    const target = this.speech ? 0 : 1;
    this.quiet = this.still() ? target : this.quiet + (target - this.quiet) * (1 - Math.exp(-dt * QUIET_RATE));
    for (const c of MOUTH_KEYS) this.drawn[c] = this.drawn[c] * this.quiet + this.mouth[c];
    this.drawn.press = Math.min(1, this.drawn.press);
  }

  private report(heard: number | null): void {
    const d = this.image.dataset;
    d.visemeOpen = mouthOpening(this.drawn).toFixed(2);
    d.visemePress = this.drawn.press.toFixed(2);
    d.speechTime = heard === null ? '' : heard.toFixed(3);
    d.state = this.state;
  }
}

/** Fills `container` (whose size the page decides) with a living interviewer. */
export function createAvatar(container: HTMLElement, options: AvatarOptions): AvatarController {
  return new Controller(container, options);
}
