import { BASE, del, get, post, put } from './api';
import type { Page, Report, ReportShare, ReportShareCreate, ReportVersion, ScoreOverride, SharedReport } from './types';

const path = (id: string, rest = '') => `/reports/${encodeURIComponent(id)}${rest}`;
const override = (id: string, answerId: string) => path(id, `/answers/${encodeURIComponent(answerId)}/override`);

const shared = (token: string, rest = '') => `/public/reports/${encodeURIComponent(token)}${rest}`;

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
  /** Every level that a person set or took back, newest first. */
  overrides: (id: string, signal?: AbortSignal) => get<Page<ScoreOverride>>(path(id, '/overrides'), { signal }),
  pdfUrl: (id: string, version: number, hideNames: boolean) =>
    path(id, `/export.pdf?version=${version}${hideNames ? '&hide_names=true' : ''}`),
  withdrawSignOff: (id: string) => del<Report>(path(id, '/sign-off')),

  /** Newest first, those that ended included; without their addresses. */
  shares: (id: string, signal?: AbortSignal) => get<Page<ReportShare>>(path(id, '/shares'), { signal }),
  /** Its `url` is told this once. */
  share: (id: string, wanted: ReportShareCreate) => post<ReportShare>(path(id, '/shares'), wanted),
  endShare: (id: string, shareId: string) => del<null>(path(id, `/shares/${encodeURIComponent(shareId)}`)),
  /** What such a link shows. 404 for one that does not work, or not any more. */
  shared: (token: string, signal?: AbortSignal) => get<SharedReport>(shared(token), { token: null, signal }),
  sharedPdfUrl: (token: string) => `${BASE}${shared(token, '/export.pdf')}`,
};
