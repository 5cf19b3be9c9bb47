/* The interviewer's voice: 16 bit frames that arrive over the network become one gapless sound on the audio clock.
 * - frames are resampled here, as one stream, and start on whole samples: no clicks between buffers of another rate;
 * - when the network is late the rest is anchored anew, and now() waits with the sound, so lips never run ahead of it;
 * - what is reported as finished was heard to the end (or was cancelled). */

import { heardContextTime } from '../../avatar/clock';
import { Resampler, fromPcm16 } from './resampler';

/** The parts of AudioContext that are used, so that tests can stand in for it. */
export interface PlayerContext {
  readonly currentTime: number;
  readonly sampleRate: number;
  readonly outputLatency?: number;
  readonly baseLatency?: number;
  readonly destination: AudioNode;
  getOutputTimestamp?(): { contextTime?: number; performanceTime?: number };
  createBuffer(channels: number, length: number, rate: number): AudioBuffer;
  createBufferSource(): AudioBufferSourceNode;
  createGain(): GainNode;
}

export interface PlayerEvents {
  /** Its sound is heard, from so many seconds into it. */
  started(utteranceId: number, from: number): void;
  finished(utteranceId: number): void;
}

const LEAD_S = 0.05; /* cushion before the first sample, and again after each gap: a frame is 0.37 s, and the next is behind it */
const LATE_S = 0.004; /* a start closer than this is already lost */
const FADE_S = 0.02;
const LATENCY_MAX_S = 0.5;
const STUCK_MS = 400; /* an ended event that never came: checked by the clock instead */

interface Track {
  id: number;
  sound: Float32Array[]; /* all of it, for going on after a pause */
  pausedAt: number | null; /* seconds */
  complete: boolean;
  resampler: Resampler;
  gain: GainNode;
  sources: Set<AudioBufferSourceNode>;
  anchor: number | null; /* context time of the utterance's sample 0 */
  floor: number; /* seconds that were heard before the last gap */
  scheduled: number; /* output samples handed to the device */
  gaps: number;
  startTimer: ReturnType<typeof setTimeout> | undefined;
  endTimer: ReturnType<typeof setTimeout> | undefined;
}

export class UtterancePlayer {
  private readonly ctx: PlayerContext;
  private readonly events: PlayerEvents;
  private readonly perfNow: () => number;
  private track: Track | null = null;
  private lastEnd = 0;

  constructor(ctx: PlayerContext, events: PlayerEvents, perfNow: () => number = () => performance.now()) {
    this.ctx = ctx;
    this.events = events;
    this.perfNow = perfNow;
  }

  /** A new utterance takes the place of whatever is playing. */
  begin(id: number, sampleRate: number): void {
    if (this.track) this.cancel(this.track.id);
    const gain = this.ctx.createGain();
    gain.connect(this.ctx.destination);
    this.track = {
      id,
      sound: [],
      pausedAt: null,
      complete: false,
      resampler: new Resampler(sampleRate, this.ctx.sampleRate),
      gain,
      sources: new Set(),
      anchor: null,
      floor: 0,
      scheduled: 0,
      gaps: 0,
      startTimer: undefined,
      endTimer: undefined,
    };
  }

  push(id: number, pcm: Int16Array): void {
    const t = this.track;
    if (t?.id !== id || t.complete) return;
    this.take(t, t.resampler.process(fromPcm16(pcm)));
  }

  /** No more frames will come. */
  complete(id: number): void {
    const t = this.track;
    if (t?.id !== id || t.complete) return;
    t.complete = true;
    this.take(t, t.resampler.flush());
    if (t.pausedAt !== null) return;
    if (t.sources.size === 0) this.finish(t);
    else this.watchEnd(t);
  }

  /** Silence within a few hundredths of a second; reports finished. */
  cancel(id: number): void {
    const t = this.track;
    if (t?.id !== id) return;
    this.fade(t);
    clearTimeout(t.startTimer);
    t.startTimer = undefined; /* what was never heard did not start */
    this.finish(t);
  }

  /** Silence as fast as cancel; it can go on. */
  pause(id: number): void {
    const t = this.track;
    if (t?.id !== id || t.pausedAt !== null) return;
    t.pausedAt = Math.max(0, this.now());
    this.fade(t);
    clearTimeout(t.startTimer);
    clearTimeout(t.endTimer);
    t.startTimer = undefined;
  }

  /** Goes on, from so many seconds into the utterance. */
  resume(id: number, from: number): void {
    const t = this.track;
    if (t?.id !== id || t.pausedAt === null) return;
    t.pausedAt = null;
    t.gain = this.ctx.createGain();
    t.gain.connect(this.ctx.destination);
    let skip = Math.max(0, Math.round(from * this.ctx.sampleRate));
    const total = t.sound.reduce((n, s) => n + s.length, 0);
    t.scheduled = Math.min(skip, total);
    t.floor = t.scheduled / this.ctx.sampleRate;
    t.anchor = null;
    for (const s of t.sound) {
      if (skip < s.length) this.schedule(t, s.subarray(skip));
      skip = Math.max(0, skip - s.length);
    }
    if (!t.complete) return;
    if (t.sources.size === 0) this.finish(t);
    else this.watchEnd(t);
  }

  /** Seconds into the utterance as heard at the ear now; negative before its first sound. */
  now(): number {
    const t = this.track;
    if (!t) return this.lastEnd;
    if (t.pausedAt !== null) return t.pausedAt;
    if (t.anchor === null) return -LEAD_S;
    const heard = heardContextTime(this.ctx, this.perfNow()) - t.anchor;
    const end = t.scheduled / this.ctx.sampleRate;
    return Math.min(Math.max(heard, t.floor > 0 ? t.floor : -LEAD_S), end);
  }

  /** How often the sound had to wait for the network in the utterance playing. */
  get gaps(): number {
    return this.track?.gaps ?? 0;
  }

  private take(t: Track, samples: Float32Array): void {
    if (samples.length === 0) return;
    t.sound.push(samples);
    if (t.pausedAt === null) this.schedule(t, samples);
  }

  private fade(t: Track): void {
    const now = this.ctx.currentTime;
    try {
      t.gain.gain.setValueAtTime(1, now);
      t.gain.gain.linearRampToValueAtTime(0, now + FADE_S);
    } catch {
      /* a context that is closing: stopping below is enough */
    }
    for (const s of t.sources) {
      s.onended = null;
      try {
        s.stop(now + FADE_S);
      } catch {
        /* already stopped */
      }
    }
    t.sources.clear();
  }

  private schedule(t: Track, samples: Float32Array): void {
    if (samples.length === 0) return;
    const { ctx } = this;
    const rate = ctx.sampleRate;
    const due = t.anchor === null ? null : t.anchor + t.scheduled / rate;
    if (due === null || due < ctx.currentTime + LATE_S) this.anchor(t, due !== null);
    const at = (t.anchor ?? 0) + t.scheduled / rate;
    const buffer = ctx.createBuffer(1, samples.length, rate);
    buffer.copyToChannel(new Float32Array(samples), 0);
    const source = ctx.createBufferSource();
    source.buffer = buffer;
    source.connect(t.gain);
    source.onended = () => {
      t.sources.delete(source);
      if (t.complete && t.sources.size === 0) this.finishWhenHeard(t);
    };
    source.start(at);
    t.sources.add(source);
    t.scheduled += samples.length;
  }

  /* Places the next sample LEAD_S from now, on a whole sample of the context. */
  private anchor(t: Track, late: boolean): void {
    const rate = this.ctx.sampleRate;
    const next = Math.ceil((this.ctx.currentTime + LEAD_S) * rate) / rate;
    t.anchor = next - t.scheduled / rate;
    if (late) {
      t.gaps += 1;
      t.floor = t.scheduled / rate;
      return;
    }
    this.announceStart(t);
  }

  /* "Started" is when the first sample is due, not when it was scheduled. */
  private announceStart(t: Track): void {
    const wait = Math.max(0, ((t.anchor ?? 0) - this.ctx.currentTime) * 1000);
    t.startTimer = setTimeout(() => {
      t.startTimer = undefined;
      if (this.track === t) this.events.started(t.id, t.floor);
    }, wait);
  }

  /* Some browsers lose an ended event when the context was suspended in between: the clock is asked as well. */
  private watchEnd(t: Track): void {
    const check = () => {
      if (this.track !== t) return;
      const end = (t.anchor ?? 0) + t.scheduled / this.ctx.sampleRate;
      if (this.ctx.currentTime > end + STUCK_MS / 1000) this.finish(t);
      else t.endTimer = setTimeout(check, STUCK_MS);
    };
    t.endTimer = setTimeout(check, STUCK_MS);
  }

  /* The last sample has left for the device; a wireless headset plays it a good while later. */
  private finishWhenHeard(t: Track): void {
    const latency = Math.min(this.ctx.outputLatency ?? 0, LATENCY_MAX_S);
    clearTimeout(t.endTimer);
    t.endTimer = setTimeout(() => this.finish(t), latency * 1000);
  }

  private finish(t: Track): void {
    if (this.track !== t) return;
    const startDue = t.startTimer !== undefined;
    clearTimeout(t.startTimer);
    clearTimeout(t.endTimer);
    this.track = null;
    this.lastEnd = t.scheduled / this.ctx.sampleRate;
    if (startDue && t.complete && t.scheduled > 0) this.events.started(t.id, t.floor);
    this.events.finished(t.id);
  }
}
