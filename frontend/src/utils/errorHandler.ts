/* One error type for everything that can go wrong between a screen and the server, and the words people read for it. */

export interface ApiErrorInit {
  status: number;
  code: string;
  message: string;
  field?: string | null;
  requestId?: string | null;
  details?: Record<string, unknown> | null;
  retryAfterS?: number | null;
}

/** A refused or failed call. `status` 0 means that no answer came: `code` is then `network`, `timeout` or `cancelled`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | null;
  readonly requestId: string | null;
  readonly details: Record<string, unknown> | null;
  readonly retryAfterS: number | null;

  constructor(init: ApiErrorInit) {
    super(init.message);
    this.name = 'ApiError';
    this.status = init.status;
    this.code = init.code;
    this.field = init.field ?? null;
    this.requestId = init.requestId ?? null;
    this.details = init.details ?? null;
    this.retryAfterS = init.retryAfterS ?? null;
  }
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;
export const isCancelled = (error: unknown): boolean => isApiError(error) && error.code === 'cancelled';

/* Where our words help more than the server's; every other code shows what the server said. */
const WORDS: Record<string, string> = {
  network: 'The server did not answer. Check your connection, then try again.',
  timeout: 'The server took too long to answer. Try again.',
  token_missing: 'Your session ended. Log in again.',
  token_invalid: 'Your session ended. Log in again.',
  token_expired: 'Your session ended. Log in again.',
  refresh_reused: 'Your session was ended for safety. Log in again.',
  forbidden: 'Your role does not allow this.',
  changed_meanwhile: 'Somebody else changed this meanwhile. Load it again before you change it.',
  not_found: 'This does not exist, or is not yours to see.',
  internal: 'The server met a fault. Nothing you entered is lost; try again.',
};

/** A sentence to show, for whatever was thrown. */
export function errorMessage(error: unknown): string {
  if (!isApiError(error)) return 'Something went wrong on this page. Load it again.';
  if (error.code === 'rate_limited' || error.status === 429)
    return `Too many tries. Wait ${error.retryAfterS ?? 30} seconds, then try again.`;
  return WORDS[error.code] ?? error.message;
}

export type SafeResult<T> = { ok: true; data: T } | { ok: false; error: ApiError };

/** Runs a call and returns its outcome instead of throwing. Programming errors still throw. */
export async function safeApiCall<T>(call: () => Promise<T>): Promise<SafeResult<T>> {
  try {
    return { ok: true, data: await call() };
  } catch (error) {
    if (isApiError(error)) return { ok: false, error };
    throw error;
  }
}

/**
 * Hands a refused field to a form. `setError` is called when the server named one of `fields`; the return value says
 * whether it did, so that the caller shows the message elsewhere if not.
 */
export function applyFieldError<F extends string>(
  error: unknown,
  fields: readonly F[],
  setError: (field: F, error: { type: string; message: string }, options: { shouldFocus: boolean }) => void,
): boolean {
  if (!isApiError(error) || error.field === null) return false;
  const name = error.field.split(/[.[]/)[0];
  const field = fields.find((candidate) => candidate === name);
  if (field === undefined) return false;
  setError(field, { type: 'server', message: error.message }, { shouldFocus: true });
  return true;
}

/** Comfort only: catches what is surely no address; the server decides. */
export function emailProblem(value: string): string | null {
  const address = value.trim();
  if (address === '') return 'Enter an e-mail address.';
  const at = address.lastIndexOf('@');
  if (at < 1) return 'An e-mail address has an @ in it, such as name@company.example.';
  const host = address.slice(at + 1);
  if (!/^[^\s.]+(\.[^\s.]+)+$/.test(host))
    return `The address stops after “${host === '' ? '@' : host}”. Add the ending, such as .example.`;
  return null;
}
