/* What a live interview needs of the server over HTTP, for one session and its token. An interface, so that tests stand in. */

import { publicInterviewService as service } from '../services/publicInterviewService';
import type { SessionState } from '../services/types';

export interface SegmentRef {
  answerId: string;
  segment: number;
}

/** Each resolves to the number of the chunk the server waits for next; failures are ApiError. */
export interface UploadApi {
  /** offsetMs: a whole number; negative: it begins before the answer. */
  createSegment(ref: SegmentRef, mediaType: string, offsetMs: number): Promise<number>;
  putChunk(ref: SegmentRef, seq: number, data: ArrayBuffer, sha256: string): Promise<number>;
  finishSegment(ref: SegmentRef, chunks: number): Promise<void>;
}

export interface SessionApi extends UploadApi {
  state(): Promise<SessionState>;
  answerText(answerId: string, text: string, followUp: number): Promise<SessionState>;
  complete(): Promise<SessionState>;
  withdraw(): Promise<void>;
  liveUrl(): string;
}

export function sessionApi(sessionId: string, token: string): SessionApi {
  return {
    state: () => service.state(sessionId, token),
    answerText: (answerId, text, followUp) => service.answerText(sessionId, token, answerId, text, followUp),
    complete: () => service.complete(sessionId, token),
    withdraw: async () => {
      await service.withdraw(sessionId, token);
    },
    liveUrl: () => service.liveSocket(sessionId, token).url,
    async createSegment({ answerId, segment }, mediaType, offsetMs) {
      const start = { media_type: mediaType, offset_ms: Math.max(0, offsetMs), lead_ms: Math.max(0, -offsetMs) };
      return (await service.startSegment(sessionId, token, answerId, segment, start)).next_seq;
    },
    async putChunk({ answerId, segment }, seq, data, sha256) {
      return (await service.uploadChunk(sessionId, token, answerId, segment, { seq, data, sha256 })).next_seq;
    },
    async finishSegment({ answerId, segment }, chunks) {
      await service.finishSegment(sessionId, token, answerId, segment, chunks);
    },
  };
}
