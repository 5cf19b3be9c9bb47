import { Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { CopyLink } from '../components/CopyLink';
import { PageHeader } from '../components/PageHeader';
import { Pager } from '../components/Pager';
import { ResourceView } from '../components/ResourceView';
import { InterviewStatusBadge } from '../components/StatusBadge';
import { Badge } from '../components/ui/Badge';
import { ButtonLink } from '../components/ui/Button';
import { Card } from '../components/ui/Card';
import { EmptyState } from '../components/ui/EmptyState';
import { Select } from '../components/ui/Input';
import { SkeletonRows } from '../components/ui/Skeleton';
import { useAuth } from '../contexts/AuthContext';
import { interviewService } from '../services/interviewService';
import type { Interview, InterviewStatus } from '../services/types';
import { plural, relativeDayInline } from '../utils/format';
import { useResource, useTitle } from '../utils/hooks';
import { mayChange } from '../services/roles';

const STATUSES = [
  { value: '', label: 'All' },
  { value: 'draft', label: 'Drafts' },
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
  { value: 'archived', label: 'Archived' },
];
const SORTS = [
  { value: '', label: 'Newest first' },
  { value: '-updated_at', label: 'Last changed' },
  { value: 'title', label: 'By title' },
];
const SEARCH_PAUSE_MS = 300;

function Row({ interview }: { interview: Interview }) {
  const { user } = useAuth();
  const { statistics: figures } = interview;
  const draft = interview.status === 'draft';
  const edits = draft && interview.archived_at === null && mayChange(user, interview);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3 first:border-t-0 hover:bg-hover md:grid-cols-[minmax(0,1fr)_6rem_9rem_8.5rem]">
      <div className="min-w-0">
        <Link
          className="font-semibold [overflow-wrap:anywhere] hover:underline"
          to={edits ? `/interviews/${interview.id}/edit` : `/interviews/${interview.id}`}
        >
          {interview.title}
        </Link>
        <p className="text-xs leading-[1.125rem] [overflow-wrap:anywhere] text-ink-3">
          {[interview.job_role, plural(interview.question_count, 'question')].join(', ')}
        </p>
      </div>
      <div className="justify-self-end md:justify-self-start">
        {interview.archived_at === null ? (
          <InterviewStatusBadge status={interview.status} />
        ) : (
          <Badge tone="plain">Archived</Badge>
        )}
      </div>
      <p className="text-xs text-ink-2 max-md:col-start-1">
        {draft
          ? `Changed ${relativeDayInline(interview.updated_at)}`
          : `${plural(figures.candidates, 'candidate')}, ${figures.completed} finished`}
      </p>
      <div className="justify-self-end">
        {interview.status === 'open' && interview.archived_at === null ? (
          <CopyLink size="sm" label="Copy link" url={interview.candidate_url} />
        ) : (
          <ButtonLink size="sm" to={edits ? `/interviews/${interview.id}/edit` : `/interviews/${interview.id}`}>
            {edits ? 'Go on' : 'Open'}
            <span className="sr-only"> {interview.title}</span>
          </ButtonLink>
        )}
      </div>
    </li>
  );
}

/* The box answers each key; the address, and with it the search, follows after a pause. */
function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <div className="relative min-w-0 flex-1 max-sm:basis-full md:w-72 md:flex-none">
      <label className="sr-only" htmlFor="search">
        Search interviews
      </label>
      <Search aria-hidden className="ic ic-sm absolute top-1/2 left-3 -translate-y-1/2 text-ink-3" />
      <input
        id="search"
        type="search"
        className="input !pl-9"
        placeholder="Title or role"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}

export default function InterviewList() {
  useTitle('Interviews');
  const staff = useAuth().hasRole(['admin', 'recruiter']);
  const [params, setParams] = useSearchParams();
  const status = params.get('status') ?? '';
  const search = params.get('search') ?? '';
  const sort = params.get('sort') ?? '';
  const page = Math.max(1, Number(params.get('page') ?? 1) || 1);
  const resource = useResource(`interviews ${status} ${search} ${sort} ${page}`, (signal) =>
    interviewService.list(
      {
        page,
        ...(status === 'archived' && { archived: 'true' }),
        ...(status !== '' && status !== 'archived' && { status: status as InterviewStatus }),
        ...(search !== '' && { search }),
        ...(sort !== '' && { sort }),
      },
      signal,
    ),
  );
  const change = (name: string, value: string) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (name !== 'page') next.delete('page');
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  const filtered = status !== '' || search !== '';
  return (
    <div className="page">
      <PageHeader
        title="Interviews"
        actions={
          staff && (
            <ButtonLink variant="primary" icon={Plus} to="/interviews/new">
              New interview
            </ButtonLink>
          )
        }
      />
      <div className="mb-4 flex flex-wrap gap-2">
        <SearchBox value={search} onSearch={(text) => change('search', text)} />
        <div className="w-28">
          <Select
            label="Show"
            hideLabel
            options={STATUSES}
            value={status}
            onChange={(event) => change('status', event.target.value)}
          />
        </div>
        <div className="w-36">
          <Select
            label="Order"
            hideLabel
            options={SORTS}
            value={sort}
            onChange={(event) => change('sort', event.target.value)}
          />
        </div>
      </div>
      <Card className="overflow-hidden" aria-label="Interviews">
        <ResourceView resource={resource} what="the interviews" skeleton={<SkeletonRows rows={5} />}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState
                heading="h2"
                title={
                  filtered
                    ? 'No interview fits'
                    : staff
                      ? 'There is no interview yet'
                      : 'Nothing is shared with you yet'
                }
                action={!filtered && staff && <ButtonLink to="/interviews/new">Make an interview</ButtonLink>}
              >
                {filtered
                  ? 'Change the words or the filter.'
                  : !staff
                    ? 'Interviews appear here when a colleague shares them with you.'
                    : 'Describe a role; Viva drafts the questions, and you get a link for candidates.'}
              </EmptyState>
            ) : (
              <>
                <ul>
                  {data.items.map((interview) => (
                    <Row key={interview.id} interview={interview} />
                  ))}
                </ul>
                <Pager
                  page={data.page}
                  pageSize={data.page_size}
                  total={data.total}
                  onPage={(n) => change('page', String(n))}
                />
              </>
            )
          }
        </ResourceView>
      </Card>
    </div>
  );
}
