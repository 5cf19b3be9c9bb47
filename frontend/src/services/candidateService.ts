import { isApiError } from '../utils/errorHandler';
import { del, get, post } from './api';
import type { Resume, Timeline } from './types';

const UPLOAD_TIMEOUT_MS = 120_000;
const path = (id: string, rest = '') => `/candidates/${encodeURIComponent(id)}${rest}`;

/* What there is of a candidate beside what was said. */
export const candidateService = {
  /** null: none was handed in. */
  resume: async (id: string, signal?: AbortSignal): Promise<{ resume: Resume | null }> => {
    try {
      return { resume: await get<Resume>(path(id, '/resume'), { signal }) };
    } catch (error) {
      if (isApiError(error) && error.code === 'no_resume') return { resume: null };
      throw error;
    }
  },
  /** In place of the one before. 422 says what is wrong with the file. */
  uploadResume: (id: string, file: File) => {
    const form = new FormData();
    form.append('file', file);
    return post<Resume>(path(id, '/resume'), form, { timeout: UPLOAD_TIMEOUT_MS });
  },
  removeResume: (id: string) => del<null>(path(id, '/resume')),
  timeline: (id: string, signal?: AbortSignal) => get<Timeline>(path(id, '/timeline'), { signal }),
};
