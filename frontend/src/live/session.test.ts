import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../utils/errorHandler';
import type { SessionState } from '../services/types';
import type { ShownQuestion } from './machine';
import type { ClientMessage, ServerMessage } from './protocol';
import type { RecordingStart } from './recording/recorder';
import { LiveSession } from './session';
import type { Devices, VoiceEvents } from './session';
import type { TransportEvents } from './transport';

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

const STREAM = {} as MediaStream;
const ON: Devices = { stream: STREAM, camera: 'on', microphone: 'on', video: true };

let link: FakeLink;
let voice: VoiceEvents;
let voiceLog: string[];
let recordings: (RecordingStart | 'stop' | 'wait')[];
let muted: boolean[];
let remembered: ShownQuestion | null;
let remote: SessionState | ApiError;
let texts: string[];
let encoders: { packet: (p: Uint8Array) => void; error: () => void; heard: boolean[]; closed: boolean }[];
let time: number;
let codec: 'opus' | 'pcm16';

const session = () =>
  new LiveSession({
    api: {
      state: () => (remote instanceof ApiError ? Promise.reject(remote) : Promise.resolve(remote)),
      answerText: (_id, text) => {
        texts.push(text);
        return remote instanceof ApiError ? Promise.reject(remote) : Promise.resolve(remote);
      },
      complete: () => Promise.reject(new Error('not asked for')),
    },
    transport: (events) => {
      link.events = events;
      return link;
    },
    voice: (events) => {
      voice = events;
      return {
        begin: (id) => voiceLog.push(`begin ${id}`),
        push: (id, pcm) => voiceLog.push(`push ${id} ${pcm.length}`),
        complete: (id) => voiceLog.push(`complete ${id}`),
        cancel: (id) => voiceLog.push(`cancel ${id}`),
        pause: (id) => voiceLog.push(`pause ${id}`),
        resume: (id, from) => voiceLog.push(`resume ${id} ${from}`),
        now: () => 0.5,
      };
    },
    codec: () => Promise.resolve(codec),
    encoder: (packet, error) => {
      const e = { packet, error, heard: [] as boolean[], closed: false };
      encoders.push(e);
      return { encode: (pcm) => e.heard.push(pcm.some((v) => v !== 0)), close: () => (e.closed = true) };
    },
    recorder: {
      start: (r) => {
        recordings.push(r);
        return Promise.resolve();
      },
      stop: () => {
        recordings.push('stop');
        return Promise.resolve();
      },
      wait: () => {
        recordings.push('wait');
        return Promise.resolve();
      },
    },
    setMuted: (m) => muted.push(m),
    memory: { load: () => remembered, save: (q) => (remembered = q) },
    now: () => time,
    wait: () => Promise.resolve(),
  });

const state = (over: Partial<SessionState> = {}): SessionState =>
  ({
    session_id: 's',
    status: 'in_progress',
    current_position: 1,
    question_count: 3,
    answers: [],
    next_segment_of_open_answer: 0,
    ...over,
  }) as SessionState;

const fault = (status: number) => new ApiError({ status, code: 'x', message: 'x' });
const frame = () => ({ pcm: new Int16Array(320), rms: 0.1, peak: 0.2 });
const loud = () => ({ pcm: new Int16Array(320).fill(1000), rms: 0.1, peak: 0.2 });
const started = (over = {}): ServerMessage => ({
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

const spoken = (utteranceId: number): Extract<ServerMessage, { type: 'utterance.created' }> => ({
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

beforeEach(() => {
  link = new FakeLink();
  voiceLog = [];
  recordings = [];
  muted = [];
  remembered = null;
  remote = state();
  texts = [];
  encoders = [];
  time = 1000;
  codec = 'pcm16';
});

async function inRoom(devices: Devices = ON): Promise<LiveSession> {
  const s = session();
  await s.start(devices);
  link.events.state('open', null);
  return s;
}

describe('starting', () => {
  it('says what it has and what it can', async () => {
    codec = 'opus';
    await inRoom();
    expect(link.sent.at(-1)).toEqual({
      type: 'session.start',
      audio: { codec: 'opus' },
      playback: ['pcm16'],
      microphone: true,
      camera: true,
      practice: false,
    });
  });

  it('without a microphone it says so, and nothing is recorded', async () => {
    await inRoom({ stream: null, camera: 'off', microphone: 'denied', video: false });
    expect(link.sent.at(-1)).toMatchObject({ type: 'session.start', microphone: false });
    link.events.message(started());
    expect(recordings).toEqual(['stop']);
  });

  it('waits for the server before the first connection: the next segment must be known', async () => {
    remote = fault(0);
    const s = session();
    const going = s.start(ON);
    for (let i = 0; i < 10; i++) await Promise.resolve();
    expect(link.started).toBe(0);
    expect(s.state().link).toBe('waiting');
    remote = state({
      answers: [
        {
          id: 'a1',
          position: 2,
          status: 'open',
          mode: 'voice',
          text: 'I said this.',
          question_text: 'Why?',
          follow_up: 0,
        },
      ],
      next_segment_of_open_answer: 3,
    });
    await going;
    expect(link.started).toBe(1);
    link.events.state('open', null);
    link.events.message(started({ position: 2, resumed: true, elapsedMs: 8000 }));
    expect(recordings[0]).toMatchObject({ answerId: 'a1', minSegment: 3, zeroAt: time - 8000 });
    expect(s.state().answer?.before).toBe('I said this.');
    expect(s.state().question).toEqual({ position: 2, text: 'Why?', followUp: 0 });
    link.events.message({ type: 'answer.ended', answerId: 'a1', position: 2, reason: 'endpoint', text: '' });
    link.events.message(started({ answerId: 'a2', position: 3 }));
    expect(recordings.at(-1)).toMatchObject({ answerId: 'a2', minSegment: 0 });
  });

  it.each([
    [401, 'token'],
    [410, 'over'],
  ] as const)('a refusal with %i ends here', async (status, end) => {
    remote = fault(status);
    const s = session();
    await s.start(ON);
    expect(link.started).toBe(0);
    expect(s.state().end).toBe(end);
  });

  it('a session that is over is completed without a connection', async () => {
    remote = state({ status: 'completed' });
    const s = session();
    await s.start(ON);
    expect(s.state().completed).toBe(true);
    expect(link.started).toBe(0);
  });
});

describe('sound up', () => {
  it('goes out while there is a connection, whoever speaks, numbered from 0 on each', async () => {
    const s = await inRoom();
    s.frame(frame()); /* of no answer yet */
    link.events.message(started());
    s.frame(frame());
    s.frame(frame());
    link.full = true;
    link.events.state('waiting', null);
    s.frame(frame());
    link.full = false;
    link.events.state('open', null);
    s.frame(frame());
    expect(link.frames).toHaveLength(3); /* where to begin is not known yet */
    link.events.message(started({ resumed: true, heardMs: 20, elapsedMs: 80 }));
    s.frame(frame());
    const numbers = link.frames.map((f) => new DataView(f.buffer).getUint32(1, true));
    expect(numbers).toEqual([0, 1, 2, 0, 1, 2, 3]); /* one frame again, two from the drop, and the new one */
    expect(link.sent.filter((m) => m.type === 'input_audio_buffer.position')).toEqual([
      { type: 'input_audio_buffer.position', answer_id: 'a1', at_ms: 0 },
      { type: 'input_audio_buffer.position', answer_id: 'a1', at_ms: 20 },
    ]);
    expect(link.frames[0]?.byteLength).toBe(645);
    s.done();
    s.frame(frame());
    expect(link.frames).toHaveLength(7);
  });

  it('“I’m done” goes out after all that was said before it', async () => {
    const s = await inRoom();
    link.events.message(started());
    link.full = true;
    for (let i = 0; i < 12; i++) s.frame(frame());
    link.full = false;
    s.done();
    expect(link.types()).not.toContain('answer.done');
    s.frame(frame());
    expect(link.types()).not.toContain('answer.done');
    s.frame(frame());
    expect(link.frames).toHaveLength(12);
    expect(link.types().at(-1)).toBe('answer.done');
  });

  it('“I’m done” waits for no microphone that is gone', async () => {
    const s = await inRoom();
    link.events.message(started());
    link.full = true;
    s.frame(frame());
    s.done();
    s.deviceLost('microphone');
    expect(link.types()).toContain('answer.done');
  });

  it('a voice over the interviewer stops it; it goes on at the beginning of the clause', async () => {
    const words = [
      { text: 'Well,', start: 0, end: 0.2 },
      { text: 'why', start: 0.22, end: 0.4 },
      { text: 'Viva?', start: 0.42, end: 0.9 },
    ];
    const seen: (number | null)[] = [];
    const s = await inRoom();
    s.onVoice((u) => seen.push(u?.utteranceId ?? null));
    link.events.message({ ...spoken(5), words });
    link.events.message({ type: 'utterance.paused', utteranceId: 5 });
    expect(s.state().current?.state).toBe('paused');
    link.events.message({ type: 'utterance.paused', utteranceId: 5 });
    link.events.message({ type: 'utterance.resumed', utteranceId: 5 });
    expect(voiceLog).toEqual(['begin 5', 'pause 5', 'resume 5 0.22']);
    expect(seen).toEqual([5, null, 5]);
    expect(s.state().current?.state).toBe('playing');
    link.events.message({ type: 'utterance.paused', utteranceId: 4 });
    expect(s.state().current?.state).toBe('playing');
  });

  it('a clause that comes later belongs to what is said: to its mouth, and to where it goes on', async () => {
    const part = (text: string, start: number, end: number): ServerMessage => ({
      type: 'utterance.part',
      utteranceId: 5,
      durationMs: 400,
      phonemes: [{ text, start, end }],
      words: [{ text, start, end }],
    });
    const mouths: (string[] | null)[] = [];
    const s = await inRoom();
    s.onVoice((u) => mouths.push(u?.phonemes.map((p) => p.text) ?? null));
    link.events.message({ ...spoken(5), words: [{ text: 'Well,', start: 0, end: 0.2 }] });
    link.events.message(part('why', 0.3, 0.45));
    link.events.message({ type: 'utterance.paused', utteranceId: 5 });
    link.events.message(part('Viva?', 0.6, 0.9)); /* nobody moves a mouth that is silent */
    link.events.message({ type: 'utterance.audio.done', utteranceId: 5 });
    link.events.message({ type: 'utterance.resumed', utteranceId: 5 });
    expect(voiceLog).toEqual(['begin 5', 'pause 5', 'complete 5', 'resume 5 0.3']);
    expect(mouths).toEqual([[], ['why'], null, ['why', 'Viva?']]);
    expect(s.state().current?.utterance).toMatchObject({ durationMs: 1800, whole: true });
    link.events.message({ ...part('no', 0, 1), utteranceId: 4 } as ServerMessage);
    expect(s.state().current?.utterance.words.map((w) => w.text)).toEqual(['Well,', 'why', 'Viva?']);
  });

  it('an answer whose end is taken back is shown with its words and its question, and recorded on', async () => {
    const s = await inRoom();
    link.events.message({ ...spoken(1), position: 1, question: 'The first?' });
    link.events.message(started());
    link.events.message({
      type: 'answer.ended',
      answerId: 'a1',
      position: 1,
      reason: 'endpoint',
      text: 'We moved it.',
    });
    link.events.message({ ...spoken(2), position: 2, question: 'The second?' });
    expect(s.state().question?.text).toBe('The second?');
    link.events.message({ type: 'utterance.paused', utteranceId: 2 });
    link.events.message({ type: 'utterance.cancelled', utteranceId: 2 });
    link.events.message(started({ resumed: true, elapsedMs: 9000 }));
    expect(s.state().question?.text).toBe('The first?');
    expect(s.state().answer?.before).toBe('We moved it.');
    expect(s.state().last).toBeNull();
    expect(recordings.at(-1)).toMatchObject({ answerId: 'a1', zeroAt: time - 9000 });
  });

  it('while a question is asked the recording of its answer runs already', async () => {
    const s = await inRoom();
    link.events.message({ ...spoken(1), kind: 'greeting' });
    expect(recordings).toEqual([]);
    link.events.message(spoken(2));
    expect(recordings).toEqual(['wait']);
    link.events.message(started({ elapsedMs: 1800 }));
    expect(recordings.at(-1)).toMatchObject({ answerId: 'a1', zeroAt: time - 1800 });
    link.events.message(spoken(3)); /* again: the recording goes on */
    link.events.message({ type: 'answer.ended', answerId: 'a1', position: 1, reason: 'endpoint', text: '' });
    link.events.message({ type: 'session.completed', sessionId: 's' });
    expect(recordings.slice(2)).toEqual(['wait', 'stop']);
    expect(s.state().completed).toBe(true);
  });

  it('while muted silence goes out, so that its time is not missing from what follows', async () => {
    const s = await inRoom();
    link.events.message(started());
    s.frame(loud());
    s.mute(true);
    s.frame(loud());
    s.mute(false);
    s.frame(loud());
    expect(link.frames.map((f) => new DataView(f.buffer).getUint32(1, true))).toEqual([0, 1, 2]);
    expect(link.frames.map((f) => f.subarray(5).some((byte) => byte !== 0))).toEqual([true, false, true]);
    expect(link.sent.filter((m) => m.type === 'mic.state').slice(-2)).toEqual([
      { type: 'mic.state', microphone: true, muted: true },
      { type: 'mic.state', microphone: true, muted: false },
    ]);
  });

  it('while muted the encoder gets silence too', async () => {
    codec = 'opus';
    const s = await inRoom();
    link.events.message(started());
    s.mute(true);
    s.frame(loud());
    expect(encoders[0]?.heard).toEqual([false]);
    s.mute(false);
    s.frame(loud());
    expect(encoders[0]?.heard).toEqual([false, true]);
  });

  it('nothing goes out from a microphone that is lost', async () => {
    const s = await inRoom();
    link.events.message(started());
    s.deviceLost('microphone');
    s.frame(loud());
    expect(link.frames).toHaveLength(0);
  });

  it('a reconnect goes on with the recording that runs', async () => {
    await inRoom();
    link.events.message(started());
    link.events.state('waiting', null);
    link.events.state('open', null);
    link.events.message(started({ resumed: true, elapsedMs: 4000 }));
    expect(recordings).toHaveLength(1);
  });

  it('opus goes through the encoder; when it breaks, a new connection promises PCM', async () => {
    codec = 'opus';
    const s = await inRoom();
    link.events.message(started());
    s.frame(frame());
    encoders[0]?.packet(Uint8Array.of(1, 2, 3));
    expect(link.frames[0]?.[0]).toBe(2);
    encoders[0]?.error();
    expect(link.restarts).toBe(1);
    link.events.state('open', null);
    expect(link.sent.at(-1)).toMatchObject({ audio: { codec: 'pcm16' } });
  });
});

describe('sound down', () => {
  it('plays, reports, and tells the avatar when it is over', async () => {
    const s = await inRoom();
    const told: (number | null)[] = [];
    s.onVoice((u) => told.push(u?.utteranceId ?? null));
    link.events.message({
      type: 'utterance.created',
      utteranceId: 5,
      kind: 'greeting',
      position: 0,
      text: 'Hi',
      question: '',
      followUp: 0,
      sampleRate: 22050,
      samples: 10,
      durationMs: 1,
      phonemes: [],
      words: [],
    });
    link.events.sound({ utteranceId: 5, pcm: new Int16Array(10) });
    link.events.message({ type: 'utterance.audio.done', utteranceId: 5 });
    voice.started(5);
    voice.finished(5);
    expect(voiceLog).toEqual(['begin 5', 'push 5 10', 'complete 5']);
    expect(link.types().slice(-2)).toEqual(['playback.started', 'playback.finished']);
    expect(told).toEqual([5, null]);
  });
});

describe('words without sound', () => {
  it('stand there as long as they take to read, and no longer than the candidate wants', async () => {
    vi.useFakeTimers();
    const s = await inRoom();
    const silent = (utteranceId: number): ServerMessage => ({
      type: 'utterance.created',
      utteranceId,
      kind: 'question',
      position: 1,
      text: 'Why?',
      question: 'Why?',
      followUp: 0,
      sampleRate: 0,
      samples: 0,
      durationMs: 2000,
      phonemes: [],
      words: [],
    });
    link.events.message(silent(1));
    link.events.message({ type: 'utterance.audio.done', utteranceId: 1 });
    expect(s.state().current?.state).toBe('playing');
    vi.advanceTimersByTime(1900);
    expect(link.types().at(-1)).toBe('playback.started');
    vi.advanceTimersByTime(200);
    expect(link.sent.at(-1)).toEqual({ type: 'playback.finished', utterance_id: 1 });
    link.events.message(silent(2));
    s.skip();
    expect(link.sent.filter((m) => m.type === 'playback.finished')).toHaveLength(2);
    vi.useRealTimers();
    expect(voiceLog.filter((l) => l.startsWith('begin'))).toEqual([]);
  });
});

describe('the microphone', () => {
  it('lost in the middle of an answer: told, and what is left goes on in a new segment', async () => {
    const s = await inRoom();
    link.events.message(started());
    s.deviceLost('microphone');
    expect(s.state().mic).toBe('lost');
    expect(link.sent.at(-1)).toEqual({ type: 'mic.state', microphone: false, muted: false });
    expect(recordings).toHaveLength(2);
    s.setDevices({ ...ON, stream: {} as MediaStream });
    expect(s.state().mic).toBe('on');
    expect(recordings).toHaveLength(3);
  });

  it('muting mutes everything, and a reconnect says it again', async () => {
    const s = await inRoom();
    s.mute(true);
    expect(muted).toEqual([true]);
    link.events.state('waiting', null);
    link.events.state('open', null);
    expect(link.sent.slice(-2)).toMatchObject([
      { type: 'session.start', microphone: true },
      { type: 'mic.state', muted: true },
    ]);
    s.setDevices({ ...ON, camera: 'missing' });
    expect(s.state().mic).toBe('muted');
  });
});

describe('a pause', () => {
  it('sends and records nothing until it is over, then goes on in a new segment', async () => {
    const s = await inRoom();
    link.events.message(started());
    s.pause();
    expect(link.types().at(-1)).toBe('interview.pause');
    link.events.message({ type: 'interview.paused', leftMs: 60_000 });
    s.frame(loud());
    s.setDevices({ ...ON, stream: {} as MediaStream });
    expect(link.frames).toHaveLength(0);
    expect(recordings.at(-1)).toBe('stop');
    s.goOn();
    expect(link.types().at(-1)).toBe('interview.resume');
    link.events.message({ type: 'interview.resumed' });
    time = 61_000;
    link.events.message(started({ resumed: true, elapsedMs: 60_000 }));
    s.frame(loud());
    expect(link.frames).toHaveLength(1);
    expect(link.sent.at(-1)).toEqual({ type: 'input_audio_buffer.position', answer_id: 'a1', at_ms: 59_980 });
    expect(recordings.at(-1)).toMatchObject({ answerId: 'a1' });
  });

  it('time left and a wish go by the answer that is open', async () => {
    const s = await inRoom();
    expect(s.timeLeft()).toBeNull();
    s.extend();
    expect(link.types()).not.toContain('answer.extend');
    link.events.message(started({ timeLimitS: 120 }));
    time += 20_000;
    expect(s.timeLeft()).toBe(100_000);
    s.extend();
    expect(link.sent.at(-1)).toEqual({ type: 'answer.extend', answer_id: 'a1' });
  });
});

describe('typing', () => {
  it('goes over the connection when there is one', async () => {
    const s = await inRoom();
    link.events.message(started());
    expect(await s.type('Written.')).toBe(true);
    expect(link.sent.at(-1)).toEqual({ type: 'answer.text', answer_id: 'a1', text: 'Written.' });
  });

  it('goes over HTTP when there is none, and says when that fails too', async () => {
    const s = await inRoom();
    link.events.message(started());
    link.events.state('waiting', null);
    remote = fault(0);
    expect(await s.type('Written.')).toBe(false);
    expect(s.state().answer).not.toBeNull();
    remote = state();
    expect(await s.type('Written.')).toBe(true);
    expect(texts).toEqual(['Written.', 'Written.']);
    expect(s.state().last).toMatchObject({ text: 'Written.', reason: 'text' });
    expect(recordings.at(-1)).toBe('wait');
  });
});

describe('the end', () => {
  it('completes once: recording stopped, connection left', async () => {
    const s = await inRoom();
    link.events.message(started());
    link.events.message({ type: 'session.completed', sessionId: 's' });
    link.events.state('closed', 'done');
    expect(s.state().completed).toBe(true);
    expect(link.stopped).toBe(1);
    expect(recordings.at(-1)).toBe('stop');
  });

  it('another tab took over: recording stops here', async () => {
    const s = await inRoom();
    link.events.message(started());
    link.events.state('closed', 'replaced');
    expect(s.state()).toMatchObject({ end: 'replaced', completed: false });
    expect(recordings.at(-1)).toBe('stop');
  });

  it('a socket that never opens although HTTP answers is blocked, until it opens', async () => {
    const settle = async () => {
      for (let i = 0; i < 5; i++) await Promise.resolve();
    };
    const s = session();
    await s.start(ON);
    link.events.refused(2);
    await settle();
    expect(s.state().blocked).toBe(false);
    remote = fault(0);
    link.events.refused(4);
    await settle();
    expect(s.state().blocked).toBe(false); /* nothing gets through: not a proxy's doing */
    remote = state();
    link.events.refused(6);
    await settle();
    expect(s.state().blocked).toBe(true);
    link.events.state('open', null);
    expect(s.state().blocked).toBe(false);
  });

  it('a socket that never opens is explained over HTTP', async () => {
    const s = await inRoom();
    link.events.state('waiting', null);
    remote = fault(401);
    link.events.refused(2);
    for (let i = 0; i < 5; i++) await Promise.resolve();
    expect(s.state().end).toBe('token');
  });
});
