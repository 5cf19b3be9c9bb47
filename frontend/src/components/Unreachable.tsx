import { Button } from './ui/Button';
import { Logo } from './Logo';
import { errorMessage } from '../utils/errorHandler';

/** The server did not answer while someone who is logged in opened the page: nothing is lost, nobody is logged out. */
export function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <main id="main" className="page grid min-h-dvh max-w-[30rem] content-center justify-items-start gap-4">
      <Logo />
      <h1 className="mt-4 text-2xl font-bold">Viva does not answer</h1>
      <p className="text-ink-2">{errorMessage(error)} You are still logged in.</p>
      <Button variant="primary" onClick={onRetry}>
        Try again
      </Button>
    </main>
  );
}
