/* Puts a live interview together with the real browser: the rig's devices, a WebSocket, IndexedDB, MediaRecorder. */

import { sessionApi } from './api';
import type { CapturedFrame } from './audio/capture';
import { OpusEncoder, opusWorks } from './audio/opus';
import { UtterancePlayer } from './audio/player';
import type { ShownQuestion } from './machine';
import { ownSegment, ownedElsewhere } from './recording/locks';
import { AnswerRecorder } from './recording/recorder';
import { openStore } from './recording/store';
import { Uploader } from './recording/uploader';
import type { DeviceRig } from './rig';
import { LiveSession } from './session';
import { SilentVoice } from './voice';
import { Transport } from './transport';

export interface Live {
  session: LiveSession;
  /** Null in practice, where nothing is recorded. */
  uploader: Uploader | null;
  /** Recordings survive a crash of this tab. */
  durable: boolean;
  /** In practice: the own sound, on this page alone. */
  sound?: () => readonly Int16Array[];
  dispose(): void;
}

export interface LiveOptions {
  sessionId: string;
  token: string;
  rig: DeviceRig;
  onProblem: (message: string) => void;
}

const questionKey = (sessionId: string) => `viva.question.${sessionId}`;

function questionMemory(sessionId: string) {
  return {
    load(): ShownQuestion | null {
      try {
        const raw: unknown = JSON.parse(localStorage.getItem(questionKey(sessionId)) ?? 'null');
        if (typeof raw !== 'object' || raw === null) return null;
        const { position, text } = raw as Partial<ShownQuestion>;
        return typeof position === 'number' && typeof text === 'string' ? { position, text } : null;
      } catch {
        return null;
      }
    },
    save(question: ShownQuestion): void {
      try {
        localStorage.setItem(questionKey(sessionId), JSON.stringify(question));
      } catch {
        /* no storage: after a reload "Hear it again" says it */
      }
    },
  };
}

interface Uploads {
  uploader: Uploader;
  durable: boolean;
}

/* One uploader a session, however many screens come and go: what the room began the receipt waits for. */
const uploads = new Map<string, Promise<Uploads>>();

async function makeUploads(sessionId: string, token: string): Promise<Uploads> {
  const { store, durable } = await openStore();
  const uploader = new Uploader({ sessionId, store, api: sessionApi(sessionId, token), ownedElsewhere });
  addEventListener('online', () => uploader.wake());
  return { uploader, durable };
}

/** The session's uploads, with what earlier pages left on this device taken up. */
export async function openUploads(sessionId: string, token: string): Promise<Uploads> {
  const known = uploads.get(sessionId);
  const made = known ?? makeUploads(sessionId, token);
  uploads.set(sessionId, made);
  const { uploader, durable } = await made;
  if (known) uploader.setApi(sessionApi(sessionId, token));
  await uploader.recover();
  return { uploader, durable };
}

const codec = async () => ((await opusWorks()) ? ('opus' as const) : ('pcm16' as const));

function join(rig: DeviceRig, session: LiveSession, frame: (f: CapturedFrame) => void): () => void {
  const offFrame = rig.onFrame(frame);
  const offLost = rig.onLost((kind) => session.deviceLost(kind));
  return () => {
    offFrame();
    offLost();
    void session.leave();
  };
}

export async function connectLive(options: LiveOptions): Promise<Live> {
  const { sessionId, token, rig } = options;
  const { uploader, durable } = await openUploads(sessionId, token);
  const api = sessionApi(sessionId, token);
  const ctx = rig.sound?.ctx;
  const session = new LiveSession({
    api,
    transport: (events) => new Transport({ url: api.liveUrl(), token, events }),
    voice: (events) => (ctx ? new UtterancePlayer(ctx, events) : new SilentVoice(events)),
    codec,
    encoder: (onPacket, onError) => new OpusEncoder(onPacket, onError),
    recorder: new AnswerRecorder({
      sessionId,
      sink: uploader,
      own: ownSegment,
      onProblem: options.onProblem,
      videoBits: () => rig.picture.bits,
    }),
    setMuted: (muted) => rig.setMuted(muted),
    memory: questionMemory(sessionId),
  });
  return { session, uploader, durable, dispose: join(rig, session, (f) => session.frame(f)) };
}

const PRACTICE_FRAMES = 9000; /* three minutes are enough to hear oneself */

/** The same conversation with a question that is not kept: the sound stays in this page's memory until it goes. */
export function connectPractice({ sessionId, token, rig }: LiveOptions): Promise<Live> {
  const api = sessionApi(sessionId, token);
  const ctx = rig.sound?.ctx;
  const sound: Int16Array[] = [];
  const session = new LiveSession({
    api,
    transport: (events) => new Transport({ url: api.liveUrl(), token, events }),
    voice: (events) => (ctx ? new UtterancePlayer(ctx, events) : new SilentVoice(events)),
    codec,
    encoder: (onPacket, onError) => new OpusEncoder(onPacket, onError),
    recorder: { start: () => Promise.resolve(), stop: () => Promise.resolve(), wait: () => Promise.resolve() },
    setMuted: (muted) => rig.setMuted(muted),
    memory: { load: () => null, save: () => undefined },
    practice: true,
  });
  const frame = (f: CapturedFrame) => {
    const { answer } = session.state();
    session.frame(f); /* a muted frame is silence from here on */
    if (answer && !answer.closing && sound.length < PRACTICE_FRAMES) sound.push(f.pcm);
  };
  return Promise.resolve({
    session,
    uploader: null,
    durable: false,
    sound: () => sound,
    dispose: join(rig, session, frame),
  });
}
