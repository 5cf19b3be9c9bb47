import { ArrowRight, Check } from 'lucide-react';
import { clsx } from 'clsx';
import { useCallback, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { CopyLink } from '../components/CopyLink';
import { ResourceView } from '../components/ResourceView';
import { InterviewStatusBadge } from '../components/StatusBadge';
import { Button } from '../components/ui/Button';
import { Skeleton } from '../components/ui/Skeleton';
import { interviewService } from '../services/interviewService';
import type { Interview, InterviewOptions } from '../services/types';
import type { SaveState } from '../utils/autosave';
import { errorMessage, isApiError } from '../utils/errorHandler';
import { clockTime, humanise } from '../utils/format';
import { useResource, useTitle } from '../utils/hooks';
import { InviteStep } from './editor/InviteStep';
import { QuestionsStep } from './editor/QuestionsStep';
import { RoleForm, type RoleFields } from './editor/RoleForm';
import { useQuestionDrafts, type QuestionDrafts } from './editor/useQuestionDrafts';

const STEPS = [
  { key: 'role', label: 'Role' },
  { key: 'questions', label: 'Questions' },
  { key: 'invite', label: 'Invite' },
] as const;
type Step = (typeof STEPS)[number]['key'];

function SaveLine({ save, unfinishedAt, onRetry }: { save: SaveState; unfinishedAt: number; onRetry: () => void }) {
  if (unfinishedAt !== -1)
    return <span className="text-warn-ink">Not saved: question {unfinishedAt + 1} has no words</span>;
  switch (save.kind) {
    case 'clean':
      return null;
    case 'pending':
    case 'saving':
      return <span>Saving</span>;
    case 'saved':
      return <span>Saved {clockTime(save.at.toISOString())}</span>;
    case 'failed':
      return (
        <span className="text-danger-ink">
          Not saved. {errorMessage(save.error)}{' '}
          {isApiError(save.error) && save.error.code === 'changed_meanwhile' ? (
            <button type="button" className="link" onClick={() => window.location.reload()}>
              Load it again
            </button>
          ) : (
            <button type="button" className="link" onClick={onRetry}>
              Try again
            </button>
          )}
        </span>
      );
  }
}

function Steps({ step, created, base }: { step: Step; created: boolean; base: string }) {
  const at = STEPS.findIndex((one) => one.key === step);
  return (
    <ol className="flex items-center text-sm max-md:w-full max-md:justify-between" aria-label="Steps">
      {STEPS.map(({ key, label }, i) => {
        const look = clsx('flex min-h-8 items-center gap-2 rounded-sm px-2', i === at ? 'font-semibold' : 'text-ink-2');
        const number = (
          <span
            className={clsx(
              'grid h-5 w-5 place-items-center rounded-full text-2xs font-semibold',
              i < at ? 'text-good' : i === at ? 'bg-accent text-on-accent' : 'bg-chip text-ink-2',
            )}
          >
            {i < at ? <Check aria-hidden className="ic ic-sm" /> : i + 1}
          </span>
        );
        return (
          <li key={key} className="flex items-center">
            {i > 0 && <span className="mx-1 w-6 border-t border-line-strong max-sm:w-3" />}
            {created ? (
              <Link
                to={`${base}?step=${key}`}
                replace
                className={clsx(look, 'hover:bg-hover')}
                aria-current={i === at ? 'step' : undefined}
              >
                {number}
                {label}
              </Link>
            ) : (
              <span className={look} aria-current={i === at ? 'step' : undefined}>
                {number}
                {label}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

interface HeadProps {
  interview: Interview | null;
  step: Step;
  drafts: QuestionDrafts | null;
}

function Head({ interview, step, drafts }: HeadProps) {
  const base = interview === null ? '/interviews/new' : `/interviews/${interview.id}/edit`;
  const navigate = useNavigate();
  return (
    <div className="top-0 z-10 border-b border-line bg-surface lg:sticky">
      <div className="flex min-h-[4.25rem] flex-wrap items-center justify-between gap-x-6 gap-y-2 px-[var(--gutter)] py-3">
        <div className="min-w-0 flex-1 basis-52">
          <h1 className="truncate text-lg leading-6 font-semibold" title={interview?.title}>
            {interview?.title ?? 'New interview'}
          </h1>
          <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3" role="status">
            {interview === null ? (
              'Describe the role; the questions are drafted from it'
            ) : (
              <InterviewStatusBadge status={interview.status} />
            )}
            {drafts !== null && (
              <SaveLine save={drafts.save} unfinishedAt={drafts.unfinishedAt} onRetry={() => void drafts.flush()} />
            )}
          </p>
        </div>
        <Steps step={step} created={interview !== null} base={base} />
        <div className="flex flex-1 basis-40 justify-end gap-2 max-md:hidden">
          {interview?.status === 'open' && step !== 'invite' && <CopyLink url={interview.candidate_url} />}
          {interview !== null && step === 'questions' && (
            <Button
              variant={interview.status === 'open' ? 'secondary' : 'primary'}
              icon={ArrowRight}
              iconAfter
              onClick={() => void navigate(`${base}?step=invite`)}
            >
              Invite
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function ExistingInterview({ initial, options }: { initial: Interview; options: InterviewOptions }) {
  const [params, setParams] = useSearchParams();
  const [interview, setInterview] = useState(initial);
  const drafts = useQuestionDrafts(initial);
  const asked = params.get('step');
  const step = STEPS.find((one) => one.key === asked)?.key ?? 'questions';
  const interviewer =
    options.avatars.find((avatar) => avatar.value === interview.avatar)?.label ?? humanise(interview.avatar);
  useTitle(interview.title);

  const saveRole = async (fields: RoleFields) => {
    await drafts.flush(); // what is still under way would make this change one of an older version
    setInterview(await interviewService.update(interview.id, fields));
    setParams({ step: 'questions' });
  };
  return (
    <>
      <Head interview={interview} step={step} drafts={drafts} />
      <div className="page !max-w-[96rem]">
        {step === 'role' && (
          <div className="mx-auto max-w-[52rem]">
            <RoleForm interview={interview} options={options} onSubmit={saveRole} />
          </div>
        )}
        {step === 'questions' && <QuestionsStep interview={interview} drafts={drafts} interviewer={interviewer} />}
        {step === 'invite' && <InviteStep interview={interview} drafts={drafts} onChange={setInterview} />}
      </div>
    </>
  );
}

function NewInterview({ options }: { options: InterviewOptions }) {
  const navigate = useNavigate();
  useTitle('New interview');
  // kept over a failed second call, so that trying again drafts for the same interview instead of making another
  const [created, setCreated] = useState<Interview | null>(null);
  const create = async (fields: RoleFields) => {
    const interview =
      created === null ? await interviewService.create(fields) : await interviewService.update(created.id, fields);
    setCreated(interview);
    await interviewService.generateQuestions(interview.id);
    await navigate(`/interviews/${interview.id}/edit?step=questions`, { replace: true });
  };
  return (
    <>
      <Head interview={null} step="role" drafts={null} />
      <div className="page !max-w-[56rem]">
        <RoleForm interview={null} options={options} onSubmit={create} />
      </div>
    </>
  );
}

const skeleton = (
  <div className="grid gap-5 lg:grid-cols-[17.5rem_minmax(0,1fr)]">
    <Skeleton className="h-80" />
    <Skeleton className="h-96" />
  </div>
);

export default function InterviewEditor() {
  const { id } = useParams();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const [options, interview] = await Promise.all([
        interviewService.options(signal),
        id === undefined ? null : interviewService.get(id, signal),
      ]);
      return { options, interview };
    },
    [id],
  );
  const resource = useResource(`editor ${id ?? 'new'}`, load);
  if (resource.status !== 'ready')
    return (
      <div className="page">
        <h1 className="sr-only">Interview</h1>
        <ResourceView resource={resource} what="the editor" skeleton={skeleton}>
          {() => null}
        </ResourceView>
      </div>
    );
  const { options, interview } = resource.data;
  return interview === null ? (
    <NewInterview options={options} />
  ) : (
    <ExistingInterview key={interview.id} initial={interview} options={options} />
  );
}
