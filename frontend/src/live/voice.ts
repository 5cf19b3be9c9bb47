/* Stand-in for the interviewer's voice where a browser has no Web Audio: the words are shown for as long as the sound would
 * have lasted, and everything is reported as if it had been heard. */

import type { VoiceEvents, VoicePort } from './session';

export class SilentVoice implements VoicePort {
  private readonly events: VoiceEvents;
  private readonly clock: () => number;
  private current: { id: number; from: number; seconds: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: VoiceEvents, clock: () => number = () => performance.now()) {
    this.events = events;
    this.clock = clock;
  }

  begin(id: number, sampleRate: number, samples: number): void {
    if (this.current) this.cancel(this.current.id);
    const seconds = samples / sampleRate;
    this.current = { id, from: this.clock(), seconds };
    this.events.started(id);
    this.timer = setTimeout(() => this.cancel(id), seconds * 1000);
  }

  push(): void {
    /* nothing to hear it with */
  }

  complete(id: number): void {
    if (this.current?.id === id && this.current.seconds === 0) this.cancel(id);
  }

  cancel(id: number): void {
    if (this.current?.id !== id) return;
    clearTimeout(this.timer);
    this.current = null;
    this.events.finished(id);
  }

  now(): number {
    return this.current ? (this.clock() - this.current.from) / 1000 : 0;
  }
}
