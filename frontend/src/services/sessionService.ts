import { del, get, post } from './api';
import type { Page, Report, Session, SessionStatus, SessionSummary } from './types';

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
};
