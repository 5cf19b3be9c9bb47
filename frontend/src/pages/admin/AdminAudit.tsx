import { Download } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { AdminNav } from '../../components/AdminNav';
import { PageHeader } from '../../components/PageHeader';
import { Pager } from '../../components/Pager';
import { ResourceView } from '../../components/ResourceView';
import { Button } from '../../components/ui/Button';
import { Card } from '../../components/ui/Card';
import { EmptyState } from '../../components/ui/EmptyState';
import { Input, Select } from '../../components/ui/Input';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { useToldTask } from '../../contexts/ToastContext';
import { adminService, type AuditFilters } from '../../services/adminService';
import type { AuditEntry } from '../../services/types';
import { exactTime, humanise } from '../../utils/format';
import { useResource, useTitle } from '../../utils/hooks';

const KINDS = [
  { value: '', label: 'Everything' },
  { value: 'interview.', label: 'Interviews' },
  { value: 'candidate.', label: 'Candidates' },
  { value: 'session.', label: 'Sessions' },
  { value: 'user.', label: 'People' },
  { value: 'auth.', label: 'Log-ins' },
  { value: 'settings.', label: 'Settings' },
  { value: 'job.', label: 'Background work' },
];

const SUBJECTS: Record<string, string> = { auth: 'Account', job: 'Background work', user: 'Person' };

/** “interview.transfer” as “Interview: transfer”. */
const actionWords = (action: string): string => {
  const [subject = '', ...verb] = action.split('.');
  return `${SUBJECTS[subject] ?? humanise(subject)}: ${verb.join(' ').replace(/_/g, ' ')}`;
};

function who(entry: AuditEntry): string {
  if (entry.actor_name !== null) return entry.actor_name;
  if (entry.actor_kind === 'system') return 'Viva itself';
  return entry.actor_kind === 'candidate' ? 'A candidate' : 'Somebody whose account is gone';
}

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** {"fields": ["title"]} as “fields: title”. */
function detailWords(details: unknown): string {
  if (typeof details !== 'object' || details === null) return '';
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${shown(value)}`)
    .join('; ');
}

function Entry({ entry }: { entry: AuditEntry }) {
  const details = detailWords(entry.details);
  return (
    <li className="grid gap-x-4 gap-y-0.5 border-b border-line px-5 py-3 last:border-b-0 md:grid-cols-[12rem_minmax(0,1fr)]">
      <time className="text-xs text-ink-3 md:pt-0.5" dateTime={entry.at}>
        {exactTime(entry.at)}
      </time>
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p>
          <span className="font-semibold">{actionWords(entry.action)}</span>{' '}
          <span className="text-ink-2">by {who(entry)}</span>
        </p>
        {details !== '' && <p className="text-xs text-ink-2">{details}</p>}
        {entry.subject_id !== null && (
          <p className="text-xs text-ink-3">
            {entry.subject_kind} {entry.subject_id}
          </p>
        )}
      </div>
    </li>
  );
}

/* The reader's own days: from their beginning, until their end. */
const dayStart = (day: string, add = 0): string | undefined => {
  const date = new Date(`${day}T00:00:00`);
  if (Number.isNaN(date.getTime())) return undefined;
  date.setDate(date.getDate() + add);
  return date.toISOString();
};

function filtersOf(params: URLSearchParams): AuditFilters {
  const action = params.get('action') ?? '';
  const from = dayStart(params.get('from') ?? '');
  const to = dayStart(params.get('to') ?? '', 1);
  return { ...(action !== '' && { action }), ...(from && { from }), ...(to && { to }) };
}

function Filters({ params, onChange }: { params: URLSearchParams; onChange: (name: string, value: string) => void }) {
  return (
    <div className="mb-5 grid gap-3 sm:grid-cols-3 lg:max-w-3xl">
      <Select
        label="About"
        options={KINDS}
        value={params.get('action') ?? ''}
        onChange={({ target }) => onChange('action', target.value)}
      />
      <Input
        label="From"
        type="date"
        value={params.get('from') ?? ''}
        onChange={({ target }) => onChange('from', target.value)}
      />
      <Input
        label="Until"
        type="date"
        value={params.get('to') ?? ''}
        onChange={({ target }) => onChange('to', target.value)}
      />
    </div>
  );
}

function FileButton({ filters }: { filters: AuditFilters }) {
  const { working, run } = useToldTask();
  const download = () =>
    run(async () => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await adminService.auditFile(filters));
      link.download = 'audit.csv';
      link.click();
      URL.revokeObjectURL(link.href);
    });
  return (
    <Button icon={Download} working={working && 'Preparing'} onClick={() => void download()}>
      Download as CSV
    </Button>
  );
}

export default function AdminAudit() {
  useTitle('Audit log');
  const [params, setParams] = useSearchParams();
  const page = Math.max(1, Number(params.get('page') ?? 1) || 1);
  const filters = filtersOf(params);
  const filtered = Object.keys(filters).length > 0;
  const resource = useResource(`audit ${JSON.stringify(filters)} ${page}`, (signal) =>
    adminService.audit({ ...filters, page }, signal),
  );
  const set = (name: string, value: string) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      if (name !== 'page') next.delete('page');
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  return (
    <div className="page">
      <PageHeader
        title="Audit log"
        under="Who did what, newest first. It holds no names of candidates and nothing they said."
        actions={<FileButton filters={filters} />}
      />
      <AdminNav />
      <Filters params={params} onChange={set} />
      <Card className="overflow-hidden" aria-label="Entries">
        <ResourceView resource={resource} what="the audit log" skeleton={<SkeletonRows rows={8} />}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState heading="h2" title={filtered ? 'Nothing like this happened' : 'Nothing has happened yet'}>
                {filtered
                  ? 'Choose other days, or show everything.'
                  : 'What people change, and what candidates begin and end, appears here at once.'}
              </EmptyState>
            ) : (
              <>
                <ol>
                  {data.items.map((entry) => (
                    <Entry key={entry.id} entry={entry} />
                  ))}
                </ol>
                <Pager
                  page={data.page}
                  pageSize={data.page_size}
                  total={data.total}
                  onPage={(n) => set('page', String(n))}
                />
              </>
            )
          }
        </ResourceView>
      </Card>
    </div>
  );
}
