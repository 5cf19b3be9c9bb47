import { del, get, patch, post, put } from './api';
import type {
  Dashboard,
  Interview,
  InterviewInput,
  InterviewOptions,
  InterviewStatus,
  Page,
  QuestionInput,
  SessionSummary,
} from './types';

export interface InterviewQuery {
  page?: number;
  page_size?: number;
  status?: InterviewStatus;
  search?: string;
}

const path = (id: string, rest = '') => `/interviews/${encodeURIComponent(id)}${rest}`;

/* Interviews and their questions. */
export const interviewService = {
  dashboard: (signal?: AbortSignal) => get<Dashboard>('/dashboard', { signal }),
  options: (signal?: AbortSignal) => get<InterviewOptions>('/interviews/options', { signal }),
  list: (query: InterviewQuery, signal?: AbortSignal) => get<Page<Interview>>('/interviews', { params: query, signal }),
  get: (id: string, signal?: AbortSignal) => get<Interview>(path(id), { signal }),
  create: (input: InterviewInput) => post<Interview>('/interviews', input),
  update: (id: string, changes: Partial<InterviewInput>) => patch<Interview>(path(id), changes),
  remove: (id: string) => del<null>(path(id)),
  /** Drafts `question_count` questions from the bank; `replace` false keeps those that are there. */
  generateQuestions: (id: string, replace = true) => post<Interview>(path(id, '/questions/generate'), { replace }),
  /** Puts the whole list, in this order. Questions with an id keep it. */
  saveQuestions: (id: string, questions: QuestionInput[]) => put<Interview>(path(id, '/questions'), { questions }),
  publish: (id: string) => post<Interview>(path(id, '/publish')),
  close: (id: string) => post<Interview>(path(id, '/close')),
  reopen: (id: string) => post<Interview>(path(id, '/reopen')),
  sessions: (id: string, page: number, signal?: AbortSignal) =>
    get<Page<SessionSummary>>(path(id, '/sessions'), { params: { page }, signal }),
};
