import { EmptyState } from '../components/ui/EmptyState';
import { ButtonLink } from '../components/ui/Button';
import { Card } from '../components/ui/Card';
import { useTitle } from '../utils/hooks';

export default function NotFound() {
  useTitle('Not here');
  return (
    <div className="page !max-w-[40rem]">
      <h1 className="sr-only">Not here</h1>
      <Card>
        <EmptyState
          heading="h2"
          title="There is no page at this address"
          action={
            <ButtonLink variant="primary" to="/">
              Go to Home
            </ButtonLink>
          }
        >
          It was moved or erased, or the address has a slip in it.
        </EmptyState>
      </Card>
    </div>
  );
}
