import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ErrorBoundary } from './ErrorBoundary';

let fault: Error | null = null;
function Screen() {
  if (fault !== null) throw fault;
  return <p>the screen</p>;
}

beforeEach(() => {
  fault = null;
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

describe('ErrorBoundary', () => {
  it('is not seen while nothing fails', () => {
    render(
      <ErrorBoundary>
        <Screen />
      </ErrorBoundary>,
    );
    expect(screen.getByText('the screen')).toBeInTheDocument();
  });

  it('says what happened and tries again', () => {
    fault = new Error('no such thing');
    render(
      <ErrorBoundary>
        <Screen />
      </ErrorBoundary>,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('This page met a fault');
    fault = null;
    fireEvent.click(screen.getByText('Try again'));
    expect(screen.getByText('the screen')).toBeInTheDocument();
  });

  it('forgets the fault on another address', () => {
    fault = new Error('no such thing');
    const at = (resetKey: string) => (
      <ErrorBoundary resetKey={resetKey}>
        <Screen />
      </ErrorBoundary>
    );
    const { rerender } = render(at('/a'));
    expect(screen.getByRole('alert')).toBeInTheDocument();
    fault = null;
    rerender(at('/b'));
    expect(screen.getByText('the screen')).toBeInTheDocument();
  });

  it('asks to load the page again after an update of the server', () => {
    fault = new Error('Failed to fetch dynamically imported module: /assets/x.js');
    render(
      <ErrorBoundary>
        <Screen />
      </ErrorBoundary>,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('There is a newer version of Viva');
    expect(screen.queryByText('Try again')).toBeNull();
  });
});
