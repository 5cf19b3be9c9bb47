/* A live interview in the browser: wires the transport, the microphone, the interviewer's voice and the recorder to the pure
 * machine, and does what the machine says. No React here; a page reads state() and subscribes. */

import { isApiError } from '../utils/errorHandler';
import type { SessionState } from '../services/types';
import type { SessionApi } from './api';
import type { CapturedFrame } from './audio/capture';
import { LevelMeter } from './audio/level';
import type { Level } from './audio/level';
import type { DeviceState } from './audio/media';
import { Backoff } from './backoff';
import { initialState, step, timeLeft } from './machine';
import type { LiveAction, LiveEvent, LiveState, MicState, OpenAnswer, ShownQuestion } from './machine';
import { Outlet } from './outlet';
import type { EncoderPort } from './outlet';
import type { ClientMessage, Codec, SoundFrame, UtteranceCreated } from './protocol';
import type { RecordingStart } from './recording/recorder';
import type { LinkEnd, LinkState, Transport, TransportEvents } from './transport';
import { Uplink } from './uplink';
import { SilentVoice, resumeFrom } from './voice';

/** The interviewer's voice; UtterancePlayer, or a silent stand-in where there is no sound. */
export interface VoicePort {
  begin(id: number, sampleRate: number): void;
  push(id: number, pcm: Int16Array): void;
  /** All of it was pushed. */
  complete(id: number): void;
  cancel(id: number): void;
  /** Silence at once; what comes meanwhile is kept. */
  pause(id: number): void;
  /** Goes on, from so many seconds into it. */
  resume(id: number, from: number): void;
  now(): number;
}

export interface VoiceEvents {
  /** Its sound is heard, from so many seconds into it: again after a pause. */
  started(utteranceId: number, from?: number): void;
  finished(utteranceId: number): void;
}

export interface RecorderPort {
  start(request: RecordingStart): Promise<void>;
  stop(): Promise<void>;
  /** Between two answers: whoever speaks over the question is recorded from the first word. */
  wait(stream: MediaStream, video: boolean): Promise<void>;
}

export type LinkPort = Pick<Transport, 'start' | 'stop' | 'restart' | 'send' | 'sendFrame' | 'ready'>;

export interface SessionPorts {
  api: Pick<SessionApi, 'state' | 'answerText' | 'complete'>;
  transport: (events: TransportEvents) => LinkPort;
  voice: (events: VoiceEvents) => VoicePort;
  /** Which encoding the browser can do; asked once before the first session.start. */
  codec: () => Promise<Codec>;
  encoder: (onPacket: (packet: Uint8Array) => void, onError: () => void) => EncoderPort;
  recorder: RecorderPort;
  setMuted: (muted: boolean) => void;
  /** The question last shown, kept over a reload of the page. */
  memory: { load(): ShownQuestion | null; save(question: ShownQuestion): void };
  /** One question that is not kept, instead of the interview. */
  practice?: boolean;
  now?: () => number;
  wait?: (ms: number) => Promise<void>;
  /** Calls again and again, until what it gives back is called. */
  every?: (ms: number, fn: () => void) => () => void;
}

/* Some ten seconds of tries. We keep trying all the same. */
const BLOCKED_TRIES = 4;

const ENDS_ANSWER = new Set<ClientMessage['type']>(['answer.done', 'answer.text', 'question.skip']);

/* No frame comes while the browser holds the AudioContext (a phone call): what is to be sent is not left to frames then. */
const DRIVE_MS = 100;

const every = (ms: number, fn: () => void) => {
  const timer = setInterval(fn, ms);
  return () => clearInterval(timer);
};
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface Devices {
  stream: MediaStream | null;
  camera: DeviceState;
  microphone: DeviceState;
  /** Record the picture too. */
  video: boolean;
}

type Listener = () => void;

export class LiveSession {
  private readonly ports: SessionPorts;
  private readonly link: LinkPort;
  private readonly voice: VoicePort;
  /** Utterances without sound: their words stand there for as long as they take to read. */
  private readonly reading: SilentVoice;
  private readonly meter = new LevelMeter();
  private readonly now: () => number;
  private current: LiveState;
  private readonly listeners = new Set<Listener>();
  private readonly levelListeners = new Set<(level: Level) => void>();
  private readonly voiceListeners = new Set<(utterance: UtteranceCreated | null) => void>();
  private devices: Devices = { stream: null, camera: 'off', microphone: 'off', video: false };
  private codec: Codec | null = null;
  private readonly uplink: Uplink;
  private readonly outlet: Outlet;
  /** What ends the answer, until all that was said before it is on its way. */
  private held: ClientMessage | null = null;
  private stopDriving: (() => void) | null = null;
  /** The answer that was open when this page began, as the server knew it. */
  private open: { answerId: string; text: string; segment: number } | null = null;
  private asked: ShownQuestion | null = null;
  /** What is being recorded: a reconnect into the same answer goes on with it. */
  private recorded: { answerId: string; stream: MediaStream; video: boolean } | null = null;
  private ended = false;

  constructor(ports: SessionPorts) {
    this.ports = ports;
    this.now = ports.now ?? (() => performance.now());
    this.current = initialState();
    const events: VoiceEvents = {
      started: (utteranceId, from = 0) =>
        this.dispatch({ type: 'playback.started', utteranceId, fromMs: Math.round(from * 1000) }),
      finished: (utteranceId) => {
        this.dispatch({ type: 'playback.finished', utteranceId });
        this.tellVoice(null);
      },
    };
    this.voice = ports.voice(events);
    this.reading = new SilentVoice(events, this.now);
    this.uplink = new Uplink({
      ready: () => this.outlet.ready() && this.link.ready(),
      position: (answerId, atMs) =>
        this.outlet.say({ type: 'input_audio_buffer.position', answer_id: answerId, at_ms: atMs }),
      frame: (pcm) => this.encode(pcm),
    });
    this.outlet = new Outlet({
      frame: (packed) => this.link.sendFrame(packed),
      message: (message) => this.link.send(message),
      encoder: ports.encoder,
      encoderBroke: () => this.opusBroke(),
    });
    this.link = ports.transport({
      state: (state, end) => this.linkChanged(state, end),
      message: (message) => {
        if (message.type === 'answer.started') this.uplink.begin(message.answerId, message.heardMs);
        this.dispatch({ type: 'server', message, now: this.now() });
        if (message.type === 'answer.started') this.restore();
      },
      sound: (frame) => this.heard(frame),
      refused: (tries) => void this.refused(tries),
    });
  }

  /* -- what a page reads -- */

  state(): LiveState {
    return this.current;
  }

  subscribe(fn: Listener): () => void {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  /** Fifty times a second while a microphone is there. */
  onLevel(fn: (level: Level) => void): () => void {
    this.levelListeners.add(fn);
    return () => this.levelListeners.delete(fn);
  }

  /** The utterance whose sound begins now or of which more is known, or null when it ended. For the avatar. */
  onVoice(fn: (utterance: UtteranceCreated | null) => void): () => void {
    this.voiceListeners.add(fn);
    return () => this.voiceListeners.delete(fn);
  }

  /** Seconds into the utterance as heard now. */
  readonly voiceNow = (): number => this.voice.now();

  /** Milliseconds since the open answer began. */
  elapsed(): number {
    return this.current.answer ? Math.max(0, this.now() - this.current.answer.zeroAt) : 0;
  }

  /** Milliseconds the open answer has left; null: no limit. */
  timeLeft(): number | null {
    return this.current.answer ? timeLeft(this.current.answer, this.now()) : null;
  }

  /** Milliseconds until a local time of the state. */
  until(at: number): number {
    return Math.max(0, at - this.now());
  }

  /* -- what a page does -- */

  /** Asks the server where the interview stands, then connects. Waits as long as the network needs. */
  async start(devices: Devices): Promise<void> {
    this.setDevices(devices);
    this.codec ??= await this.ports.codec();
    const backoff = new Backoff({ minMs: 1000, maxMs: 10_000 });
    while (!this.ended && !(await this.catchUp())) {
      this.dispatch({ type: 'link', state: 'waiting', end: null });
      await (this.ports.wait ?? wait)(backoff.next());
    }
    if (!this.ended) this.link.start();
  }

  /** Leaves the page: the session stays open on the server. */
  async leave(): Promise<void> {
    this.ended = true;
    this.hold(null);
    this.link.stop();
    this.outlet.close();
    await this.stopRecording();
  }

  done(): void {
    this.dispatch({ type: 'done' });
  }

  repeat(): void {
    this.dispatch({ type: 'repeat' });
  }

  /** The question in other words. */
  rephrase(): void {
    this.wish({ type: 'question.rephrase' });
  }

  speakSlower(slower: boolean): void {
    this.wish({ type: 'voice.rate', rate: slower ? 0.8 : 1 });
  }

  /** On to the next question without an answer. */
  pass(): void {
    this.wish({ type: 'question.skip' });
  }

  /** Enough thought. */
  ready(): void {
    this.wish({ type: 'think.done' });
  }

  /** Two minutes more. */
  extend(): void {
    if (this.current.answer) this.wish({ type: 'answer.extend', answer_id: this.current.answer.id });
  }

  pause(): void {
    this.wish({ type: 'interview.pause' });
  }

  goOn(): void {
    this.wish({ type: 'interview.resume' });
  }

  /** Enough heard: the turn goes to the candidate. */
  skip(): void {
    this.dispatch({ type: 'skip' });
  }

  /** Sends what was typed; over HTTP when there is no connection. False: it has to be tried again. */
  async type(text: string): Promise<boolean> {
    const { answer, link } = this.current;
    if (!answer) return false;
    if (link === 'open') {
      this.dispatch({ type: 'text', text });
      return true;
    }
    try {
      await this.ports.api.answerText(answer.id, text, this.current.question?.followUp ?? 0);
    } catch {
      return false;
    }
    const { id: answerId, position } = answer;
    this.dispatch({
      type: 'server',
      message: { type: 'answer.ended', answerId, position, reason: 'text', text },
      now: this.now(),
    });
    return true;
  }

  mute(muted: boolean): void {
    if (this.current.mic !== 'on' && this.current.mic !== 'muted') return;
    this.ports.setMuted(muted);
    this.dispatch({ type: 'mic', state: muted ? 'muted' : 'on' });
  }

  /** New devices, or fewer. Recording goes on with them in a new segment. */
  setDevices(devices: Devices): void {
    const changed = devices.stream !== this.devices.stream || devices.video !== this.devices.video;
    this.devices = devices;
    /* whoever muted stays muted when a device changes */
    const heard: MicState = this.current.mic === 'muted' ? 'muted' : 'on';
    const mic: MicState = devices.microphone === 'on' ? heard : devices.microphone === 'off' ? 'none' : 'lost';
    this.dispatch({ type: 'camera', on: devices.camera === 'on' });
    this.dispatch({ type: 'mic', state: mic });
    if (changed && this.current.answer && !this.current.paused) void this.record(this.current.answer);
  }

  deviceLost(kind: 'camera' | 'microphone'): void {
    this.devices = { ...this.devices, [kind]: 'missing' };
    if (kind === 'microphone') this.dispatch({ type: 'mic', state: 'lost' });
    else this.dispatch({ type: 'camera', on: false });
    /* A recorder stops when one of its tracks ends: what is left goes on in a new segment. */
    this.recorded = null;
    if (this.current.answer && !this.current.paused) void this.record(this.current.answer);
  }

  /** Every frame of the microphone passes here. */
  frame({ pcm, rms, peak }: CapturedFrame): void {
    const level = this.meter.push(rms, peak, this.now());
    for (const fn of this.levelListeners) fn(level);
    const { answer, link, mic } = this.current;
    if (!this.sends()) return;
    /* Silence goes out while muted: what is said later is as late in the transcript as in the recording. The server was told,
     * and does not take it for a pause. */
    if (mic === 'muted') pcm.fill(0);
    if (!answer) {
      this.overheard(pcm, link === 'open');
      return;
    }
    if (!answer.closing) this.uplink.push(pcm, this.elapsed());
    this.drive();
  }

  /* -- inside -- */

  /** What the microphone takes goes to the server. */
  private sends(): boolean {
    const { mic, missing, paused } = this.current;
    return !this.ended && !paused && this.codec !== null && !missing.hearing && (mic === 'on' || mic === 'muted');
  }

  /* Whoever speaks over the interviewer is heard from the first word. Of no answer yet, it is not kept. */
  private overheard(pcm: Int16Array<ArrayBuffer>, open: boolean): void {
    this.uplink.interrupted();
    if (open && this.outlet.ready() && this.link.ready()) this.encode(pcm);
    else this.outlet.lost();
  }

  private encode(pcm: Int16Array<ArrayBuffer>): void {
    if (this.codec !== null) this.outlet.frame(this.codec, pcm);
  }

  private hold(message: ClientMessage | null): void {
    this.held = message;
    this.stopDriving?.();
    this.stopDriving = message && (this.ports.every ?? every)(DRIVE_MS, () => this.drive());
  }

  private drive(): void {
    this.uplink.pump();
    if (this.uplink.pending() === 0) this.sendHeld();
  }

  private sendHeld(): void {
    const message = this.held;
    this.hold(null);
    if (message) this.outlet.sayLast(message);
  }

  private wish(message: ClientMessage): void {
    this.dispatch({ type: 'wish', message });
  }

  private dispatch(event: LiveEvent): void {
    const { state, actions } = step(this.current, event);
    const changed = state !== this.current;
    this.current = state;
    for (const action of actions) this.perform(action);
    if (changed) for (const fn of this.listeners) fn();
  }

  private perform(action: LiveAction): void {
    switch (action.do) {
      case 'greet':
        this.greet();
        break;
      case 'send':
        this.send(action.message);
        break;
      case 'play':
        this.play(action.utterance);
        if (action.utterance.kind === 'question' && !this.current.answer) void this.recordAhead();
        break;
      case 'audio-complete':
        this.voice.complete(action.utteranceId);
        this.reading.complete(action.utteranceId);
        break;
      case 'grow':
        this.tellVoice(action.utterance);
        break;
      case 'stop':
        this.voice.cancel(action.utteranceId);
        this.reading.cancel(action.utteranceId);
        this.tellVoice(null);
        break;
      case 'pause':
        this.voice.pause(action.utteranceId);
        this.reading.pause(action.utteranceId);
        this.tellVoice(null);
        break;
      case 'resume':
        this.resume(action.utterance);
        break;
      case 'open-answer':
        void this.record(action.answer);
        break;
      case 'close-answer':
        this.hold(null); /* of the next question it would be wrong */
        void this.recordAhead();
        break;
      case 'hold-answer':
        this.uplink.interrupted();
        void this.stopRecording();
        break;
      case 'remember':
        this.ports.memory.save(action.question);
        break;
      case 'completed':
        this.finish();
        break;
    }
  }

  private send(message: ClientMessage): void {
    if (ENDS_ANSWER.has(message.type)) {
      const follows = this.current.answer !== null && this.sends() && this.uplink.pending() > 0;
      this.hold(message);
      if (!follows) this.sendHeld(); /* else behind the frames that wait */
      return;
    }
    this.link.send(message);
    if (message.type === 'mic.state' && !message.microphone) {
      this.uplink.interrupted();
      this.sendHeld();
    }
  }

  private greet(): void {
    this.hold(null);
    this.outlet.begin();
    this.uplink.connected();
    const { mic, camera } = this.current;
    const microphone = mic === 'on' || mic === 'muted';
    this.link.send({
      type: 'session.start',
      audio: { codec: this.codec ?? 'pcm16' },
      playback: ['pcm16'],
      microphone,
      camera,
      practice: this.ports.practice ?? false,
    });
    if (mic === 'muted') this.link.send({ type: 'mic.state', microphone: true, muted: true });
  }

  private play(utterance: UtteranceCreated): void {
    const { utteranceId: id } = utterance;
    if (utterance.samples > 0) {
      this.voice.begin(id, utterance.sampleRate);
    } else {
      this.reading.begin(id, 1000);
      this.reading.push(id, { length: utterance.durationMs });
    }
    this.tellVoice(utterance.samples > 0 ? utterance : null);
  }

  /* From the beginning of the words it was stopped in. */
  private resume(utterance: UtteranceCreated): void {
    const voice = utterance.samples > 0 ? this.voice : this.reading;
    voice.resume(utterance.utteranceId, resumeFrom(utterance.words, voice.now()));
    this.tellVoice(utterance.samples > 0 ? utterance : null);
  }

  private heard(frame: SoundFrame): void {
    this.voice.push(frame.utteranceId, frame.pcm);
  }

  private opusBroke(): void {
    /* The codec was promised in session.start; a new connection promises another. */
    this.outlet.close();
    this.codec = 'pcm16';
    this.link.restart();
  }

  private async record(answer: OpenAnswer): Promise<void> {
    const { stream, video } = this.devices;
    if (!stream || this.ended) {
      await this.stopRecording();
      return;
    }
    const { id: answerId, zeroAt } = answer;
    const now = this.recorded;
    if (now?.answerId === answerId && now.stream === stream && now.video === video) return;
    this.recorded = { answerId, stream, video };
    const minSegment = this.open?.answerId === answerId ? this.open.segment : 0;
    await this.ports.recorder.start({ answerId, zeroAt, stream, video, minSegment });
  }

  private recordAhead(): Promise<void> {
    const { stream, video } = this.devices;
    if (!stream || this.ended) return this.stopRecording();
    this.recorded = null;
    return this.ports.recorder.wait(stream, video);
  }

  private stopRecording(): Promise<void> {
    this.recorded = null;
    return this.ports.recorder.stop();
  }

  private tellVoice(utterance: UtteranceCreated | null): void {
    for (const fn of this.voiceListeners) fn(utterance);
  }

  private linkChanged(state: LinkState, end: LinkEnd | null): void {
    this.dispatch({ type: 'link', state, end });
    if (state === 'open') return;
    this.hold(null);
    this.outlet.close();
    /* nothing is recorded ahead of a question that cannot come */
    if (!this.current.answer) void this.stopRecording();
  }

  /* Before the first connection: what an earlier page left. The number of the next recording segment must be known before one
   * is begun, or it would be taken for one that the server has. True when there is no more to wait for. */
  private async catchUp(): Promise<boolean> {
    let remote: SessionState;
    try {
      remote = await this.ports.api.state();
    } catch (error) {
      return this.refusedBy(error);
    }
    if (this.overBy(remote)) return true;
    const open = remote.answers.find((a) => a.status === 'open');
    this.open = open ? { answerId: open.id, text: open.text, segment: remote.next_segment_of_open_answer } : null;
    this.asked = open
      ? { position: open.position, text: open.question_text, followUp: open.follow_up }
      : this.ports.memory.load();
    this.dispatch({ type: 'restore', question: this.asked, before: null });
    return true;
  }

  private restore(): void {
    this.dispatch({ type: 'restore', question: this.asked, before: this.open });
  }

  /* The socket would not open and a browser does not say why: HTTP does. */
  private async refused(tries: number): Promise<void> {
    if (tries % 2 !== 0) return;
    try {
      if (this.overBy(await this.ports.api.state())) return;
      if (tries >= BLOCKED_TRIES && this.current.link !== 'open') this.dispatch({ type: 'blocked' });
    } catch (error) {
      this.refusedBy(error);
    }
  }

  private overBy(remote: SessionState): boolean {
    if (remote.status !== 'completed' && remote.status !== 'withdrawn') return false;
    this.end(remote.status === 'completed' && !remote.partial ? 'done' : 'over');
    return true;
  }

  private refusedBy(error: unknown): boolean {
    const status = isApiError(error) ? error.status : 0;
    if (status === 401 || status === 403) this.end('token');
    else if (status === 404 || status === 410) this.end('over');
    else return false;
    return true;
  }

  private end(why: LinkEnd): void {
    this.ended = true;
    this.linkChanged('closed', why);
    this.link.stop();
  }

  private finish(): void {
    this.ended = true;
    this.hold(null);
    this.outlet.close();
    void this.stopRecording();
    this.link.stop();
  }
}
