import { download } from './download';
import { del, get, patch, post, put } from './api';
import type {
  Dashboard,
  Interview,
  InterviewInput,
  InterviewOptions,
  InterviewPreview,
  InterviewRemoval,
  InterviewShare,
  InterviewStatus,
  Page,
  QuestionInput,
  Reviewer,
  SessionSummary,
} from './types';

export interface InterviewQuery {
  page?: number;
  page_size?: number;
  status?: InterviewStatus;
  search?: string;
  archived?: 'true' | 'false' | 'any';
  sort?: string;
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
  /** Deletes it, or archives it when candidates have registered; the reply says which. */
  remove: (id: string) => del<InterviewRemoval>(path(id)),
  restore: (id: string) => post<Interview>(path(id, '/restore')),
  rotateLink: (id: string) => post<Interview>(path(id, '/link/rotate')),
  duplicate: (id: string) => post<Interview>(path(id, '/duplicate')),
  /** The candidate's page with a session that counts nowhere; of a draft too. */
  preview: (id: string) => post<InterviewPreview>(path(id, '/preview')),
  reviewers: (id: string, signal?: AbortSignal) => get<Page<Reviewer>>(path(id, '/reviewers'), { signal }),
  share: (id: string, whom: InterviewShare) => post<Page<Reviewer>>(path(id, '/reviewers'), whom),
  unshare: (id: string, userId: string) => del<null>(path(id, `/reviewers/${encodeURIComponent(userId)}`)),
  /** A row for each candidate, as CSV. */
  exportTable: (interview: Interview) => download(path(interview.id, '/export.csv'), `${interview.title}.csv`),
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
