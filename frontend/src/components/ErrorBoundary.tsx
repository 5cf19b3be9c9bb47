import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from './ui/Button';
import { Card, CardBody } from './ui/Card';

interface Props {
  children: ReactNode;
  /** A changed value (the address) clears the fault. */
  resetKey?: string;
}

interface State {
  error: Error | null;
  resetKey: string | undefined;
}

/** Keeps a fault on one screen from taking the page down, and says what to do. Details only while developing. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // eslint-disable-next-line no-console -- the only place where a fault of our own is written down
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    // a new version on the server removes the old files: loading the page again brings the new ones
    const stale = /dynamically imported module|Importing a module script|ChunkLoadError/i.test(error.message);
    return (
      <main id="main" className="page grid place-items-center" role="alert">
        <Card className="w-full max-w-[34rem]">
          <CardBody className="grid gap-4">
            <div>
              <h1 className="text-lg font-semibold">
                {stale ? 'There is a newer version of Viva' : 'This page met a fault'}
              </h1>
              <p className="mt-1 text-ink-2">
                {stale
                  ? 'Load the page again to use it.'
                  : 'What you saved is safe. Try again, or load the page again.'}
              </p>
            </div>
            {import.meta.env.DEV && (
              <pre className="well max-h-64 overflow-auto p-3 text-2xs whitespace-pre-wrap">
                {error.stack ?? error.message}
              </pre>
            )}
            <div className="flex flex-wrap gap-2">
              <Button variant="primary" onClick={() => window.location.reload()}>
                Load the page again
              </Button>
              {!stale && <Button onClick={() => this.setState({ error: null })}>Try again</Button>}
            </div>
          </CardBody>
        </Card>
      </main>
    );
  }
}
