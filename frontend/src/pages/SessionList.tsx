import { useSearchParams } from 'react-router';
import { PageHeader } from '../components/PageHeader';
import { Pager } from '../components/Pager';
import { ResourceView } from '../components/ResourceView';
import { SessionRows } from '../components/SessionRows';
import { Card } from '../components/ui/Card';
import { EmptyState } from '../components/ui/EmptyState';
import { Select } from '../components/ui/Input';
import { SkeletonRows } from '../components/ui/Skeleton';
import { sessionService } from '../services/sessionService';
import type { SessionStatus } from '../services/types';
import { useResource, useTitle } from '../utils/hooks';

const STATUSES = [
  { value: '', label: 'Everybody' },
  { value: 'registered', label: 'Not started' },
  { value: 'in_progress', label: 'Running' },
  { value: 'completed', label: 'Finished' },
  { value: 'withdrawn', label: 'Withdrawn' },
];

export default function SessionList() {
  useTitle('Candidates');
  const [params, setParams] = useSearchParams();
  const status = params.get('status') ?? '';
  const page = Math.max(1, Number(params.get('page') ?? 1) || 1);
  const resource = useResource(`sessions ${status} ${page}`, (signal) =>
    sessionService.list({ page, ...(status !== '' && { status: status as SessionStatus }) }, signal),
  );
  return (
    <div className="page">
      <PageHeader
        title="Candidates"
        actions={
          <div className="w-44">
            <Select
              label="Show"
              hideLabel
              options={STATUSES}
              value={status}
              onChange={({ target }) => setParams(target.value === '' ? {} : { status: target.value })}
            />
          </div>
        }
      />
      <Card className="overflow-hidden" aria-label="Candidates">
        <ResourceView resource={resource} what="the candidates" skeleton={<SkeletonRows rows={6} />}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState
                heading="h2"
                title={status === '' ? 'Nobody has opened a link yet' : 'Nobody is in this state'}
              >
                Everybody who registers through one of your links appears here.
              </EmptyState>
            ) : (
              <>
                <SessionRows sessions={data.items} showInterview />
                <Pager
                  page={data.page}
                  pageSize={data.page_size}
                  total={data.total}
                  onPage={(n) => setParams({ ...(status !== '' && { status }), page: String(n) })}
                />
              </>
            )
          }
        </ResourceView>
      </Card>
    </div>
  );
}
