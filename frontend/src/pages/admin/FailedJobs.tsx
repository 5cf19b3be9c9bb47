import { ResourceView } from '../../components/ResourceView';
import { Button } from '../../components/ui/Button';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { useToldTask } from '../../contexts/ToastContext';
import { adminService } from '../../services/adminService';
import type { Job } from '../../services/types';
import { plural, relativeDay } from '../../utils/format';
import { useResource } from '../../utils/hooks';
import { jobWords } from './words';

function FailedJob({ job, onRetried }: { job: Job; onRetried: () => void }) {
  const { working, run } = useToldTask();
  const retry = async () => {
    if (await run(() => adminService.retryJob(job.id), 'It is tried again now.')) onRetried();
  };
  return (
    <li className="grid gap-1 border-t border-line py-3 first:border-t-0">
      <span className="flex items-center justify-between gap-3">
        <span className="min-w-0">
          <span className="block font-semibold">{jobWords(job.kind)}</span>
          <span className="block text-xs text-ink-3">{relativeDay(job.updated_at)}</span>
        </span>
        <Button
          size="sm"
          aria-label={`Try again: ${jobWords(job.kind)}, ${relativeDay(job.updated_at)}`}
          working={working && 'Trying'}
          onClick={() => void retry()}
        >
          Try again
        </Button>
      </span>
      <span className="text-xs [overflow-wrap:anywhere] text-warn-ink">{job.last_error}</span>
    </li>
  );
}

/** The newest of what failed for good, each of which may be tried again. Erased a week after. */
export function FailedJobs({ total, onChanged }: { total: number; onChanged: () => void }) {
  const resource = useResource(`failed jobs ${total}`, (signal) => adminService.jobs('failed', signal));
  return (
    <div className="border-t border-line px-5 py-3">
      <h3 className="font-semibold">{plural(total, 'job')} failed</h3>
      <ResourceView resource={resource} what="what failed" skeleton={<SkeletonRows rows={2} />}>
        {(page) => (
          <ul>
            {page.items.map((job) => (
              <FailedJob
                key={job.id}
                job={job}
                onRetried={() => {
                  resource.reload();
                  onChanged();
                }}
              />
            ))}
          </ul>
        )}
      </ResourceView>
    </div>
  );
}
