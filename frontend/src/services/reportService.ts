import { del, get, post, put } from './api';
import type { Page, Report, ReportVersion } from './types';

const path = (id: string, rest = '') => `/reports/${encodeURIComponent(id)}${rest}`;
const override = (id: string, answerId: string) => path(id, `/answers/${encodeURIComponent(answerId)}/override`);

/* What people do with a report. Every change answers with the report as it is then. */
export const reportService = {
  /** As it was in one of its versions. */
  version: (id: string, version: number, signal?: AbortSignal) =>
    get<Report>(path(id), { params: { version }, signal }),
  /** Newest first; the first hundred. */
  versions: (id: string, signal?: AbortSignal) =>
    get<Page<ReportVersion>>(path(id, '/versions'), { params: { page_size: 100 }, signal }),
  /** 409 while the version that stands is signed off. */
  setLevel: (id: string, answerId: string, level: number, reason: string) =>
    put<Report>(override(id, answerId), { level, reason }),
  takeBackLevel: (id: string, answerId: string) => del<Report>(override(id, answerId)),
  /** 409 when `version` is no longer the one that stands. */
  signOff: (id: string, version: number, outcome: 'none' | 'advance' | 'decline') =>
    post<Report>(path(id, '/sign-off'), { version, outcome }),
  pdfUrl: (id: string, version: number) => path(id, `/export.pdf?version=${version}`),
  withdrawSignOff: (id: string) => del<Report>(path(id, '/sign-off')),
};
