import { reportService } from '../../services/reportService';
import type { Page, Report, ReportVersion } from '../../services/types';
import { level, longDate } from '../../utils/format';
import { useResource, type Resource } from '../../utils/hooks';

const WHY: Record<ReportVersion['reason'], string> = {
  completed: 'after the interview',
  rubric_changed: 'questions or weights were changed',
  requested: 'asked for',
};

export const versionLabel = (one: ReportVersion): string =>
  `Version ${one.version}, ${longDate(one.made_at)}, ${WHY[one.reason]}, ${
    one.overall_score === null ? 'not scored' : level(one.overall_score)
  }${one.current ? ' (current)' : ''}`;

/** The versions of a report, the newest first. */
export const useVersions = (report: Report): Resource<Page<ReportVersion>> =>
  useResource(`versions ${report.id} ${report.latest_version}`, (signal) => reportService.versions(report.id, signal));
