import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAvatar, type AvatarController, type AvatarOptions } from './controller';
import { mouthOpening, REST, type PhonemeEvent, type Pose } from './types';

const WORD: PhonemeEvent[] = [
  { phoneme: 'm', start: 0.2, end: 0.3 },
  { phoneme: 'ˈɑː', start: 0.3, end: 0.7 },
  { phoneme: 'm', start: 0.7, end: 0.8 },
];
const FACE = ['blinkL', 'gazeX', 'gazeY', 'yaw', 'pitch', 'roll', 'breath', 'brow', 'smile'] as const;

let host: HTMLElement;
let avatar: AvatarController | null = null;

function make(options: Partial<AvatarOptions> = {}): AvatarController {
  avatar = createAvatar(host, { character: 'daniel', label: 'Daniel, the AI interviewer', seed: 1, reducedMotion: false, ...options }); // prettier-ignore
  return avatar;
}
/** Plays frames for this long; the audio clock of a speech is the same fake time. */
const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);
function clockFromNow(lead = 0): () => number {
  const start = performance.now() / 1000 + lead;
  return () => performance.now() / 1000 - start;
}
const image = (): HTMLElement => {
  const e = host.querySelector<HTMLElement>('[role="img"]');
  if (!e) throw new Error('no picture');
  return e;
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'performance', 'setTimeout'] });
  host = document.createElement('div');
  document.body.appendChild(host);
});
afterEach(() => {
  avatar?.destroy();
  avatar = null;
  host.remove();
  vi.useRealTimers();
});

describe('the picture', () => {
  it('is one image with one name, which can change', () => {
    const a = make();
    expect(image().getAttribute('aria-label')).toBe('Daniel, the AI interviewer');
    expect(host.querySelectorAll('[role="img"]')).toHaveLength(1);
    for (const svg of host.querySelectorAll('svg')) expect(svg.getAttribute('aria-hidden')).toBe('true');
    a.setLabel('Daniel is listening');
    expect(image().getAttribute('aria-label')).toBe('Daniel is listening');
  });

  it('shares no id with a second one', () => {
    make();
    const second = createAvatar(host, { character: 'daniel', label: 'b', reducedMotion: true });
    const ids = Array.from(host.querySelectorAll('[id]'), (e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
    second.destroy();
  });

  it('leaves nothing behind', () => {
    const a = make();
    const removed = vi.spyOn(document, 'removeEventListener');
    pass(0.2);
    a.destroy();
    expect(removed).toHaveBeenCalledWith('visibilitychange', expect.any(Function));
    expect(host.childElementCount).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('redraws into the document', () => {
    const a = make();
    const before = host.innerHTML;
    a.speak({ phonemes: WORD, now: clockFromNow() });
    pass(0.5);
    expect(host.innerHTML).not.toBe(before);
  });
});

describe('speaking', () => {
  it('opens and closes the mouth in time with the sound', () => {
    const a = make();
    pass(1);
    a.speak({ phonemes: WORD, now: clockFromNow() });
    pass(0.25);
    expect(a.pose().press).toBeGreaterThan(0.95);
    pass(0.25);
    expect(mouthOpening(a.pose())).toBeGreaterThan(0.6);
    pass(0.25);
    expect(a.pose().press).toBeGreaterThan(0.95);
    pass(1.5);
    expect(mouthOpening(a.pose())).toBeLessThan(0.01);
  });

  it('waits for a sound that is not being heard yet', () => {
    const a = make();
    a.speak({ phonemes: WORD, now: clockFromNow(2) });
    pass(1.5);
    expect(mouthOpening(a.pose())).toBeLessThan(0.01);
    pass(1);
    expect(mouthOpening(a.pose())).toBeGreaterThan(0.5);
  });

  it('learns further sounds in the middle of the ones it knows', () => {
    const a = make();
    const now = clockFromNow();
    a.speak({ phonemes: WORD, now });
    pass(0.5);
    const open = mouthOpening(a.pose());
    a.speak({ phonemes: [...WORD, { phoneme: 'ˈɑː', start: 1.2, end: 1.6 }], now });
    pass(0.02);
    expect(Math.abs(mouthOpening(a.pose()) - open)).toBeLessThan(0.1);
    pass(0.9);
    expect(mouthOpening(a.pose())).toBeGreaterThan(0.5);
  });

  it('follows the audio clock, not the wall clock', () => {
    const a = make();
    a.speak({ phonemes: WORD, now: () => 0.5 });
    pass(4);
    expect(mouthOpening(a.pose())).toBeGreaterThan(0.6);
  });

  it('closes within 150 ms when it is stopped, without a cut', () => {
    const a = make();
    a.speak({ phonemes: WORD, now: clockFromNow() });
    pass(0.5);
    const open = mouthOpening(a.pose());
    a.stopSpeaking();
    pass(0.034);
    expect(mouthOpening(a.pose())).toBeGreaterThan(open * 0.4);
    pass(0.12);
    expect(mouthOpening(a.pose())).toBeLessThan(0.01);
  });

  it('shows the mouth to a probe', () => {
    const a = make({ probe: true });
    a.speak({ phonemes: WORD, now: clockFromNow() });
    pass(0.5);
    expect(Number(image().dataset.visemeOpen)).toBeCloseTo(mouthOpening(a.pose()), 1);
    expect(Number(image().dataset.speechTime)).toBeCloseTo(0.48, 1);
    pass(3);
    expect(image().dataset.visemeOpen).toBe('0.00');
  });

  it('writes no attributes unless asked', () => {
    make();
    pass(0.1);
    expect(Object.keys(image().dataset)).toEqual([]);
  });
});

describe('moving', () => {
  const faces = (a: AvatarController, seconds: number): Pose[] =>
    Array.from({ length: Math.round(seconds * 20) }, () => {
      pass(0.05);
      return a.pose();
    });
  const moved = (poses: readonly Pose[]): string[] =>
    FACE.filter((k) => poses.some((p) => Math.abs(p[k] - (poses[0]?.[k] ?? 0)) > 1e-6));

  it('lives', () => {
    expect(moved(faces(make(), 12))).toEqual(expect.arrayContaining(['blinkL', 'gazeX', 'yaw', 'breath']));
  });

  it.each([
    ['held still', { reducedMotion: false }, true],
    ['with reduced motion', { reducedMotion: true }, false],
  ])('%s nothing moves but the mouth', (_, options, freeze) => {
    const a = make(options);
    if (freeze) a.setFrozen(true);
    pass(0.1);
    a.setState('thinking');
    a.speak({ phonemes: WORD, now: clockFromNow() });
    const poses = faces(a, 1.5);
    expect(moved(poses)).toEqual([]);
    expect(Math.max(...poses.map(mouthOpening))).toBeGreaterThan(0.5);
    expect(poses[0]?.blinkL).toBe(REST.blinkL);
  });

  it('asks for no frames while it is held still and silent', () => {
    const a = make({ reducedMotion: true });
    pass(1);
    expect(vi.getTimerCount()).toBe(0);
    a.speak({ phonemes: WORD, now: clockFromNow() });
    pass(0.5);
    expect(mouthOpening(a.pose())).toBeGreaterThan(0.5);
  });

  it('moves again when released', () => {
    const a = make();
    a.setFrozen(true);
    pass(1);
    a.setFrozen(false);
    expect(moved(faces(a, 8))).toContain('yaw');
  });

  it('pauses while the page is hidden', () => {
    const a = make();
    pass(0.5);
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(vi.getTimerCount()).toBe(0);
    const before = a.pose();
    pass(2);
    expect(a.pose()).toEqual(before);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    pass(2);
    expect(a.pose()).not.toEqual(before);
  });
});
