import type { ReactNode } from 'react';
import { errorMessage, isApiError } from '../utils/errorHandler';
import type { Resource } from '../utils/hooks';
import { Button, ButtonLink } from './ui/Button';
import { Loading } from './ui/Skeleton';
import { Notice } from './ui/Notice';

export interface ResourceViewProps<T> {
  resource: Resource<T>;
  /** What is loaded, for the words: “the interviews”. */
  what: string;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

interface LoadFailureProps {
  error: unknown;
  what: string;
  onRetry: () => void;
}

function Failure({ error, what, onRetry }: LoadFailureProps) {
  const status = isApiError(error) ? error.status : -1;
  if (status === 403)
    return (
      <Notice tone="warn" title="Not yours to see" action={<ButtonLink to="/">Go to Home</ButtonLink>}>
        Your role does not allow this. An administrator can change that.
      </Notice>
    );
  if (status === 404)
    return (
      <Notice tone="warn" title="This is not here" action={<ButtonLink to="/">Go to Home</ButtonLink>}>
        It was erased, the address is wrong, or it belongs to someone else.
      </Notice>
    );
  const requestId = isApiError(error) ? error.requestId : null;
  return (
    <Notice tone="danger" title={`We could not load ${what}`} action={<Button onClick={onRetry}>Try again</Button>}>
      <p>{errorMessage(error)}</p>
      {requestId !== null && status >= 500 && <p className="mt-1 text-xs text-ink-3">Request {requestId}</p>}
    </Notice>
  );
}

/** Keeps its distance from the edges of a card that it stands in. */
export function LoadFailure(props: LoadFailureProps) {
  return (
    <div className="load-failure">
      <Failure {...props} />
    </div>
  );
}

/** Loading, error, forbidden and missing, the same everywhere; the screen itself draws what was loaded. */
export function ResourceView<T>({ resource, what, skeleton, children }: ResourceViewProps<T>) {
  if (resource.status === 'loading') return <Loading what={what}>{skeleton}</Loading>;
  if (resource.status === 'error') return <LoadFailure error={resource.error} what={what} onRetry={resource.reload} />;
  return children(resource.data);
}
