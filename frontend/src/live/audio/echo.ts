/* How much of what the loudspeaker plays comes back through the microphone, after the browser's own echo cancellation. The
 * speaker check plays two notes; here their strength is looked for in the frames, and compared with how strong they were sent. */

import { UPLINK_RATE } from '../protocol';

export const ECHO_NOTES = [523.25, 659.25] as const;
/** Amplitude (0..1) at which each note is played. */
export const ECHO_PLAYED = 0.25;
/* Louder than this our own voice may be taken for the candidate's; the server copes with -20 dB. */
const LOUD_DB = -25;
const WINDOW = 1600; /* 0.1 s: each note fills several, and a syllable does not fill many */

/** Amplitude of a tone within the samples, 0..1 (Goertzel's algorithm). */
export function toneLevel(pcm: Int16Array, hz: number): number {
  const k = 2 * Math.cos((2 * Math.PI * hz) / UPLINK_RATE);
  let a = 0;
  let b = 0;
  for (const v of pcm) [a, b] = [v / 32768 + k * a - b, a];
  return (2 / pcm.length) * Math.sqrt(Math.max(0, a * a + b * b - k * a * b));
}

export interface EchoResult {
  /** What came back beside what was played; null: nothing above the room's own noise. */
  db: number | null;
  loud: boolean;
}

export class EchoProbe {
  private samples: number[] = [];
  private quiet = 0;
  private heard = 0;
  private playing = false;

  /** The tone begins now: what came before was the room. */
  play(): void {
    this.playing = true;
    this.samples = [];
    this.heard = 0;
  }

  push(pcm: Int16Array): void {
    this.samples.push(...pcm);
    if (this.samples.length < WINDOW) return;
    const window = Int16Array.from(this.samples);
    this.samples = [];
    const level = Math.max(...ECHO_NOTES.map((hz) => toneLevel(window, hz)));
    if (this.playing) this.heard = Math.max(this.heard, level);
    else this.quiet = Math.max(this.quiet * 0.8, level);
  }

  result(): EchoResult {
    if (this.heard === 0 || this.heard < 2 * this.quiet || this.heard < 1e-4) return { db: null, loud: false };
    const db = Math.round(20 * Math.log10(this.heard / ECHO_PLAYED));
    return { db, loud: db > LOUD_DB };
  }
}
