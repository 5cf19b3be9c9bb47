import { useState } from 'react';
import { AdminNav } from '../../components/AdminNav';
import { DayBars } from '../../components/DayBars';
import { PageHeader } from '../../components/PageHeader';
import { ResourceView } from '../../components/ResourceView';
import { Badge } from '../../components/ui/Badge';
import { Card, CardHeader } from '../../components/ui/Card';
import { Details } from '../../components/ui/Details';
import { Select } from '../../components/ui/Input';
import { Skeleton, SkeletonRows } from '../../components/ui/Skeleton';
import { Table } from '../../components/ui/Table';
import { adminService } from '../../services/adminService';
import type { DayCounts, LatencyView, Statistics } from '../../services/types';
import { byteSize, lasted, percent, plural, shortTime, utcDay } from '../../utils/format';
import { useInterval, useResource, useTitle } from '../../utils/hooks';
import { FailedJobs } from './FailedJobs';
import { jobWords } from './words';
import { SystemFacts } from './SystemFacts';

const REFRESH_MS = 30_000;
const SPANS = [7, 30, 90].map((n) => ({ value: String(n), label: `Last ${n} days` }));

type Series = Exclude<keyof DayCounts, 'day'>;
const SERIES: readonly [Series, string][] = [
  ['registered', 'Registered'],
  ['started', 'Started'],
  ['completed', 'Finished'],
  ['withdrawn', 'Withdrawn'],
  ['reports_ready', 'Reports written'],
];

/** “12, most on 21 November (4)”; “None” when there was nothing. */
function finding(days: readonly DayCounts[], series: Series): string {
  const total = days.reduce((sum, day) => sum + day[series], 0);
  if (total === 0) return 'None';
  const top = days.reduce((best, day) => (day[series] > best[series] ? day : best));
  return `${total}, most on ${utcDay(top.day)} (${top[series]})`;
}

function Trends({ days, span, onSpan }: { days: readonly DayCounts[]; span: number; onSpan: (n: number) => void }) {
  return (
    <Card aria-labelledby="trends">
      <CardHeader
        id="trends"
        title="Day by day"
        aside={
          <div className="w-40">
            <Select
              label="Days shown"
              hideLabel
              options={SPANS}
              value={String(span)}
              onChange={({ target }) => onSpan(Number(target.value))}
            />
          </div>
        }
      />
      <div className="grid gap-x-8 gap-y-6 px-5 pb-4 md:grid-cols-2">
        {SERIES.map(([series, label]) => (
          <DayBars key={series} label={label} finding={finding(days, series)} values={days.map((day) => day[series])} />
        ))}
      </div>
      <Details summary="All figures">
        <Table name="Day by day" head={['Day (UTC)', ...SERIES.map(([, label]) => label)]}>
          {[...days].reverse().map((day) => (
            <tr key={day.day}>
              <th scope="row">{utcDay(day.day)}</th>
              {SERIES.map(([series]) => (
                <td key={series}>{day[series]}</td>
              ))}
            </tr>
          ))}
        </Table>
      </Details>
    </Card>
  );
}

function Counts({ data }: { data: Statistics }) {
  const { users, interviews, sessions, reports } = data;
  const figures: [number, string, string][] = [
    [
      users.admin + users.recruiter + users.reviewer,
      'People',
      `${plural(users.admin, 'administrator')}, ${plural(users.recruiter, 'recruiter')}, ${plural(users.reviewer, 'reviewer')}`,
    ],
    [
      interviews.draft + interviews.open + interviews.closed,
      'Interviews',
      `${interviews.open} open, ${interviews.draft} draft, ${interviews.closed} closed`,
    ],
    [data.candidates, 'Candidates', `${sessions.completed} finished, ${sessions.in_progress} running`],
    [reports.ready, 'Reports', `${reports.pending} being written, ${reports.failed} failed`],
  ];
  return (
    <Card aria-label="Figures">
      <dl className="grid grid-cols-2 md:grid-cols-4">
        {figures.map(([figure, label, detail]) => (
          <div key={label} className="grid content-start gap-0.5 px-5 py-4 max-sm:px-4">
            <dt className="text-xs text-ink-3">{label}</dt>
            <dd className="text-2xl font-bold">{figure}</dd>
            <dd className="text-xs text-ink-2">{detail}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Health({ data }: { data: Statistics }) {
  const { engines, database, cache } = data;
  const parts = [
    { label: 'Understanding speech', part: engines.stt },
    { label: 'Speaking', part: engines.tts },
    { label: 'Hearing pauses', part: engines.vad },
    { label: 'Database', part: database },
    { label: 'Cache', part: cache },
  ];
  const ready = parts.every(({ part }) => part.ready);
  return (
    <Card aria-labelledby="health">
      <CardHeader
        id="health"
        title="Health"
        aside={<Badge tone={ready ? 'good' : 'warn'}>{ready ? 'All running' : 'Not all running'}</Badge>}
      />
      <ul className="grid gap-2.5 px-5 pb-5">
        {parts.map(({ label, part }) => (
          <li key={label}>
            <span className="flex justify-between gap-3">
              <span className="text-ink-2">{label}</span>
              <span className="truncate text-xs text-ink-3">{part.ready ? part.name : 'Not ready'}</span>
            </span>
            {!part.ready && <span className="block text-xs text-warn-ink">{part.message}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Live({ data }: { data: Statistics }) {
  const { live } = data;
  const rows: [string, string][] = [
    ['Under way', String(live.under_way)],
    ['Waiting to begin', String(live.waiting)],
    ['In memory', String(live.held)],
    ['Speech workers busy', percent(live.speech_utilisation)],
    ['Live captions', live.captions_delayed ? 'delayed' : 'as they are said'],
  ];
  return (
    <Card aria-labelledby="live">
      <CardHeader id="live" title="Interviews just now" />
      <dl className="grid gap-2.5 px-5 pb-5">
        {rows.map(([label, value]) => (
          <div key={label} className="flex items-baseline justify-between gap-3">
            <dt className="text-ink-2">{label}</dt>
            <dd className="text-right font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Storage({ data }: { data: Statistics }) {
  const { storage } = data;
  const rows: [string, string, string][] = [
    ['Recordings', byteSize(storage.recording_bytes), plural(storage.recordings, 'piece')],
    ['Resumes', byteSize(storage.resume_bytes), plural(storage.resumes, 'file')],
    [
      'On disk',
      `${storage.disk_complete ? '' : 'more than '}${byteSize(storage.disk_bytes)}`,
      plural(storage.disk_files, 'file'),
    ],
    ['Database', byteSize(storage.database_bytes), ''],
    ['Free', byteSize(storage.free_bytes), 'where recordings lie'],
  ];
  return (
    <Card aria-labelledby="storage">
      <CardHeader id="storage" title="Storage" />
      <dl className="grid gap-2.5 px-5 pb-5">
        {rows.map(([label, size, detail]) => (
          <div key={label} className="flex items-baseline justify-between gap-3">
            <dt className="text-ink-2">{label}</dt>
            <dd className="text-right">
              <span className="font-semibold">{size}</span>
              {detail !== '' && <span className="block text-xs text-ink-3">{detail}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

const STATES = { queued: 'waiting', running: 'running', done: 'done', failed: 'failed' };

function Queue({ data, onChanged }: { data: Statistics; onChanged: () => void }) {
  const { queue } = data;
  const late = queue.oldest_waiting_s > 60;
  return (
    <Card aria-labelledby="queue">
      <CardHeader
        id="queue"
        title="Background work"
        aside={late && <Badge tone="warn">Oldest waits {lasted(queue.oldest_waiting_s)}</Badge>}
      />
      <div className="px-5 pb-5">
        {queue.jobs.length === 0 ? (
          <p className="text-ink-2">Nothing waits, and nothing was done in the last week.</p>
        ) : (
          <ul className="grid gap-2">
            {queue.jobs.map((job) => (
              <li key={`${job.kind} ${job.state}`} className="flex justify-between gap-3">
                <span className="text-ink-2">{jobWords(job.kind)}</span>
                <span className={job.state === 'failed' ? 'text-warn-ink' : ''}>
                  {job.count} {STATES[job.state]}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {queue.failed > 0 && <FailedJobs total={queue.failed} onChanged={onChanged} />}
    </Card>
  );
}

const time = (ms: number | null): string => (ms === null ? '' : shortTime(ms));

function Latency({ id, title, rows }: { id: string; title: string; rows: readonly LatencyView[] }) {
  const busy = rows.filter((row) => row.total.count > 0);
  return (
    <Card aria-labelledby={id} className="overflow-hidden">
      <CardHeader id={id} title={title} aside={<span className="text-xs text-ink-3">last five minutes</span>} />
      {busy.length === 0 ? (
        <p className="px-5 pb-5 text-ink-2">Nothing was measured yet.</p>
      ) : (
        <Table name={title} head={['What', 'Calls', 'Median', '95 %', '99 %', 'Since the start']}>
          {busy.map(({ name, recent, total }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{recent.count}</td>
              <td>{time(recent.p50_ms)}</td>
              <td>{time(recent.p95_ms)}</td>
              <td>{time(recent.p99_ms)}</td>
              <td className="text-ink-2">
                {total.count}, 95 % in {time(total.p95_ms)}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}

const skeleton = (
  <div className="grid gap-5">
    <div className="card p-5">
      <Skeleton className="h-16" />
    </div>
    <div className="card">
      <SkeletonRows rows={6} />
    </div>
  </div>
);

export default function AdminSystem() {
  useTitle('System');
  const [span, setSpan] = useState(30);
  const resource = useResource(`statistics ${span}`, (signal) => adminService.statistics(span, signal));
  useInterval(resource.reload, REFRESH_MS, resource.status === 'ready');
  return (
    <div className="page">
      <PageHeader title="System" />
      <AdminNav />
      <ResourceView resource={resource} what="the state of the system" skeleton={skeleton}>
        {(data) => (
          <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_21rem]">
            <div className="grid min-w-0 content-start gap-5">
              <Counts data={data} />
              <Trends days={data.days} span={span} onSpan={setSpan} />
              <Latency id="requests" title="Requests" rows={data.requests} />
              <Latency id="engine-latency" title="Speech engines" rows={data.engine_latency} />
            </div>
            <div className="side-cards">
              <Health data={data} />
              <Queue data={data} onChanged={resource.reload} />
              <Live data={data} />
              <Storage data={data} />
              <SystemFacts />
            </div>
          </div>
        )}
      </ResourceView>
    </div>
  );
}
