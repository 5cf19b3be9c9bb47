import { Pencil, RotateCcw, CircleSlash } from 'lucide-react';
import { useState } from 'react';
import { Navigate, useParams } from 'react-router';
import { CopyLink } from '../components/CopyLink';
import { Notches } from '../components/Notches';
import { PageHeader } from '../components/PageHeader';
import { Pager } from '../components/Pager';
import { ResourceView } from '../components/ResourceView';
import { SessionRows } from '../components/SessionRows';
import { InterviewStatusBadge } from '../components/StatusBadge';
import { Badge } from '../components/ui/Badge';
import { Button, ButtonLink } from '../components/ui/Button';
import { Card, CardHeader } from '../components/ui/Card';
import { EmptyState } from '../components/ui/EmptyState';
import { Skeleton, SkeletonRows } from '../components/ui/Skeleton';
import { useAuth } from '../contexts/AuthContext';
import { useToldTask } from '../contexts/ToastContext';
import { interviewService } from '../services/interviewService';
import type { Interview } from '../services/types';
import { humanise, level, longTime, plural } from '../utils/format';
import { useResource, useTitle } from '../utils/hooks';
import { categoryLabel } from '../utils/labels';
import { mayChange } from '../services/roles';
import { InterviewTools } from './interview/InterviewTools';

function Candidates({ interview }: { interview: Interview }) {
  const [page, setPage] = useState(1);
  const resource = useResource(`interview-sessions ${interview.id} ${page}`, (signal) =>
    interviewService.sessions(interview.id, page, signal),
  );
  return (
    <Card className="overflow-hidden" aria-labelledby="candidates">
      <CardHeader id="candidates" title="Candidates" />
      <ResourceView resource={resource} what="the candidates" skeleton={<SkeletonRows rows={4} />}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState
              title="Nobody has opened the link yet"
              action={interview.status === 'open' && <CopyLink url={interview.candidate_url} />}
            >
              Candidates appear here when they register. Their reports follow about a minute after they finish.
            </EmptyState>
          ) : (
            <>
              <SessionRows sessions={data.items} showInterview={false} />
              <Pager page={data.page} pageSize={data.page_size} total={data.total} onPage={setPage} />
            </>
          )
        }
      </ResourceView>
    </Card>
  );
}

function About({ interview }: { interview: Interview }) {
  const { statistics: figures } = interview;
  const rows: [string, string][] = [
    ['Candidates', String(figures.candidates)],
    ['Running now', String(figures.in_progress)],
    ['Finished', String(figures.completed)],
    ['Questions', String(interview.questions?.length ?? interview.question_count)],
    ['Kind', humanise(interview.interview_type)],
    ['Level', humanise(interview.difficulty)],
    ['Interviewer', humanise(interview.avatar)],
    ...(interview.max_sessions > 0 ? [['Places', String(interview.max_sessions)] as [string, string]] : []),
    ...(interview.expires_at !== null ? [['Register until', longTime(interview.expires_at)] as [string, string]] : []),
  ];
  return (
    <Card className="p-5" aria-labelledby="about">
      <h2 id="about" className="text-base font-semibold">
        This interview
      </h2>
      <dl className="mt-3 grid grid-cols-[1fr_auto] gap-x-4 gap-y-2 text-ink-2">
        {rows.map(([term, value]) => (
          <div key={term} className="contents">
            <dt>{term}</dt>
            <dd className="text-right font-medium text-ink">{value}</dd>
          </div>
        ))}
        {figures.average_score !== null && (
          <div className="contents">
            <dt>Mean level suggested</dt>
            <dd className="flex items-center justify-end gap-2 font-medium text-ink">
              <Notches score={figures.average_score} />
              {level(figures.average_score)}
            </dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

function Questions({ interview }: { interview: Interview }) {
  const questions = interview.questions ?? [];
  return (
    <Card className="overflow-hidden" aria-labelledby="questions">
      <CardHeader id="questions" title={plural(questions.length, 'question')} />
      <ol>
        {questions.map((question) => (
          <li key={question.id} className="grid grid-cols-[1.25rem_1fr] gap-2 border-t border-line px-5 py-3">
            <span className="font-semibold text-ink-3">{question.position}</span>
            <span>
              <span className="voice block text-lg leading-6">{question.text}</span>
              <span className="text-xs text-ink-3">{categoryLabel(question.category)}</span>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Actions({ interview, onChange }: { interview: Interview; onChange: (interview: Interview) => void }) {
  const { working, run } = useToldTask();
  const open = interview.status === 'open';
  const turn = () =>
    run(
      async () => {
        const next = await (open ? interviewService.close(interview.id) : interviewService.reopen(interview.id));
        onChange({ ...next, questions: next.questions ?? interview.questions ?? [] });
      },
      open ? 'Closed. The link tells candidates so.' : 'Open again. The same link works.',
    );
  return (
    <>
      <Button
        icon={open ? CircleSlash : RotateCcw}
        working={working && (open ? 'Closing' : 'Opening')}
        onClick={() => void turn()}
      >
        {open ? 'Close' : 'Open again'}
      </Button>
      <ButtonLink icon={Pencil} to={`/interviews/${interview.id}/edit`}>
        Edit
      </ButtonLink>
      {open && <CopyLink variant="primary" url={interview.candidate_url} />}
    </>
  );
}

const skeleton = (
  <div className="grid gap-5">
    <Skeleton className="h-10 w-72 max-w-full" />
    <div className="card">
      <SkeletonRows rows={5} />
    </div>
  </div>
);

export default function InterviewDetail() {
  const { id = '' } = useParams();
  const { user } = useAuth();
  const resource = useResource(`interview ${id}`, (signal) => interviewService.get(id, signal));
  useTitle(resource.data?.title ?? 'Interview');
  if (resource.data?.status === 'draft' && resource.data.archived_at === null && mayChange(user, resource.data))
    return <Navigate to={`/interviews/${id}/edit`} replace />;
  return (
    <div className="page">
      {resource.status !== 'ready' && <h1 className="sr-only">Interview</h1>}
      <ResourceView resource={resource} what="the interview" skeleton={skeleton}>
        {(interview) => (
          <>
            <PageHeader
              crumbs={[{ to: '/interviews', label: 'Interviews' }, { label: interview.job_role }]}
              title={interview.title}
              under={
                <span className="flex flex-wrap items-center gap-2">
                  <InterviewStatusBadge status={interview.status} />
                  {interview.archived_at !== null && <Badge tone="plain">Archived</Badge>}
                  {interview.organisation}
                </span>
              }
              actions={
                mayChange(user, interview) &&
                interview.archived_at === null && <Actions interview={interview} onChange={resource.set} />
              }
            />
            <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_21rem]">
              <Candidates interview={interview} />
              <div className="side-cards">
                <About interview={interview} />
                <InterviewTools interview={interview} mayChange={mayChange(user, interview)} onChange={resource.set} />
                <Questions interview={interview} />
              </div>
            </div>
          </>
        )}
      </ResourceView>
    </div>
  );
}
