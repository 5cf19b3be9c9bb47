import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry, Job, Settings, Statistics } from '../../services/types';
import { testOptions } from '../../test/data';
import { renderScreen } from '../../test/screen';
import { serve, type FakeHandler, type FakeReply } from '../../test/server';
import AdminAudit from './AdminAudit';
import AdminSettings from './AdminSettings';
import AdminSystem from './AdminSystem';

const numbers = (count: number, ms: number | null) => ({
  count,
  mean_ms: ms,
  p50_ms: ms,
  p95_ms: ms,
  p99_ms: ms,
  max_ms: ms,
});
const engine = (name: string) => ({
  ready: true,
  name,
  engine: name,
  model: '',
  message: '',
  calls: 0,
  latency_ms: null,
});

const statistics = (more: Partial<Statistics> = {}): Statistics => ({
  at: '2026-11-24T10:00:00.000Z',
  started_at: '2026-11-24T08:00:00.000Z',
  users: { admin: 1, recruiter: 2, reviewer: 0, disabled: 0 },
  interviews: { draft: 1, open: 4, closed: 0, archived: 0 },
  candidates: 12,
  sessions: { registered: 1, in_progress: 2, completed: 9, withdrawn: 0 },
  reports: { pending: 0, ready: 8, failed: 1 },
  days: [
    { day: '2026-11-22', registered: 1, started: 0, completed: 0, withdrawn: 0, reports_ready: 0 },
    { day: '2026-11-23', registered: 4, started: 0, completed: 2, withdrawn: 0, reports_ready: 0 },
    { day: '2026-11-24', registered: 0, started: 0, completed: 1, withdrawn: 0, reports_ready: 0 },
  ],
  storage: {
    recordings: 3,
    recording_bytes: 2_500_000,
    resumes: 0,
    resume_bytes: 0,
    disk_files: 5,
    disk_bytes: 2_600_000,
    disk_complete: true,
    free_bytes: 5_000_000_000,
    database_bytes: 90_000,
  },
  queue: {
    jobs: [{ kind: 'report', state: 'done', count: 8 }],
    oldest_waiting_s: 0,
    failed: 0,
    last_failed_kind: null,
    last_error: null,
    last_failed_at: null,
  },
  live: { under_way: 3, waiting: 1, held: 6, speech_utilisation: 0.346, captions_delayed: true },
  engines: { stt: engine('whisper/base'), tts: engine('piper'), vad: engine('silero') },
  database: { ready: true, name: 'sqlite', message: '' },
  cache: { ready: true, name: 'memory', message: '' },
  requests: [{ name: 'interviews', last_ms: 2, recent: numbers(7, 1.25), total: numbers(1200, 1.5) }],
  engine_latency: [{ name: 'stt', last_ms: null, recent: numbers(0, null), total: numbers(0, null) }],
  ...more,
});

const failedJob: Job = {
  id: 'j1',
  kind: 'remux',
  subject_id: 'x',
  payload: {},
  state: 'failed',
  attempts: 3,
  max_attempts: 3,
  run_after: '2026-11-24T09:00:00.000Z',
  lease_until: null,
  last_error: 'The disk is full',
  priority: 0,
  created_at: '2026-11-24T09:00:00.000Z',
  updated_at: '2026-11-24T09:00:00.000Z',
};

const page = (items: unknown[]) => ({ items, total: items.length, page: 1, page_size: 20 });
const answering = (replies: Record<string, FakeReply | FakeHandler>) =>
  serve((request) => {
    const reply = replies[`${request.method} ${request.url}`] ?? replies[request.url];
    if (reply === undefined) return { status: 404, code: 'not_found' };
    return typeof reply === 'function' ? reply(request) : reply;
  });

describe('System', () => {
  const system: FakeReply = { status: 403, code: 'forbidden', message: 'x' };
  const show = () => renderScreen('/admin/system', '/admin/system', <AdminSystem />);

  it('says what was found above each chart, with every figure in the table', async () => {
    answering({ '/admin/statistics': { data: statistics() }, '/admin/system': system });
    show();
    expect(await screen.findByRole('img', { name: 'Registered: 5, most on 23 November (4)' })).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'Withdrawn: None' })).toBeInTheDocument();
    const day = screen.getByRole('row', { name: /^23 November/ });
    expect(
      within(day)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['4', '0', '2', '0', '0']);
    expect(screen.getByText('2.5 MB')).toBeInTheDocument();
    expect(screen.getByText('35 %')).toBeInTheDocument();
    expect(screen.getByText('delayed')).toBeInTheDocument();
    expect(screen.getByText('All running')).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /interviews 7 1\.3 ms/ })).toBeInTheDocument();
    expect(screen.getByText('Nothing was measured yet.')).toBeInTheDocument();
  });

  it('asks for as many days as are chosen', async () => {
    const seen = answering({ '/admin/statistics': { data: statistics() }, '/admin/system': system });
    show();
    await userEvent.selectOptions(await screen.findByLabelText('Days shown'), '90');
    await waitFor(() => expect(seen.filter((r) => r.url === '/admin/statistics').at(-1)?.params.days).toBe(90));
  });

  it('names the engine that is missing', async () => {
    const engines = { ...statistics().engines, tts: { ...engine(''), ready: false, message: 'The voice is not here' } };
    answering({ '/admin/statistics': { data: statistics({ engines }) }, '/admin/system': system });
    show();
    expect(await screen.findByText('Not all running')).toBeInTheDocument();
    expect(screen.getByText('The voice is not here')).toBeInTheDocument();
  });

  it('lets a failed job be tried again', async () => {
    const queue = { ...statistics().queue, failed: 1, last_error: 'The disk is full' };
    const seen = answering({
      '/admin/statistics': { data: statistics({ queue }) },
      '/admin/system': system,
      '/admin/jobs': { data: page([failedJob]) },
      'POST /admin/jobs/j1/retry': { data: { ...failedJob, state: 'queued' } },
    });
    show();
    expect(await screen.findByText('The disk is full')).toBeInTheDocument();
    const asked = seen.filter((r) => r.url === '/admin/statistics').length;
    await userEvent.click(screen.getByRole('button', { name: /^Try again: Make recordings playable/ }));
    expect(await screen.findByText('It is tried again now.')).toBeInTheDocument();
    await waitFor(() => expect(seen.filter((r) => r.url === '/admin/statistics').length).toBe(asked + 1));
  });

  it('is not everybody’s', async () => {
    answering({ '/admin/statistics': { status: 403, code: 'forbidden', message: 'x' } });
    show();
    expect(await screen.findByText('Not yours to see')).toBeInTheDocument();
  });
});

describe('Audit log', () => {
  const entry = (more: Partial<AuditEntry>): AuditEntry => ({
    id: 'e1',
    at: '2026-11-24T09:00:00.000Z',
    actor_kind: 'user',
    actor_id: 'u1',
    actor_name: 'Ana Duarte',
    action: 'settings.update',
    subject_kind: 'settings',
    subject_id: null,
    request_id: 'r',
    details: { fields: ['privacy_notice', 'organisation_name'] },
    ...more,
  });
  const show = (search = '') => renderScreen('/admin/audit', `/admin/audit${search}`, <AdminAudit />);

  it('says who did what, in words', async () => {
    answering({
      '/admin/audit': {
        data: page([
          entry({}),
          entry({ id: 'e2', action: 'candidate.expired', actor_kind: 'system', actor_id: null, actor_name: null }),
          entry({ id: 'e3', action: 'session.start', actor_kind: 'candidate', actor_name: null }),
          entry({ id: 'e4', action: 'user.create', actor_name: null }),
        ]),
      },
    });
    show();
    const rows = await screen.findAllByRole('listitem');
    expect(rows[0]).toHaveTextContent('Settings: update by Ana Duarte');
    expect(rows[0]).toHaveTextContent('fields: privacy_notice, organisation_name');
    expect(rows[1]).toHaveTextContent('Candidate: expired by Viva itself');
    expect(rows[2]).toHaveTextContent('by A candidate');
    expect(rows[3]).toHaveTextContent('by Somebody whose account is gone');
  });

  it('asks the server for what is chosen, whole days of the reader', async () => {
    const seen = answering({ '/admin/audit': { data: page([]) } });
    show('?from=2026-11-20&to=2026-11-21');
    expect(await screen.findByText('Nothing like this happened')).toBeInTheDocument();
    await userEvent.selectOptions(screen.getByLabelText('About'), 'interview.');
    await waitFor(() => expect(seen.at(-1)?.params.action).toBe('interview.'));
    const { from, to } = seen.at(-1)?.params as { from: string; to: string };
    expect(new Date(to).getTime() - new Date(from).getTime()).toBe(2 * 86_400_000);
    expect(screen.getByTestId('address')).toHaveTextContent('from=2026-11-20&to=2026-11-21&action=interview.');
  });

  it('says when there is nothing, and when it cannot be read', async () => {
    answering({ '/admin/audit': { data: page([]) } });
    show();
    expect(await screen.findByText('Nothing has happened yet')).toBeInTheDocument();
    answering({ '/admin/audit': { status: 500, code: 'internal', message: 'x' } });
    await userEvent.selectOptions(screen.getByLabelText('About'), 'job.');
    expect(await screen.findByText('We could not load the audit log')).toBeInTheDocument();
  });
});

describe('Settings', () => {
  const settings: Settings = {
    organisation_name: '',
    privacy_notice: '',
    support_email: 'jobs@halden.example',
    recording_retention_days: 90,
    candidate_retention_days: 0,
    audit_retention_days: 730,
    default_avatar: 'daniel',
    default_voice: 'en_US-joe-medium',
    default_language: 'en',
    default_time_limit_s: 0,
    ask_background: false,
    small_group_min: 5,
    updated_at: '2026-11-24T09:00:00.000Z',
  };
  const tagged = (data: Settings, tag: string): FakeReply => ({
    headers: { etag: tag },
    raw: { success: true, message: '', data, error: null },
  });
  const show = (patch: FakeReply | FakeHandler = tagged(settings, '"v2"')) => {
    const seen = answering({
      'GET /admin/settings': tagged(settings, '"v1"'),
      'PATCH /admin/settings': patch,
      '/interviews/options': { data: testOptions },
    });
    renderScreen('/admin/settings', '/admin/settings', <AdminSettings />);
    return seen;
  };
  const patched = (seen: ReturnType<typeof show>) => seen.filter((request) => request.method === 'PATCH');
  const save = () => userEvent.click(screen.getByRole('button', { name: 'Save the settings' }));

  beforeEach(() => localStorage.clear());

  it('sends what was changed and nothing else', async () => {
    const seen = show(({ body }) => tagged({ ...settings, ...(body as object) }, '"v2"'));
    await userEvent.type(await screen.findByLabelText('Organisation'), 'Halden Water');
    await userEvent.clear(screen.getByLabelText('Address for questions'));
    await save();
    expect(await screen.findByText('The settings are saved. They act now.')).toBeInTheDocument();
    expect(patched(seen)[0]?.body).toEqual({ organisation_name: 'Halden Water', support_email: null });
    expect(screen.getByLabelText('Organisation')).toHaveValue('Halden Water');
  });

  it('asks before it shortens how long things are kept, and not when it lengthens', async () => {
    const seen = show(({ body }) => tagged({ ...settings, ...(body as object) }, '"v2"'));
    const recordings = await screen.findByLabelText('Recordings, days');
    await userEvent.clear(recordings);
    await userEvent.type(recordings, '30');
    await save();
    expect(await screen.findByText(/finished more than 30 days ago/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
    expect(patched(seen)).toHaveLength(0);
    await save();
    await userEvent.click(await screen.findByRole('button', { name: 'Save and erase' }));
    await waitFor(() => expect(patched(seen)[0]?.body).toEqual({ recording_retention_days: 30 }));
    await screen.findByText('Nothing is changed yet.'); // what was saved is what the form begins from now
    await userEvent.clear(recordings);
    await userEvent.type(recordings, '0');
    await save();
    await waitFor(() => expect(patched(seen)[1]?.body).toEqual({ recording_retention_days: 0 }));
  });

  it('overwrites nobody, and shows what they set', async () => {
    show({ status: 412, code: 'changed_meanwhile', message: 'x' });
    await userEvent.type(await screen.findByLabelText('Organisation'), 'Mine');
    await save();
    expect(await screen.findByText('Somebody else changed the settings meanwhile')).toBeInTheDocument();
    answering({
      'GET /admin/settings': tagged({ ...settings, organisation_name: 'Theirs' }, '"v3"'),
      '/interviews/options': { data: testOptions },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Show theirs' }));
    await waitFor(() => expect(screen.getByLabelText('Organisation')).toHaveValue('Theirs'));
    expect(screen.queryByText(/Somebody else changed/)).not.toBeInTheDocument();
  });

  it('puts a refusal at the field it names, and checks days itself', async () => {
    const seen = show({ status: 422, code: 'field_length', field: 'privacy_notice', message: 'Too long.' });
    const audit = await screen.findByLabelText('Audit log, days');
    await userEvent.clear(audit);
    await userEvent.type(audit, '7');
    await save();
    expect(await screen.findByText('Enter a whole number from 30 on.')).toBeInTheDocument();
    expect(patched(seen)).toHaveLength(0);
    await userEvent.clear(audit);
    await userEvent.type(audit, '900');
    await userEvent.type(screen.getByLabelText('Privacy notice'), 'x');
    await save();
    expect(await screen.findByText('Too long.')).toBeInTheDocument();
  });
});
