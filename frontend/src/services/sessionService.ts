import { del, get, patch, post } from './api';
import type { Page, Report, Session, SessionNote, SessionStatus, SessionSummary } from './types';

export interface SessionQuery {
  page?: number;
  page_size?: number;
  status?: SessionStatus;
  interview_id?: string;
}

const path = (id: string, rest = '') => `/sessions/${encodeURIComponent(id)}${rest}`;

/* What candidates said, and the reports on it. */
export const sessionService = {
  list: (query: SessionQuery, signal?: AbortSignal) =>
    get<Page<SessionSummary>>('/sessions', { params: query, signal }),
  get: (id: string, signal?: AbortSignal) => get<Session>(path(id), { signal }),
  /** Erases transcript, recordings and report for good. */
  remove: (id: string) => del<null>(path(id)),
  /** Writes the report again; it comes back pending. */
  regenerateReport: (id: string) => post<Report>(path(id, '/report')),

  /** Oldest first; the first hundred. */
  notes: (id: string, signal?: AbortSignal) =>
    get<Page<SessionNote>>(path(id, '/notes'), { params: { page_size: 100 }, signal }),
  addNote: (id: string, text: string) => post<SessionNote>(path(id, '/notes'), { text }),
  /** 412 when somebody changed it meanwhile. */
  changeNote: (note: SessionNote, text: string) =>
    patch<SessionNote>(path(note.session_id, `/notes/${encodeURIComponent(note.id)}`), { text }),
  removeNote: (note: SessionNote) => del<null>(path(note.session_id, `/notes/${encodeURIComponent(note.id)}`)),
  transcriptUrl: (id: string, kind: 'txt' | 'vtt') => path(id, `/transcript.${kind}`),
};
