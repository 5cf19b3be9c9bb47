import { Download } from 'lucide-react';
import { useState } from 'react';
import { useParams } from 'react-router';
import { PageHeader } from '../../components/PageHeader';
import { ResourceView } from '../../components/ResourceView';
import { Button } from '../../components/ui/Button';
import { Input } from '../../components/ui/Input';
import { Skeleton } from '../../components/ui/Skeleton';
import { useAuth } from '../../contexts/AuthContext';
import { useToldTask } from '../../contexts/ToastContext';
import type { Period } from '../../services/figuresService';
import { interviewService } from '../../services/interviewService';
import { mayChange } from '../../services/roles';
import type { Interview } from '../../services/types';
import { useResource, useTitle } from '../../utils/hooks';
import { AgreementCard } from './AgreementCard';
import { Distribution } from './Distribution';
import { Drift } from './Drift';
import { Impact } from './Impact';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/* Days as they are typed; the last one is included. */
function periodOf(first: string, last: string): Period {
  return {
    ...(DAY.test(first) && { from: `${first}T00:00:00Z` }),
    ...(DAY.test(last) && { to: new Date(Date.parse(`${last}T00:00:00Z`) + DAY_MS).toISOString() }),
  };
}

function Reports({ interview }: { interview: Interview }) {
  const { working, run } = useToldTask();
  const save = () => void run(() => interviewService.exportTable(interview));
  return (
    <Button icon={Download} working={working && 'Exporting'} onClick={save}>
      All reports as CSV
    </Button>
  );
}

function Content({ interview }: { interview: Interview }) {
  const { user } = useAuth();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const backwards = first !== '' && last !== '' && last < first;
  const period = periodOf(first, backwards ? '' : last);
  const filter = { interview_id: interview.id, ...period };
  return (
    <>
      <PageHeader
        crumbs={[
          { to: '/interviews', label: 'Interviews' },
          { to: `/interviews/${interview.id}`, label: interview.title },
          { label: 'Figures' },
        ]}
        title="Figures"
        under={interview.title}
        actions={<Reports interview={interview} />}
      />
      <div className="mb-5 flex flex-wrap gap-3">
        <div className="w-44">
          <Input label="Finished from" type="date" value={first} onChange={({ target }) => setFirst(target.value)} />
        </div>
        <div className="w-44">
          <Input
            label="Until"
            type="date"
            value={last}
            error={backwards ? 'Left out: it lies before the first day.' : undefined}
            onChange={({ target }) => setLast(target.value)}
          />
        </div>
      </div>
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <Distribution filter={filter} />
        <Drift filter={filter} />
      </div>
      <div className="mt-5 grid gap-5">
        <AgreementCard filter={filter} />
        {mayChange(user, interview) && <Impact key={JSON.stringify(period)} interview={interview} period={period} />}
      </div>
    </>
  );
}

const skeleton = (
  <div className="grid gap-5">
    <Skeleton className="h-10 w-72 max-w-full" />
    <Skeleton className="h-60" />
  </div>
);

/** An interview’s reports taken together. */
export default function Figures() {
  const { id = '' } = useParams();
  const resource = useResource(`interview ${id}`, (signal) => interviewService.get(id, signal));
  useTitle(resource.data === null ? 'Figures' : `Figures, ${resource.data.title}`);
  return (
    <div className="page">
      {resource.status !== 'ready' && <h1 className="sr-only">Figures</h1>}
      <ResourceView resource={resource} what="the interview" skeleton={skeleton}>
        {(interview) => <Content interview={interview} />}
      </ResourceView>
    </div>
  );
}
