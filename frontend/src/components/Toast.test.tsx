import { act, fireEvent, render, screen } from '@testing-library/react';
import { toast as hot } from 'react-hot-toast/headless';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToastViewport } from './Toast';
import { ToastProvider, useToast, type ToastAction, type ToastKind } from '../contexts/ToastContext';

function Trigger({ kind, action }: { kind: ToastKind; action?: ToastAction }) {
  const toast = useToast();
  return (
    <button type="button" onClick={() => toast[kind]('Question 3 is deleted.', action)}>
      go
    </button>
  );
}

function show(kind: ToastKind, action?: ToastAction) {
  render(
    <ToastProvider>
      <Trigger kind={kind} action={action} />
      <ToastViewport />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByText('go'));
}

const pass = (ms: number) =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });
const text = () => screen.queryByText(/Question 3 is deleted/);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  act(() => hot.remove());
  vi.useRealTimers();
});

describe('toasts', () => {
  it('are announced in a live region that was there before them', () => {
    render(
      <ToastProvider>
        <ToastViewport />
      </ToastProvider>,
    );
    expect(screen.getByRole('status')).toBeEmptyDOMElement();
  });

  it('go by themselves after six seconds', () => {
    show('success');
    expect(text()).toBeInTheDocument();
    pass(5900);
    expect(text()?.closest('.is-leaving')).toBeNull();
    pass(200);
    expect(text()?.closest('.is-leaving')).not.toBeNull();
    pass(1100);
    expect(text()).toBeNull();
  });

  it('stay while the pointer is on them', () => {
    show('success');
    pass(5000);
    fireEvent.mouseEnter(screen.getByRole('status'));
    pass(30_000);
    pass(30_000);
    expect(text()).toBeInTheDocument();
    fireEvent.mouseLeave(screen.getByRole('status'));
    // the list is drawn anew between leaving and being gone
    pass(1500);
    pass(1500);
    expect(text()).toBeNull();
  });

  it('stay while the focus is in them', () => {
    show('success');
    fireEvent.focus(screen.getByLabelText('Close'));
    pass(30_000);
    pass(30_000);
    expect(text()).toBeInTheDocument();
  });

  it('undo once, and close', () => {
    const run = vi.fn();
    show('success', { label: 'Undo', run });
    fireEvent.click(screen.getByText('Undo'));
    expect(run).toHaveBeenCalledOnce();
    pass(1100);
    expect(text()).toBeNull();
  });

  it('say in words that they are errors', () => {
    show('error');
    expect(text()).toHaveTextContent('Error: Question 3 is deleted.');
  });
});
