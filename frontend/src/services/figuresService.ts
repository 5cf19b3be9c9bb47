import { get } from './api';
import { download } from './download';
import type { AdverseImpact, LevelAgreement, ReportStatistics, ScoreDrift } from './types';

/** RFC 3339; `to` is not included. */
export interface Period {
  from?: string;
  to?: string;
}
export type FigureFilter = Period & { interview_id: string };
export type DriftPeriod = ScoreDrift['period'];
export type ImpactQuery = Period & { basis: AdverseImpact['basis']; threshold?: number };

const impactPath = (id: string, end: string) => `/interviews/${encodeURIComponent(id)}/adverse-impact${end}`;

/* Figures over many reports. */
export const figuresService = {
  scores: (filter: FigureFilter, signal?: AbortSignal) =>
    get<ReportStatistics>('/reports/statistics', { params: filter, signal }),
  drift: (filter: FigureFilter, period: DriftPeriod, signal?: AbortSignal) =>
    get<ScoreDrift>('/reports/drift', { params: { ...filter, period }, signal }),
  agreement: (filter: FigureFilter, signal?: AbortSignal) =>
    get<LevelAgreement>('/reports/agreement', { params: filter, signal }),
  /** Each call is recorded in the audit log. */
  impact: (interviewId: string, query: ImpactQuery, signal?: AbortSignal) =>
    get<AdverseImpact>(impactPath(interviewId, ''), { params: query, signal }),
  exportImpact: (interviewId: string, query: ImpactQuery, name: string) => {
    const words = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
    return download(`${impactPath(interviewId, '.csv')}?${new URLSearchParams(words).toString()}`, name);
  },
};
