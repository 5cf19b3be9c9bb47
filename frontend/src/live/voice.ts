/* Stand-in for the interviewer's voice where a browser has no Web Audio: the words are shown for as long as the sound would
 * have lasted, and everything is reported as if it had been heard. */

import type { Timed } from './protocol';
import type { VoiceEvents, VoicePort } from './session';

const GAP_S = 0.12;
const BACK_MAX_S = 2.5;

/** Where speech that was stopped at `at` goes on: at the beginning of the clause, or of the word when that is far back. */
export function resumeFrom(words: Timed[], at: number): number {
  const cut = words.findLastIndex((w) => w.start <= at);
  const word = words[cut];
  if (!word) return 0;
  for (let i = cut; i >= 0; i--) {
    const here = words[i];
    const before = words[i - 1];
    if (!here || at - here.start > BACK_MAX_S) break;
    if (!before || here.start - before.end >= GAP_S || /[.,;:?!]$/.test(before.text)) return here.start;
  }
  return word.start;
}

export class SilentVoice implements VoicePort {
  private readonly events: VoiceEvents;
  private readonly clock: () => number;
  private current: {
    id: number;
    from: number;
    rate: number;
    seconds: number;
    whole: boolean;
    pausedAt: number | null;
  } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: VoiceEvents, clock: () => number = () => performance.now()) {
    this.events = events;
    this.clock = clock;
  }

  begin(id: number, rate: number): void {
    if (this.current) this.cancel(this.current.id);
    this.current = { id, from: this.clock(), rate, seconds: 0, whole: false, pausedAt: null };
    this.events.started(id);
  }

  push(id: number, pcm: { length: number }): void {
    if (this.current?.id === id) this.current.seconds += pcm.length / this.current.rate;
  }

  complete(id: number): void {
    const { current } = this;
    if (current?.id !== id) return;
    current.whole = true;
    if (current.pausedAt === null) this.endAfter(current.seconds - this.now());
  }

  cancel(id: number): void {
    if (this.current?.id !== id) return;
    clearTimeout(this.timer);
    this.current = null;
    this.events.finished(id);
  }

  pause(id: number): void {
    if (this.current?.id !== id) return;
    clearTimeout(this.timer);
    this.current.pausedAt ??= this.now();
  }

  resume(id: number, from: number): void {
    const { current } = this;
    if (current?.id !== id) return;
    current.pausedAt = null;
    current.from = this.clock() - from * 1000;
    this.events.started(id, from);
    if (current.whole) this.endAfter(current.seconds - from);
  }

  now(): number {
    return this.current ? (this.current.pausedAt ?? (this.clock() - this.current.from) / 1000) : 0;
  }

  private endAfter(seconds: number): void {
    const { current } = this;
    if (current) this.timer = setTimeout(() => this.cancel(current.id), Math.max(0, seconds) * 1000);
  }
}
