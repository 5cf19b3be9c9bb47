import { BASE, get, post, put } from './api';
import type { CandidateRegistration, SegmentState, PublicInterview, RegisteredSession, SessionState } from './types';

/* The candidate's calls. No account: a link opens the interview, and registering gives a token for that one session. */

const UPLOAD_TIMEOUT_MS = 120_000;
const session = (id: string, rest = '') => `/public/sessions/${encodeURIComponent(id)}${rest}`;
const segmentPath = (id: string, answerId: string, segment: number, rest = '') =>
  session(id, `/answers/${encodeURIComponent(answerId)}/segments/${segment}${rest}`);

/** What may be noted of the candidate's attention; `characters` of a paste. */
export interface Attention {
  kind: 'tab_hidden' | 'tab_visible' | 'pasted';
  characters?: number;
}

export interface SegmentStart {
  media_type: string;
  /** Recording time 0, in ms after the answer's start. */
  offset_ms: number;
  /** Or so long before it. */
  lead_ms: number;
}

export const publicInterviewService = {
  /** 404 link_unknown, 410 interview_closed. */
  open: (link: string, signal?: AbortSignal) =>
    get<PublicInterview>(`/public/interviews/${encodeURIComponent(link)}`, { token: null, signal }),

  /** The same address on the same link continues the same session; 409 session_completed when it is over. */
  register: (link: string, input: CandidateRegistration) =>
    post<RegisteredSession>(`/public/interviews/${encodeURIComponent(link)}/register`, input, { token: null }),

  state: (sessionId: string, token: string, signal?: AbortSignal) =>
    get<SessionState>(session(sessionId), { token, signal }),

  /** Begins the interview and opens the answer that is due, for an interview in writing. Idempotent. */
  start: (sessionId: string, token: string) => post<SessionState>(session(sessionId, '/start'), undefined, { token }),

  note: (sessionId: string, token: string, what: Attention) =>
    post<null>(session(sessionId, '/events'), what, { token }),

  /** The server forgets it: only how long it takes counts. At most 512 kB. */
  probe: (sessionId: string, token: string, data: ArrayBuffer, signal?: AbortSignal) =>
    put<null>(session(sessionId, '/probe'), data, {
      token,
      headers: { 'Content-Type': 'application/octet-stream' },
      signal,
    }),

  startSegment: (sessionId: string, token: string, answerId: string, segment: number, start: SegmentStart) =>
    put<SegmentState>(segmentPath(sessionId, answerId, segment), undefined, { token, params: start }),

  /** Idempotent. 409 chunk_gap says in `details.expected` which number the server waits for. */
  uploadChunk: (
    sessionId: string,
    token: string,
    answerId: string,
    segment: number,
    chunk: { seq: number; data: ArrayBuffer; sha256: string },
    signal?: AbortSignal,
  ) =>
    put<SegmentState>(segmentPath(sessionId, answerId, segment, `/chunks/${chunk.seq}`), chunk.data, {
      token,
      timeout: UPLOAD_TIMEOUT_MS,
      headers: { 'Content-Type': 'application/octet-stream', 'X-Chunk-SHA256': chunk.sha256 },
      signal,
    }),

  finishSegment: (sessionId: string, token: string, answerId: string, segment: number, chunks: number) =>
    post<SegmentState>(segmentPath(sessionId, answerId, segment, '/finish'), { chunks }, { token }),

  /** A typed answer, when there is no microphone and no socket, to the question (0) or a follow-up to it; it ends the answer,
   * unless something is followed up. */
  answerText: (sessionId: string, token: string, answerId: string, text: string, followUp: number) =>
    post<SessionState>(
      session(sessionId, `/answers/${encodeURIComponent(answerId)}/text`),
      { text, follow_up: followUp },
      { token },
    ),

  complete: (sessionId: string, token: string) =>
    post<SessionState>(session(sessionId, '/complete'), undefined, { token }),

  /** Erases what was recorded and ends the session. */
  withdraw: (sessionId: string, token: string) => post<null>(session(sessionId, '/withdraw'), undefined, { token }),

  /** Where the conversation runs, with the subprotocols that carry the version and the token. */
  liveSocket(sessionId: string, token: string): { url: string; protocols: string[] } {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    return {
      url: `${scheme}://${window.location.host}${BASE}${session(sessionId, '/live')}`,
      protocols: ['viva.v1', `token.${token}`],
    };
  },
};
