import { useCallback, useEffect, useRef, useState } from 'react';
import { errorMessage, isCancelled } from './errorHandler';

/** Candidate pages are roomy: larger controls and text, on the whole document. */
export function useDensity(density: 'roomy'): void {
  useEffect(() => {
    const root = document.documentElement;
    root.dataset.density = density;
    return () => {
      delete root.dataset.density;
    };
  }, [density]);
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Viva' : `${title} · Viva`;
  }, [title]);
}

export type Resource<T> =
  | { status: 'loading'; data: null; error: null; reload: () => void; set: (data: T) => void }
  | { status: 'error'; data: null; error: unknown; reload: () => void; set: (data: T) => void }
  | { status: 'ready'; data: T; error: null; reload: () => void; set: (data: T) => void };

interface Outcome<T> {
  key: string;
  data: T | null;
  error: unknown;
}

/**
 * Loads something whenever `key` changes. A reload keeps what is on screen until the new data is there; a changed key
 * shows the loading state; a screen that is left cancels its call.
 */
export function useResource<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const [outcome, setOutcome] = useState<Outcome<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });

  useEffect(() => {
    const controller = new AbortController();
    latest
      .current(controller.signal)
      .then((data) => {
        if (!controller.signal.aborted) setOutcome({ key, data, error: null });
      })
      .catch((error: unknown) => {
        if (!controller.signal.aborted && !isCancelled(error)) setOutcome({ key, data: null, error });
      });
    return () => controller.abort();
  }, [key, attempt]);

  const reload = useCallback(() => setAttempt((n) => n + 1), []);
  const set = useCallback((data: T) => setOutcome({ key, data, error: null }), [key]);
  if (outcome?.key !== key) return { status: 'loading', data: null, error: null, reload, set };
  if (outcome.data === null) return { status: 'error', data: null, error: outcome.error, reload, set };
  return { status: 'ready', data: outcome.data, error: null, reload, set };
}

export interface Task {
  /** A call runs. */
  working: boolean;
  /** What was thrown the last time; null while nothing was, or another call runs. */
  error: unknown;
  /** The same as a sentence. */
  problem: string | null;
  /** Runs a call and never throws. False: it failed. */
  run: (call: () => Promise<unknown>) => Promise<boolean>;
}

const RESTING = { working: false, error: null as unknown };

/**
 * What a press begins: whether it still runs, and what went wrong with it. `handle` is offered what was thrown first,
 * and says whether it took care of it; then there is no problem to show.
 */
export function useTask(handle?: (error: unknown) => boolean): Task {
  const [{ working, error }, set] = useState(RESTING);
  const run = async (call: () => Promise<unknown>): Promise<boolean> => {
    set({ working: true, error: null });
    try {
      await call();
      set(RESTING);
      return true;
    } catch (thrown) {
      set(handle?.(thrown) === true ? RESTING : { working: false, error: thrown });
      return false;
    }
  };
  return { working, error, problem: error === null ? null : errorMessage(error), run };
}

/** True after `ms`; starts again when `active` turns true. */
export function useDelayed(active: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setLate(true), ms);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [active, ms]);
  return active && late;
}

/** Calls `tick` every `ms` while `active` and the page is visible. */
export function useInterval(tick: () => void, ms: number, active: boolean): void {
  const latest = useRef(tick);
  useEffect(() => {
    latest.current = tick;
  });
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      if (!document.hidden) latest.current();
    }, ms);
    return () => clearInterval(timer);
  }, [ms, active]);
}
