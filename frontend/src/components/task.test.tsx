import { act, renderHook, screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { ToastProvider, useToldTask } from '../contexts/ToastContext';
import { ApiError } from '../utils/errorHandler';
import { useTask } from '../utils/hooks';
import { ToastViewport } from './Toast';

const refused = new ApiError({ status: 422, code: 'field_invalid', message: 'Not so.', field: 'email' });

it('a task works until its call ends, and keeps what went wrong until the next', async () => {
  const { result } = renderHook(() => useTask());
  let end = (): void => undefined;
  let outcome: Promise<boolean> | null = null;
  act(() => {
    outcome = result.current.run(() => new Promise<void>((done) => (end = done)));
  });
  expect(result.current.working).toBe(true);
  await act(async () => {
    end();
    expect(await outcome).toBe(true);
  });
  expect(result.current.working).toBe(false);

  await act(async () => expect(await result.current.run(() => Promise.reject(refused))).toBe(false));
  expect(result.current).toMatchObject({ working: false, error: refused, problem: 'Not so.' });
  await act(async () => {
    await result.current.run(() => Promise.resolve());
  });
  expect(result.current).toMatchObject({ error: null, problem: null });
});

it('a task shows no problem that was taken care of', async () => {
  const handle = vi.fn((error: unknown) => error === refused);
  const { result } = renderHook(() => useTask(handle));
  await act(async () => expect(await result.current.run(() => Promise.reject(refused))).toBe(false));
  expect(result.current).toMatchObject({ working: false, problem: null });
  await act(async () => {
    await result.current.run(() => Promise.reject(new Error('x')));
  });
  expect(result.current.problem).toBe('Something went wrong on this page. Load it again.');
  expect(handle).toHaveBeenCalledTimes(2);
});

it('a told task says what came of it', async () => {
  const { result } = renderHook(() => useToldTask(), {
    wrapper: ({ children }) => (
      <ToastProvider>
        {children}
        <ToastViewport />
      </ToastProvider>
    ),
  });
  const told = (made: number) => `${made} are made.`;
  await act(async () => {
    await result.current.run(() => Promise.resolve(3), told);
  });
  expect(await screen.findByText('3 are made.')).toBeInTheDocument();
  await act(async () => expect(await result.current.run(() => Promise.reject(refused), 'Done.')).toBe(false));
  expect(await screen.findByText('Not so.')).toBeInTheDocument();
  expect(screen.queryByText('Done.')).not.toBeInTheDocument();
  await waitFor(() => expect(result.current.working).toBe(false));
});
