/* Puts a live interview together with the real browser: the rig's devices, a WebSocket, IndexedDB, MediaRecorder. */

import { sessionApi } from './api';
import { OpusEncoder, opusWorks } from './audio/opus';
import { UtterancePlayer } from './audio/player';
import type { ShownQuestion } from './machine';
import { ownSegment, ownedElsewhere } from './recording/locks';
import { AnswerRecorder } from './recording/recorder';
import { openStore } from './recording/store';
import { Uploader } from './recording/uploader';
import type { UploadProgress } from './recording/uploader';
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
  onUpload: (progress: UploadProgress) => void;
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

/** Chunks of a session that still lie on this device are sent on; used by the interview and by the page after it. */
export async function openUploader(options: Pick<LiveOptions, 'sessionId' | 'token' | 'onUpload'>) {
  const { store, durable } = await openStore();
  const { sessionId, token, onUpload } = options;
  const api = sessionApi(sessionId, token);
  const uploader = new Uploader({ sessionId, store, api, onProgress: onUpload, ownedElsewhere });
  await uploader.recover();
  return { uploader, durable, api };
}

export async function connectLive(options: LiveOptions): Promise<Live> {
  const { sessionId, token, rig } = options;
  const { uploader, durable, api } = await openUploader(options);
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
  const wake = () => uploader.wake();
  addEventListener('online', wake);
  return {
    session,
    uploader,
    durable,
    dispose() {
      offFrame();
      offLost();
      removeEventListener('online', wake);
      void session.leave();
    },
  };
}
