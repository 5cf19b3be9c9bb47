import { get, post, requestRaw, type Envelope } from './api';
import type { AuditEntry, Job, Page, Settings, SettingsUpdate, Statistics, SystemInfo } from './types';

export interface AuditFilters {
  /** Whole, or a beginning with its dot: “interview.”. */
  action?: string;
  /** RFC 3339. */
  from?: string;
  to?: string;
}

/** The settings with the version they were read at: a change is refused when somebody else was quicker. */
export interface VersionedSettings {
  settings: Settings;
  version: string | null;
}

function versioned(response: { data: Envelope<Settings>; headers: Record<string, unknown> }): VersionedSettings {
  const tag = response.headers.etag;
  return { settings: response.data.data, version: typeof tag === 'string' ? tag : null };
}

/* What only administrators see and do. */
export const adminService = {
  statistics: (days: number, signal?: AbortSignal) =>
    get<Statistics>('/admin/statistics', { params: { days }, signal }),
  system: (signal?: AbortSignal) => get<SystemInfo>('/admin/system', { signal }),

  jobs: (state: Job['state'], signal?: AbortSignal) =>
    get<Page<Job>>('/admin/jobs', { params: { state, page_size: 10 }, signal }),
  retryJob: (id: string) => post<Job>(`/admin/jobs/${encodeURIComponent(id)}/retry`),

  audit: (query: AuditFilters & { page?: number }, signal?: AbortSignal) =>
    get<Page<AuditEntry>>('/admin/audit', { params: query, signal }),
  async auditFile(filters: AuditFilters): Promise<Blob> {
    const reply = await requestRaw<Blob>({
      method: 'GET',
      url: '/admin/audit.csv',
      params: filters,
      responseType: 'blob',
    });
    return reply.data;
  },

  async settings(signal?: AbortSignal): Promise<VersionedSettings> {
    return versioned(await requestRaw<Envelope<Settings>>({ method: 'GET', url: '/admin/settings', signal }));
  },
  async changeSettings(change: SettingsUpdate, version: string | null): Promise<VersionedSettings> {
    const headers = version === null ? {} : { 'If-Match': version };
    return versioned(
      await requestRaw<Envelope<Settings>>({ method: 'PATCH', url: '/admin/settings', data: change, headers }),
    );
  },
};
