import { ClipboardList, Plus, UserPlus, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PageHeader } from '../components/PageHeader';
import { ResourceView } from '../components/ResourceView';
import { SessionRows } from '../components/SessionRows';
import { Badge } from '../components/ui/Badge';
import { ButtonLink } from '../components/ui/Button';
import { Card, CardHeader } from '../components/ui/Card';
import { EmptyState } from '../components/ui/EmptyState';
import { Skeleton, SkeletonRows } from '../components/ui/Skeleton';
import { useAuth } from '../contexts/AuthContext';
import { interviewService } from '../services/interviewService';
import type { Dashboard as Data, Engines, SessionSummary } from '../services/types';
import { numberWord, sinceWords, weekdayDate } from '../utils/format';
import { useInterval, useResource, useTitle } from '../utils/hooks';

const REFRESH_MS = 15_000;

function heading(data: Data | null): string {
  if (data === null) return 'Home';
  const ready = data.awaiting_review.length;
  if (ready === 0) return 'Nothing waits for your review';
  return ready === 1 ? 'One interview is ready for you' : `${numberWord(ready)} interviews are ready for you`;
}

function ReadyForReview({ data }: { data: Data }) {
  return (
    <Card className="overflow-hidden" aria-labelledby="ready">
      <CardHeader
        id="ready"
        title="Ready for review"
        aside={
          data.sessions_completed > 0 && (
            <ButtonLink size="sm" variant="quiet" to="/sessions?status=completed">
              See all {data.sessions_completed}
            </ButtonLink>
          )
        }
      />
      {data.awaiting_review.length > 0 ? (
        <SessionRows sessions={data.awaiting_review} showInterview />
      ) : (
        <EmptyState
          title="No report waits for you"
          action={data.interviews_open === 0 && <ButtonLink to="/interviews/new">Make an interview</ButtonLink>}
        >
          {data.interviews_open === 0
            ? 'There is no open interview yet. Make one, and send its link.'
            : 'Reports appear here about a minute after a candidate finishes.'}
        </EmptyState>
      )}
    </Card>
  );
}

function Running({ sessions, count }: { sessions: readonly SessionSummary[]; count: number }) {
  return (
    <Card aria-labelledby="running">
      <CardHeader
        id="running"
        title="Running now"
        aside={
          count > 0 && (
            <Badge tone="live" dot>
              {count} live
            </Badge>
          )
        }
      />
      {sessions.length === 0 ? (
        <p className="px-5 pb-5 text-ink-2">Nobody is being interviewed at the moment.</p>
      ) : (
        <ul className="px-5 pb-4">
          {sessions.map((session, i) => {
            const at = Math.min(session.answered_count + 1, session.question_count);
            return (
              <li key={session.id} className={i > 0 ? 'border-t border-line py-3' : 'py-3'}>
                <div className="flex justify-between gap-3">
                  <Link
                    className="min-w-0 font-semibold [overflow-wrap:anywhere] hover:underline"
                    to={`/sessions/${session.id}`}
                  >
                    {session.candidate.full_name}
                  </Link>
                  <span className="text-xs whitespace-nowrap text-ink-3">
                    {session.started_at === null ? '' : sinceWords(session.started_at)}
                  </span>
                </div>
                <div className="mt-1.5 flex items-center justify-between gap-3">
                  <span className="text-xs whitespace-nowrap text-ink-2">
                    Question {at} of {session.question_count}
                  </span>
                  <span className="segs w-28" aria-hidden>
                    {Array.from({ length: session.question_count }, (_, k) => (
                      <i key={k} className={k < at - 1 ? 'done' : k === at - 1 ? 'now' : ''} />
                    ))}
                  </span>
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

const ENGINE_WORDS: Record<keyof Engines, string> = {
  stt: 'Understanding speech',
  tts: 'Speaking',
  vad: 'Hearing pauses',
};

function EngineList({ engines }: { engines: Engines }) {
  const all = (Object.keys(ENGINE_WORDS) as (keyof Engines)[]).map((key) => ({ key, ...engines[key] }));
  const ready = all.every((engine) => engine.ready);
  return (
    <Card aria-labelledby="engines">
      <CardHeader
        id="engines"
        title="Speech"
        aside={<Badge tone={ready ? 'good' : 'warn'}>{ready ? 'Running' : 'Not ready'}</Badge>}
      />
      <ul className="grid gap-2.5 px-5 pb-5">
        {all.map((engine) => (
          <li key={engine.key}>
            <span className="flex justify-between gap-3">
              <span className="text-ink-2">{ENGINE_WORDS[engine.key]}</span>
              <span className="truncate text-xs text-ink-3">{engine.name}</span>
            </span>
            {!engine.ready && <span className="block text-xs text-warn-ink">{engine.message}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Figures({ data }: { data: Data }) {
  const figures: [number, string, string][] = [
    [data.interviews_open, 'Open interviews', '/interviews?status=open'],
    [data.sessions_in_progress, 'Being interviewed', '/sessions?status=in_progress'],
    [data.sessions_completed, 'Finished', '/sessions?status=completed'],
  ];
  return (
    <Card className="grid grid-cols-3 divide-x divide-line" aria-label="Figures">
      {figures.map(([figure, label, to]) => (
        <Link
          key={label}
          to={to}
          className="grid content-start gap-0.5 px-5 py-4 first:rounded-l-lg last:rounded-r-lg hover:bg-hover max-sm:px-3"
        >
          <span className="text-2xl font-bold">{figure}</span>
          <span className="text-xs text-ink-3">{label}</span>
        </Link>
      ))}
    </Card>
  );
}

function QuickActions() {
  const { hasRole } = useAuth();
  const actions: [string, string, ReactNode][] = [
    ['/interviews/new', 'Make an interview', <Plus key="i" aria-hidden className="ic" />],
    [
      '/interviews?status=open',
      'Send a link of an open interview',
      <ClipboardList key="i" aria-hidden className="ic" />,
    ],
    ['/sessions', 'Find a candidate', <Users key="i" aria-hidden className="ic" />],
  ];
  if (hasRole(['admin'])) actions.push(['/people', 'Invite a person', <UserPlus key="i" aria-hidden className="ic" />]);
  return (
    <Card aria-labelledby="quick">
      <CardHeader id="quick" title="Quick actions" />
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] px-2 pb-3">
        {actions.map(([to, label, icon]) => (
          <li key={to}>
            <Link
              to={to}
              className="flex min-h-10 items-center gap-3 rounded-md px-3 text-ink-2 hover:bg-hover hover:text-ink"
            >
              {icon}
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const skeleton = (
  <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_21rem]">
    <div className="grid content-start gap-5">
      <div className="card p-5">
        <Skeleton className="h-11 w-full" />
      </div>
      <div className="card">
        <SkeletonRows rows={6} />
      </div>
    </div>
    <div className="grid content-start gap-5">
      <div className="card p-5">
        <Skeleton className="h-24" />
      </div>
      <div className="card p-5">
        <Skeleton className="h-24" />
      </div>
    </div>
  </div>
);

export default function Dashboard() {
  const resource = useResource('dashboard', (signal) => interviewService.dashboard(signal));
  const title = heading(resource.data);
  useTitle('Home');
  useInterval(resource.reload, REFRESH_MS, resource.status === 'ready');
  return (
    <div className="page">
      <PageHeader
        over={weekdayDate(new Date())}
        title={title}
        actions={
          <ButtonLink variant="primary" icon={Plus} to="/interviews/new">
            New interview
          </ButtonLink>
        }
      />
      <ResourceView resource={resource} what="the overview" skeleton={skeleton}>
        {(data) => (
          <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_21rem]">
            <div className="grid min-w-0 content-start gap-5">
              <Figures data={data} />
              <ReadyForReview data={data} />
            </div>
            <div className="side-cards">
              <Running sessions={data.running} count={data.sessions_in_progress} />
              <EngineList engines={data.engines} />
              <QuickActions />
            </div>
          </div>
        )}
      </ResourceView>
    </div>
  );
}
