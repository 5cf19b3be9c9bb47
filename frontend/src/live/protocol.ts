/* The wire of a live interview, protocol viva.v1: what the server may say, checked by hand (a schema library would cost the
 * candidate 10 kB), and what we send. A message we do not know is null, so that a newer server does not break an open page. */

export const PROTOCOL = 'viva.v1';
export const FRAME_SAMPLES = 320; /* 20 ms at 16 kHz, mono */
export const UPLINK_RATE = 16000;

export type Codec = 'pcm16' | 'opus';
export type UtteranceKind = 'greeting' | 'question' | 'prompt' | 'farewell';
export type Phase = 'greeting' | 'asking' | 'listening' | 'closing' | 'farewell' | 'done';
export type EndReason = 'done_button' | 'endpoint' | 'text' | 'time_limit' | 'skipped';

/** A phoneme or a word with its place in the utterance, in seconds. */
export interface Timed {
  text: string;
  start: number;
  end: number;
}

export interface SessionCreated {
  type: 'session.created';
  sessionId: string;
  status: string;
  position: number;
  questionCount: number;
  resumed: boolean;
  avatar: string;
  avatarName: string;
  allowPause: boolean;
  allowSkip: boolean;
  slower: boolean;
}
export interface UtteranceCreated {
  type: 'utterance.created';
  utteranceId: number;
  kind: UtteranceKind;
  position: number;
  text: string;
  /** The question's own words, without what leads to it; empty for other kinds. */
  question: string;
  /** Which follow-up the question is; 0: none. */
  followUp: number;
  sampleRate: number;
  /** Of its first part; 0: there is no sound. */
  samples: number;
  /** Of what is known of it: it may go on with further parts. */
  durationMs: number;
  phonemes: Timed[];
  words: Timed[];
  /** No more parts will come. */
  whole?: boolean;
}
/** The next clause of what is being said; its times go on from the part before. */
export interface UtterancePart {
  type: 'utterance.part';
  utteranceId: number;
  durationMs: number;
  phonemes: Timed[];
  words: Timed[];
}
export interface UtteranceRef {
  type: 'utterance.audio.done' | 'utterance.paused' | 'utterance.resumed' | 'utterance.cancelled';
  utteranceId: number;
}
export interface AnswerStarted {
  type: 'answer.started';
  answerId: string;
  position: number;
  elapsedMs: number;
  /** How far the server has heard this answer. */
  heardMs: number;
  resumed: boolean;
  timeLimitS: number;
  /** Which follow-up is answered; 0: the question itself. */
  followUp: number;
}
export interface AnswerTime {
  type: 'answer.time';
  answerId: string;
  /** From now on; null: no limit. */
  leftMs: number | null;
  extensionsLeft: number;
}
export interface ThinkStarted {
  type: 'think.started';
  answerId: string;
  ms: number;
}
export interface InterviewPaused {
  type: 'interview.paused';
  leftMs: number;
}
export interface InterviewResumed {
  type: 'interview.resumed';
}
export interface VoiceRate {
  type: 'voice.rate';
  rate: number;
}
export interface SpeechEdge {
  type: 'input_audio_buffer.speech_started' | 'input_audio_buffer.speech_stopped';
  answerId: string;
  atMs: number;
}
export interface TranscriptDelta {
  type: 'conversation.item.input_audio_transcription.delta';
  answerId: string;
  itemId: string;
  transcript: string;
}
export interface TranscriptCompleted {
  type: 'conversation.item.input_audio_transcription.completed';
  answerId: string;
  itemId: string;
  transcript: string;
  startMs: number;
  endMs: number;
}
export interface AnswerEnded {
  type: 'answer.ended';
  answerId: string;
  position: number;
  reason: EndReason;
  text: string;
}
export interface StateChanged {
  type: 'state';
  state: Phase;
}
export interface SessionCompleted {
  type: 'session.completed';
  sessionId: string;
}
/** The practice question is over; nothing of it was kept. */
export interface PracticeEnded {
  type: 'practice.ended';
  text: string;
}
export interface EngineUnavailable {
  type: 'engine.unavailable';
  engine: string;
  message: string;
}
/** Others are interviewed: ours begins by itself when it is our turn. */
export interface ServerBusy {
  type: 'server.busy';
  position: number;
  retryAfterS: number;
  message: string;
}
export interface CaptionsDegraded {
  type: 'captions.degraded';
  degraded: boolean;
  message: string;
}
export interface ServerError {
  type: 'error';
  code: string;
  message: string;
  fatal: boolean;
}
export interface Pong {
  type: 'pong';
  t: number;
}

export type ServerMessage =
  | SessionCreated
  | UtteranceCreated
  | UtterancePart
  | UtteranceRef
  | AnswerStarted
  | AnswerTime
  | ThinkStarted
  | InterviewPaused
  | InterviewResumed
  | VoiceRate
  | SpeechEdge
  | TranscriptDelta
  | TranscriptCompleted
  | AnswerEnded
  | StateChanged
  | SessionCompleted
  | PracticeEnded
  | EngineUnavailable
  | ServerBusy
  | CaptionsDegraded
  | ServerError
  | Pong;

export type ClientMessage =
  | {
      type: 'session.start';
      audio: { codec: Codec };
      playback: ['pcm16'];
      microphone: boolean;
      camera: boolean;
      practice: boolean;
    }
  | { type: 'playback.started' | 'playback.finished'; utterance_id: number; from_ms?: number }
  | { type: 'answer.done'; answer_id: string }
  | { type: 'answer.text'; answer_id: string; text: string }
  | { type: 'answer.extend'; answer_id: string }
  | {
      type:
        | 'question.repeat'
        | 'question.rephrase'
        | 'question.skip'
        | 'think.done'
        | 'interview.pause'
        | 'interview.resume';
    }
  | { type: 'voice.rate'; rate: 1 | 0.8 }
  | { type: 'mic.state'; microphone: boolean; muted: boolean }
  | { type: 'input_audio_buffer.position'; answer_id: string; at_ms: number }
  | { type: 'ping'; t: number };

type Raw = Record<string, unknown>;

class Malformed extends Error {}

function str(o: Raw, k: string, fallback?: string): string {
  const v = o[k];
  if (typeof v === 'string') return v;
  if (fallback !== undefined && (v === undefined || v === null)) return fallback;
  throw new Malformed(`${k} is not text`);
}

function num(o: Raw, k: string, fallback?: number): number {
  const v = o[k];
  if (typeof v === 'number' && Number.isFinite(v)) return v;
  if (fallback !== undefined && (v === undefined || v === null)) return fallback;
  throw new Malformed(`${k} is not a number`);
}

function oneOf<T extends string>(o: Raw, k: string, allowed: readonly T[]): T {
  const v = str(o, k);
  const hit = allowed.find((a) => a === v);
  if (hit === undefined) throw new Malformed(`${k} is ${v}`);
  return hit;
}

/* [[symbol, start, end]...]; rows that are not that are left out: a caption without its light is better than no caption. */
function timed(o: Raw, k: string): Timed[] {
  const rows = o[k];
  if (!Array.isArray(rows)) return [];
  const out: Timed[] = [];
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row)) continue;
    const [text, start, end] = row as unknown[];
    if (typeof text === 'string' && typeof start === 'number' && typeof end === 'number')
      out.push({ text, start, end });
  }
  return out;
}

const KINDS = ['greeting', 'question', 'prompt', 'farewell'] as const;
const PHASES = ['greeting', 'asking', 'listening', 'closing', 'farewell', 'done'] as const;
const REASONS = ['done_button', 'endpoint', 'text', 'time_limit', 'skipped'] as const;

/** What a message of this type has beside its type. */
type Fields<K, M = ServerMessage> = M extends { type: string }
  ? K extends M['type']
    ? Omit<M, 'type'>
    : never
  : never;

const utteranceRef = (o: Raw) => ({ utteranceId: num(o, 'utterance_id') });

const part = (o: Raw) => ({
  utteranceId: num(o, 'utterance_id'),
  durationMs: num(o, 'duration_ms', 0),
  phonemes: timed(o, 'phonemes'),
  words: timed(o, 'words'),
});

const readers: { [K in ServerMessage['type']]: (o: Raw) => Fields<K> } = {
  'session.created': (o) => ({
    sessionId: str(o, 'session_id'),
    status: str(o, 'status', ''),
    position: num(o, 'position', 0),
    questionCount: num(o, 'question_count', 0),
    resumed: o.resumed === true,
    avatar: str(o, 'avatar', ''),
    avatarName: str(o, 'avatar_name', ''),
    allowPause: o.allow_pause === true,
    allowSkip: o.allow_skip === true,
    slower: o.slower === true,
  }),
  'utterance.created': (o) => ({
    ...part(o),
    kind: oneOf(o, 'kind', KINDS),
    position: num(o, 'position', 0),
    text: str(o, 'text'),
    question: str(o, 'question', ''),
    followUp: num(o, 'follow_up', 0),
    sampleRate: num(o, 'sample_rate', 22050),
    samples: num(o, 'samples', 0),
  }),
  'utterance.part': part,
  'utterance.audio.done': utteranceRef,
  'utterance.paused': utteranceRef,
  'utterance.resumed': utteranceRef,
  'utterance.cancelled': utteranceRef,
  'answer.started': (o) => ({
    answerId: str(o, 'answer_id'),
    position: num(o, 'position'),
    elapsedMs: num(o, 'elapsed_ms', 0),
    heardMs: num(o, 'heard_ms', num(o, 'elapsed_ms', 0)),
    resumed: o.resumed === true,
    timeLimitS: num(o, 'time_limit_s', 0),
    followUp: num(o, 'follow_up', 0),
  }),
  'answer.time': (o) => ({
    answerId: str(o, 'answer_id'),
    leftMs: o.left_ms === null ? null : num(o, 'left_ms'),
    extensionsLeft: num(o, 'extensions_left', 0),
  }),
  'think.started': (o) => ({ answerId: str(o, 'answer_id'), ms: num(o, 'ms') }),
  'interview.paused': (o) => ({ leftMs: num(o, 'left_ms', 0) }),
  'interview.resumed': () => ({}),
  'voice.rate': (o) => ({ rate: num(o, 'rate', 1) }),
  'input_audio_buffer.speech_started': (o) => ({
    answerId: str(o, 'answer_id'),
    atMs: num(o, 'at_ms', 0),
  }),
  'input_audio_buffer.speech_stopped': (o) => ({
    answerId: str(o, 'answer_id'),
    atMs: num(o, 'at_ms', 0),
  }),
  'conversation.item.input_audio_transcription.delta': (o) => ({
    answerId: str(o, 'answer_id'),
    itemId: String(o.item_id),
    transcript: str(o, 'transcript'),
  }),
  'conversation.item.input_audio_transcription.completed': (o) => ({
    answerId: str(o, 'answer_id'),
    itemId: String(o.item_id),
    transcript: str(o, 'transcript'),
    startMs: num(o, 'start_ms', 0),
    endMs: num(o, 'end_ms', 0),
  }),
  'answer.ended': (o) => ({
    answerId: str(o, 'answer_id'),
    position: num(o, 'position', 0),
    reason: oneOf(o, 'reason', REASONS),
    text: str(o, 'text', ''),
  }),
  state: (o) => ({ state: oneOf(o, 'state', PHASES) }),
  'session.completed': (o) => ({ sessionId: str(o, 'session_id', '') }),
  'practice.ended': (o) => ({ text: str(o, 'text', '') }),
  'engine.unavailable': (o) => ({
    engine: str(o, 'engine', ''),
    message: str(o, 'message', ''),
  }),
  'server.busy': (o) => ({
    position: num(o, 'position', 1),
    retryAfterS: num(o, 'retry_after_s', 10),
    message: str(o, 'message', ''),
  }),
  'captions.degraded': (o) => ({
    degraded: o.degraded === true,
    message: str(o, 'message', ''),
  }),
  error: (o) => ({
    code: str(o, 'code', ''),
    message: str(o, 'message', ''),
    fatal: o.fatal === true,
  }),
  pong: (o) => ({ t: num(o, 't', 0) }),
};

/** The message in a text frame, or null when it is malformed or of a type we do not know. */
export function parseMessage(text: string): ServerMessage | null {
  try {
    const o: unknown = JSON.parse(text);
    if (typeof o !== 'object' || o === null || Array.isArray(o)) return null;
    const raw = o as Raw;
    const { type } = raw;
    if (typeof type !== 'string' || !Object.hasOwn(readers, type)) return null;
    return { ...readers[type as ServerMessage['type']](raw), type } as ServerMessage;
  } catch {
    return null;
  }
}

export interface SoundFrame {
  utteranceId: number;
  pcm: Int16Array;
}

const SOUND_TAG = 0x81;

/** A binary frame of the interviewer's voice, or null. The samples are copied: the header leaves them unaligned. */
export function parseSound(data: ArrayBuffer): SoundFrame | null {
  if (data.byteLength < 5 || (data.byteLength - 5) % 2 !== 0) return null;
  const view = new DataView(data);
  if (view.getUint8(0) !== SOUND_TAG) return null;
  return { utteranceId: view.getUint32(1, true), pcm: new Int16Array(data.slice(5)) };
}

/** One 20 ms packet on its way up: tag, sequence number, payload. */
export function packFrame(codec: Codec, seq: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(5 + payload.byteLength);
  out[0] = codec === 'opus' ? 0x02 : 0x01;
  new DataView(out.buffer).setUint32(1, seq >>> 0, true);
  out.set(payload, 5);
  return out;
}
