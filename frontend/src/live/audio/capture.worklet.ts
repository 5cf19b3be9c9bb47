/* The microphone's end of the line, on the audio thread: any context rate down to 16 kHz, cut into 20 ms frames of 16 bit,
 * with the level of each frame measured before anything is lost. Built as a file of its own (script-src 'self'). */

import { FRAME_SAMPLES, UPLINK_RATE } from '../protocol';
import { Resampler, toPcm16 } from './resampler';

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

class CaptureProcessor extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, UPLINK_RATE);
  private readonly frame = new Float32Array(FRAME_SAMPLES);
  private filled = 0;
  private peak = 0;

  process(inputs: Float32Array[][]): boolean {
    const input = inputs[0]?.[0];
    if (!input) return true; /* nothing is connected: not a reason to end */
    for (const v of input) {
      const a = Math.abs(v);
      if (a > this.peak) this.peak = a;
    }
    for (const v of this.resampler.process(input)) {
      this.frame[this.filled++] = v;
      if (this.filled === FRAME_SAMPLES) this.emit();
    }
    return true;
  }

  private emit(): void {
    let sum = 0;
    for (const v of this.frame) sum += v * v;
    const pcm = toPcm16(this.frame);
    const rms = Math.sqrt(sum / FRAME_SAMPLES);
    this.port.postMessage({ pcm: pcm.buffer, rms, peak: this.peak }, [pcm.buffer]);
    this.filled = 0;
    this.peak = 0;
  }
}

registerProcessor('viva-capture', CaptureProcessor);
