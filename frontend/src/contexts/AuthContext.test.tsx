import { act, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../services/api';
import { REFRESH_KEY } from '../services/tokens';
import { serve, tokenPair } from '../test/server';
import { AuthProvider, useAuth } from './AuthContext';

function Probe() {
  const { state, hasRole, retry } = useAuth();
  return (
    <>
      <p>{state.status}</p>
      <p>{state.user?.full_name ?? 'nobody'}</p>
      <p>{hasRole(['admin']) ? 'may' : 'may not'}</p>
      <button type="button" onClick={retry}>
        again
      </button>
    </>
  );
}

const show = () =>
  render(
    <AuthProvider>
      <Probe />
    </AuthProvider>,
  );

beforeEach(() => {
  tokens.clear();
  // one holder at a time, as in a browser; the lease for plain http is tested with the tokens
  let tail: Promise<unknown> = Promise.resolve();
  vi.stubGlobal(
    'navigator',
    Object.assign(Object.create(navigator) as Navigator, {
      locks: {
        request: (_: string, work: () => Promise<unknown>) => {
          const turn = tail.then(work);
          tail = turn.catch(() => undefined);
          return turn;
        },
      },
    }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('AuthProvider', () => {
  it('is anonymous without a stored token, and asks nobody', () => {
    const seen = serve(() => ({}));
    show();
    expect(screen.getByText('anonymous')).toBeInTheDocument();
    expect(seen).toEqual([]);
  });

  it('resumes a session from the stored token', async () => {
    localStorage.setItem(REFRESH_KEY, 'refresh-1');
    const seen = serve(() => ({ data: tokenPair(2) }));
    show();
    expect(screen.getByText('loading')).toBeInTheDocument();
    expect(await screen.findByText('Ana Duarte')).toBeInTheDocument();
    expect(screen.getByText('may')).toBeInTheDocument();
    expect(seen).toHaveLength(1);
    expect(seen[0]?.body).toEqual({ refresh_token: 'refresh-1' });
  });

  it('is anonymous when the stored token is refused', async () => {
    localStorage.setItem(REFRESH_KEY, 'refresh-1');
    serve(() => ({ status: 401, code: 'token_invalid' }));
    show();
    expect(await screen.findByText('anonymous')).toBeInTheDocument();
    expect(localStorage.getItem(REFRESH_KEY)).toBeNull();
  });

  it('logs nobody out because the server is away, and can look again', async () => {
    localStorage.setItem(REFRESH_KEY, 'refresh-1');
    let up = false;
    serve(() => {
      if (!up) throw new Error('down');
      return { data: tokenPair(2) };
    });
    show();
    expect(await screen.findByText('unreachable')).toBeInTheDocument();
    up = true;
    act(() => screen.getByText('again').click());
    expect(await screen.findByText('Ana Duarte')).toBeInTheDocument();
  });

  it('renews a minute before expiry', async () => {
    vi.useFakeTimers();
    let n = 0;
    const seen = serve(() => ({ data: tokenPair(++n, 900) }));
    localStorage.setItem(REFRESH_KEY, 'refresh-0');
    show();
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(seen).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(839_000));
    expect(seen).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(seen.map((request) => request.body)).toEqual([
      { refresh_token: 'refresh-0' },
      { refresh_token: 'refresh-1' },
    ]);
    expect(tokens.accessToken).toBe('access-2');
  });

  it('follows another tab that logs out, and one that logs in', async () => {
    serve(() => ({ data: tokenPair(3) }));
    tokens.accept(tokenPair(1));
    localStorage.setItem(REFRESH_KEY, 'refresh-1');
    show();
    act(() => tokens.accept(tokenPair(2)));
    expect(screen.getByText('Ana Duarte')).toBeInTheDocument();
    localStorage.removeItem(REFRESH_KEY);
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: REFRESH_KEY, newValue: null })));
    expect(screen.getByText('anonymous')).toBeInTheDocument();
    localStorage.setItem(REFRESH_KEY, 'refresh-2');
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: REFRESH_KEY, newValue: 'refresh-2' })));
    await waitFor(() => expect(screen.getByText('Ana Duarte')).toBeInTheDocument());
  });
});
