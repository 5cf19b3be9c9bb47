import { download } from './download';
import { del, get, ifUnchanged, patch, post, put, type RequestOptions } from './api';
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

/*
 * The version of each interview that this page has last read or made. The words that a person edits are sent with it, so that the
 * server refuses them (412 changed_meanwhile) when somebody else changed the interview since. Its ETag is its updated_at.
 */
const versions = new Map<string, string>();

async function noting(call: Promise<Interview>): Promise<Interview> {
  const interview = await call;
  versions.set(interview.id, interview.updated_at);
  return interview;
}

/* Sharing makes a new version too, which its reply does not tell. */
function forgetting<T>(id: string, call: Promise<T>): Promise<T> {
  return call.finally(() => versions.delete(id));
}

function ifMatch(id: string): RequestOptions {
  const version = versions.get(id);
  return version === undefined ? {} : { headers: ifUnchanged(version) };
}

/* Interviews and their questions. */
export const interviewService = {
  dashboard: (signal?: AbortSignal) => get<Dashboard>('/dashboard', { signal }),
  options: (signal?: AbortSignal) => get<InterviewOptions>('/interviews/options', { signal }),
  list: (query: InterviewQuery, signal?: AbortSignal) => get<Page<Interview>>('/interviews', { params: query, signal }),
  get: (id: string, signal?: AbortSignal) => noting(get<Interview>(path(id), { signal })),
  create: (input: InterviewInput) => noting(post<Interview>('/interviews', input)),
  update: (id: string, changes: Partial<InterviewInput>) => noting(patch<Interview>(path(id), changes, ifMatch(id))),
  /** Deletes it, or archives it when candidates have registered; the reply says which. */
  remove: (id: string) => del<InterviewRemoval>(path(id)),
  restore: (id: string) => noting(post<Interview>(path(id, '/restore'))),
  rotateLink: (id: string) => noting(post<Interview>(path(id, '/link/rotate'))),
  duplicate: (id: string) => post<Interview>(path(id, '/duplicate')),
  /** The candidate's page with a session that counts nowhere; of a draft too. */
  preview: (id: string) => post<InterviewPreview>(path(id, '/preview')),
  reviewers: (id: string, signal?: AbortSignal) => get<Page<Reviewer>>(path(id, '/reviewers'), { signal }),
  share: (id: string, whom: InterviewShare) => forgetting(id, post<Page<Reviewer>>(path(id, '/reviewers'), whom)),
  unshare: (id: string, userId: string) =>
    forgetting(id, del<null>(path(id, `/reviewers/${encodeURIComponent(userId)}`))),
  /** A row for each candidate, as CSV. */
  exportTable: (interview: Interview) => download(path(interview.id, '/export.csv'), `${interview.title}.csv`),
  /** Drafts `question_count` questions from the bank; `replace` false keeps those that are there. */
  generateQuestions: (id: string, replace = true) =>
    noting(post<Interview>(path(id, '/questions/generate'), { replace })),
  /** Puts the whole list, in this order. Questions with an id keep it. */
  saveQuestions: (id: string, questions: QuestionInput[]) =>
    noting(put<Interview>(path(id, '/questions'), { questions }, ifMatch(id))),
  publish: (id: string) => noting(post<Interview>(path(id, '/publish'))),
  close: (id: string) => noting(post<Interview>(path(id, '/close'))),
  reopen: (id: string) => noting(post<Interview>(path(id, '/reopen'))),
  sessions: (id: string, page: number, signal?: AbortSignal) =>
    get<Page<SessionSummary>>(path(id, '/sessions'), { params: { page }, signal }),
};
