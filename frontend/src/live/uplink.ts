/* The microphone's way to the server. The last half minute of an answer stays here, each frame with its place on the answer's
 * clock: what was said while the connection was gone is sent when it is back, from where the server heard us last, faster than
 * it was said. Frames in, and out in order to whoever encodes and sends them; no clock of its own. */

import { FRAME_SAMPLES, UPLINK_RATE } from './protocol';

const FRAME_MS = (FRAME_SAMPLES * 1000) / UPLINK_RATE;
const KEPT = 1500; /* frames: half a minute, 1 MB */
const BURST = 8; /* frames sent for each one that comes in */
const JOIN_MS = 1; /* rounding */
/* A page that was busy gets its frames late but all of them; one that was asleep does not: behind by so much, for so long. */
const HOLE_MS = 1000;
const HOLE_SURE_MS = 500;

export interface UplinkPort {
  /** The connection takes more just now. */
  ready(): boolean;
  /** The next frame begins here: said first, and wherever it does not follow the one before. */
  position(answerId: string, atMs: number): void;
  frame(pcm: Int16Array<ArrayBuffer>): void;
}

interface Frame {
  at: number;
  pcm: Int16Array<ArrayBuffer>;
}

export class Uplink {
  private readonly port: UplinkPort;
  private frames: Frame[] = [];
  private next = 0;
  private answerId = '';
  /** Where the next captured frame begins; null: by the time of the next one. */
  private clock: number | null = null;
  private holeSince: number | null = null;
  /** Where the server takes the next frame to begin; null: it does not know. */
  private told: number | null = null;
  private reconnected = false;

  constructor(port: UplinkPort) {
    this.port = port;
  }

  /** A new connection: what the old one took may not have arrived. */
  connected(): void {
    this.told = null;
    this.reconnected = true;
  }

  /** The server listens. heardMs: how far it has heard this answer. */
  begin(answerId: string, heardMs: number): void {
    if (answerId !== this.answerId) {
      this.frames = [];
      this.next = 0;
      this.clock = null;
    } else if (this.reconnected) {
      const at = this.frames.findIndex((f) => f.at >= heardMs - JOIN_MS);
      this.next = at < 0 ? this.frames.length : at;
    } else {
      this.next = this.frames.length; /* the interviewer spoke meanwhile */
    }
    this.answerId = answerId;
    this.told = null;
    this.reconnected = false;
  }

  /** A frame of the open answer, taken in whether anybody can be reached or not. elapsed: the answer's clock now. */
  push(pcm: Int16Array<ArrayBuffer>, elapsed: number): void {
    const at = this.place(Math.max(0, elapsed - FRAME_MS));
    this.clock = at + FRAME_MS;
    this.frames.push({ at, pcm });
    if (this.frames.length > KEPT) {
      this.frames.shift();
      this.next = Math.max(0, this.next - 1);
    }
  }

  /** No frames come for a while: the microphone is gone. */
  interrupted(): void {
    this.clock = null;
  }

  /** Not sent yet. */
  pending(): number {
    return this.frames.length - this.next;
  }

  pump(): void {
    if (this.reconnected) return; /* until the server says how far it heard us */
    for (let n = 0; n < BURST && this.port.ready(); n++) {
      const frame = this.frames[this.next];
      if (!frame) return;
      if (this.told === null || Math.abs(frame.at - this.told) > JOIN_MS)
        this.port.position(this.answerId, Math.max(0, Math.round(frame.at)));
      this.told = frame.at + FRAME_MS;
      this.next++;
      this.port.frame(frame.pcm);
    }
  }

  private place(at: number): number {
    if (this.clock === null) {
      this.holeSince = null;
      return at;
    }
    if (at - this.clock < HOLE_MS) {
      this.holeSince = null;
      return this.clock;
    }
    this.holeSince ??= at;
    if (at - this.holeSince < HOLE_SURE_MS) return this.clock;
    this.holeSince = null;
    return at;
  }
}
