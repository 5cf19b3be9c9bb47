/* The way out for sound, and for what is said about it, in one order. An encoder takes its time, most of all on a slow machine
 * that catches up: where sound belongs, and that an answer is over, must not overtake the sound that is still in it. */

import { packFrame } from './protocol';
import type { ClientMessage, Codec } from './protocol';

export interface EncoderPort {
  encode(pcm: Int16Array<ArrayBuffer>): void;
  /** All that went in is out. Rejects when it breaks or is closed meanwhile. */
  flush(): Promise<void>;
  close(): void;
}

export interface OutletPort {
  frame(packed: Uint8Array<ArrayBuffer>): void;
  message(message: ClientMessage): void;
  encoder(onPacket: (packet: Uint8Array) => void, onError: () => void): EncoderPort;
  encoderBroke(): void;
}

const INSIDE = 50; /* frames: a second; an encoder that is behind by as much gets no more for now */

export class Outlet {
  private readonly port: OutletPort;
  private encoder: EncoderPort | null = null;
  private seq = 0;
  private taken = 0;
  private given = 0;
  private waiting: { after: number; message: ClientMessage }[] = [];

  constructor(port: OutletPort) {
    this.port = port;
  }

  /** A new connection: frames count from 0, and what was on its way is void. */
  begin(): void {
    this.close();
    this.seq = 0;
  }

  ready(): boolean {
    return this.taken - this.given < INSIDE;
  }

  frame(codec: Codec, pcm: Int16Array<ArrayBuffer>): void {
    if (codec === 'pcm16') {
      this.packet(codec, new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
      return;
    }
    this.encoder ??= this.port.encoder(
      (packet) => this.encoded(packet),
      () => this.port.encoderBroke(),
    );
    this.taken++;
    this.encoder.encode(pcm);
  }

  /** A frame that is not sent. It counts: the server conceals the gap instead of joining the edges. */
  lost(): void {
    this.seq++;
  }

  /** Follows the frames so far, before any other. */
  say(message: ClientMessage): void {
    this.waiting.push({ after: this.taken, message });
    this.release();
  }

  /** Follows the frames so far; no others need come. */
  sayLast(message: ClientMessage): void {
    this.say(message);
    const { encoder, taken } = this;
    if (this.waiting.length === 0 || !encoder) return;
    encoder.flush().then(
      () => {
        if (encoder !== this.encoder) return;
        this.given = Math.max(this.given, taken);
        this.release();
      },
      () => undefined /* closed, or it broke and says so */,
    );
  }

  close(): void {
    this.encoder?.close();
    this.encoder = null;
    this.taken = this.given = 0;
    this.waiting = [];
  }

  private encoded(packet: Uint8Array): void {
    this.packet('opus', packet);
    this.given++;
    this.release();
  }

  private packet(codec: Codec, payload: Uint8Array): void {
    this.port.frame(packFrame(codec, this.seq++, payload));
  }

  private release(): void {
    while (this.waiting[0] && this.waiting[0].after <= this.given) {
      const { message } = this.waiting[0];
      this.waiting.shift();
      this.port.message(message);
    }
  }
}
