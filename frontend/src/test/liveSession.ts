/* A live session between fakes, as its tests look at it. */

import { ApiError } from '../utils/errorHandler';
import type { SessionState } from '../services/types';
import type { ShownQuestion } from '../live/machine';
import type { ClientMessage, ServerMessage } from '../live/protocol';
import type { RecordingStart } from '../live/recording/recorder';
import { LiveSession } from '../live/session';
import type { Devices, VoiceEvents } from '../live/session';
import type { TransportEvents } from '../live/transport';

class FakeLink {
  sent: ClientMessage[] = [];
  frames: Uint8Array[] = [];
  started = 0;
  stopped = 0;
  restarts = 0;
  events!: TransportEvents;
  start = () => {
    this.started++;
  };
  stop = () => {
    this.stopped++;
  };
  restart = () => {
    this.restarts++;
  };
  send = (m: ClientMessage) => {
    this.sent.push(m);
    return true;
  };
  full = false;
  ready = () => !this.full;
  sendFrame = (f: Uint8Array) => {
    this.frames.push(f);
    return true;
  };
  types = () => this.sent.map((m) => m.type);
}

export const STREAM = {} as MediaStream;
export const ON: Devices = { stream: STREAM, camera: 'on', microphone: 'on', video: true };

interface Fake {
  link: FakeLink;
  voice: VoiceEvents | null;
  voiceLog: string[];
  recordings: (RecordingStart | 'stop' | 'wait')[];
  muted: boolean[];
  remembered: ShownQuestion | null;
  remote: SessionState | ApiError;
  texts: string[];
  encoders: {
    packet: (p: Uint8Array) => void;
    error: () => void;
    flushed: () => void;
    heard: boolean[];
    closed: boolean;
  }[];
  time: number;
  /** What is called again and again just now. */
  ticks: Set<() => void>;
  codec: 'opus' | 'pcm16';
}

export const state = (over: Partial<SessionState> = {}): SessionState =>
  ({
    session_id: 's',
    status: 'in_progress',
    current_position: 1,
    question_count: 3,
    answers: [],
    next_segment_of_open_answer: 0,
    ...over,
  }) as SessionState;

const fresh = (): Fake => ({
  link: new FakeLink(),
  voice: null,
  voiceLog: [],
  recordings: [],
  muted: [],
  remembered: null,
  remote: state(),
  texts: [],
  encoders: [],
  time: 1000,
  ticks: new Set(),
  codec: 'pcm16',
});

/** What stands around the session just now. */
export const fake = fresh();
/** Before each test. */
export const reset = (): void => {
  Object.assign(fake, fresh());
};

export const session = () =>
  new LiveSession({
    api: {
      state: () => (fake.remote instanceof ApiError ? Promise.reject(fake.remote) : Promise.resolve(fake.remote)),
      answerText: (_id, text) => {
        fake.texts.push(text);
        return fake.remote instanceof ApiError ? Promise.reject(fake.remote) : Promise.resolve(fake.remote);
      },
      complete: () => Promise.reject(new Error('not asked for')),
    },
    transport: (events) => {
      fake.link.events = events;
      return fake.link;
    },
    voice: (events) => {
      fake.voice = events;
      return {
        begin: (id) => fake.voiceLog.push(`begin ${id}`),
        push: (id, pcm) => fake.voiceLog.push(`push ${id} ${pcm.length}`),
        complete: (id) => fake.voiceLog.push(`complete ${id}`),
        cancel: (id) => fake.voiceLog.push(`cancel ${id}`),
        pause: (id) => fake.voiceLog.push(`pause ${id}`),
        resume: (id, from) => fake.voiceLog.push(`resume ${id} ${from}`),
        now: () => 0.5,
      };
    },
    codec: () => Promise.resolve(fake.codec),
    encoder: (packet, error) => {
      const e = { packet, error, flushed: (): void => undefined, heard: [] as boolean[], closed: false };
      fake.encoders.push(e);
      return {
        encode: (pcm) => e.heard.push(pcm.some((v) => v !== 0)),
        flush: () => new Promise((resolve) => (e.flushed = resolve)),
        close: () => (e.closed = true),
      };
    },
    recorder: {
      start: (r) => {
        fake.recordings.push(r);
        return Promise.resolve();
      },
      stop: () => {
        fake.recordings.push('stop');
        return Promise.resolve();
      },
      wait: () => {
        fake.recordings.push('wait');
        return Promise.resolve();
      },
    },
    setMuted: (m) => fake.muted.push(m),
    memory: { load: () => fake.remembered, save: (q) => (fake.remembered = q) },
    now: () => fake.time,
    wait: () => Promise.resolve(),
    every: (_ms, fn) => {
      fake.ticks.add(fn);
      return () => fake.ticks.delete(fn);
    },
  });

export const fault = (status: number) => new ApiError({ status, code: 'x', message: 'x' });
export const frame = () => ({ pcm: new Int16Array(320), rms: 0.1, peak: 0.2 });
export const loud = () => ({ pcm: new Int16Array(320).fill(1000), rms: 0.1, peak: 0.2 });
export const started = (over = {}): ServerMessage => ({
  type: 'answer.started',
  answerId: 'a1',
  position: 1,
  heardMs: 0,
  elapsedMs: 0,
  resumed: false,
  timeLimitS: 0,
  followUp: 0,
  ...over,
});

export const spoken = (utteranceId: number): Extract<ServerMessage, { type: 'utterance.created' }> => ({
  type: 'utterance.created',
  utteranceId,
  kind: 'question',
  position: 1,
  text: 'Well, why Viva?',
  question: '',
  followUp: 0,
  sampleRate: 22050,
  samples: 22050,
  durationMs: 1000,
  phonemes: [],
  words: [],
});

export async function inRoom(devices: Devices = ON): Promise<LiveSession> {
  const s = session();
  await s.start(devices);
  fake.link.events.state('open', null);
  return s;
}
