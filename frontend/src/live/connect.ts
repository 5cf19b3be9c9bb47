/* Puts a live interview together with the real browser: the rig's devices, a WebSocket, IndexedDB, MediaRecorder. */

import { sessionApi } from './api';
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
  uploader: Uploader;
  /** Recordings survive a crash of this tab. */
  durable: boolean;
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

export async function connectLive(options: LiveOptions): Promise<Live> {
  const { sessionId, token, rig } = options;
  const { uploader, durable } = await openUploads(sessionId, token);
  const api = sessionApi(sessionId, token);
  const ctx = rig.sound?.ctx;
  const session = new LiveSession({
    api,
    transport: (events) => new Transport({ url: api.liveUrl(), token, events }),
    voice: (events) => (ctx ? new UtterancePlayer(ctx, events) : new SilentVoice(events)),
    codec: async () => ((await opusWorks()) ? 'opus' : 'pcm16'),
    encoder: (onPacket, onError) => new OpusEncoder(onPacket, onError),
    recorder: new AnswerRecorder({ sessionId, sink: uploader, own: ownSegment, onProblem: options.onProblem }),
    setMuted: (muted) => rig.setMuted(muted),
    memory: questionMemory(sessionId),
  });
  const offFrame = rig.onFrame((frame) => session.frame(frame));
  const offLost = rig.onLost((kind) => session.deviceLost(kind));
  return {
    session,
    uploader,
    durable,
    dispose() {
      offFrame();
      offLost();
      void session.leave();
    },
  };
}
