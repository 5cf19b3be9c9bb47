import { createContext, useContext, type ReactNode } from 'react';
import { toast as hot } from 'react-hot-toast/headless';
import { errorMessage } from '../utils/errorHandler';
import { useTask } from '../utils/hooks';

export type ToastKind = 'success' | 'error' | 'warning' | 'info';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface ToastExtra {
  kind: ToastKind;
  action: ToastAction | null;
}

type Show = (message: string, action?: ToastAction) => string;

export interface Toasts {
  success: Show;
  error: Show;
  warning: Show;
  info: Show;
  dismiss: (id: string) => void;
  /** What a toast is beyond its words; for the component that draws them. */
  extra: (id: string) => ToastExtra;
}

const ToastContext = createContext<Toasts | null>(null);

/* Long enough to read and to reach the undo; a fault stays a little longer. Hovering and focus stop the clock. */
const DURATION_MS: Record<ToastKind, number> = { success: 6000, info: 6000, warning: 9000, error: 9000 };
const PLAIN: ToastExtra = { kind: 'info', action: null };

/* Beside react-hot-toast's own list, which is as global as this one; the oldest go when many have passed. */
const extras = new Map<string, ToastExtra>();
const KEPT = 50;

const show =
  (kind: ToastKind): Show =>
  (message, action) => {
    const id = crypto.getRandomValues(new Uint32Array(2)).join('-');
    extras.set(id, { kind, action: action ?? null });
    for (const old of extras.keys()) {
      if (extras.size <= KEPT) break;
      extras.delete(old);
    }
    return hot(message, { id, duration: DURATION_MS[kind] });
  };

const toasts: Toasts = {
  success: show('success'),
  error: show('error'),
  warning: show('warning'),
  info: show('info'),
  dismiss: (id) => hot.dismiss(id),
  extra: (id) => extras.get(id) ?? PLAIN,
};

/** Confirmations and undo. Anything that blocks work belongs on the page, not here. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return <ToastContext.Provider value={toasts}>{children}</ToastContext.Provider>;
}

export function useToast(): Toasts {
  const value = useContext(ToastContext);
  if (value === null) throw new Error('useToast needs a ToastProvider above it');
  return value;
}

export interface ToldTask {
  working: boolean;
  /** `said` is told when the call went well; what went wrong is told in any case. False: it failed. */
  run: <T>(call: () => Promise<T>, said?: string | ((made: T) => string)) => Promise<boolean>;
}

/** A task whose outcome is told in a toast. */
export function useToldTask(): ToldTask {
  const toast = useToast();
  const { working, run } = useTask((error) => {
    toast.error(errorMessage(error));
    return true;
  });
  return {
    working,
    run: (call, said) =>
      run(async () => {
        const made = await call();
        if (said !== undefined) toast.success(typeof said === 'string' ? said : said(made));
      }),
  };
}
