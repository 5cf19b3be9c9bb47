import { ApiError } from '../utils/errorHandler';
import { readItem, writeItem } from '../utils/storage';
import { withTabLock } from '../utils/tabLock';
import type { Tokens } from './types';

/*
 * Who is logged in. The access token lives in memory only; the refresh token is in localStorage, shared by the tabs of
 * this browser. It rotates with every use, and using an old one ends the session, so refreshing is one call at a time:
 * in this tab by sharing the promise, across tabs by a lock inside which the newest token is read again.
 */
export const REFRESH_KEY = 'viva.refresh';

type RefreshCall = (refreshToken: string) => Promise<Tokens>;
type Listener = (tokens: Tokens | null) => void;

export class TokenManager {
  private access: string | null = null;
  private inFlight: Promise<string> | null = null;
  private readonly listeners = new Set<Listener>();
  private readonly call: RefreshCall;

  constructor(call: RefreshCall) {
    this.call = call;
  }

  get accessToken(): string | null {
    return this.access;
  }

  get refreshToken(): string | null {
    return readItem(REFRESH_KEY);
  }

  /** Hears of every new pair, and of null when the session is over. Returns the way to stop listening. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  accept(tokens: Tokens): void {
    this.access = tokens.access_token;
    writeItem(REFRESH_KEY, tokens.refresh_token);
    this.listeners.forEach((listener) => listener(tokens));
  }

  clear(): void {
    this.access = null;
    writeItem(REFRESH_KEY, null);
    this.listeners.forEach((listener) => listener(null));
  }

  /** Forgets the access token because another tab logged out: storage is already empty. */
  dropAccess(): void {
    this.access = null;
    this.listeners.forEach((listener) => listener(null));
  }

  /** A fresh access token. All callers that come while one refresh runs share its outcome. */
  refresh(): Promise<string> {
    this.inFlight ??= withTabLock('refresh', () => this.refreshNow()).finally(() => {
      this.inFlight = null;
    });
    return this.inFlight;
  }

  private async refreshNow(): Promise<string> {
    const token = this.refreshToken;
    if (token === null) {
      this.clear();
      throw new ApiError({ status: 401, code: 'token_missing', message: 'Log in again.' });
    }
    try {
      const tokens = await this.call(token);
      this.accept(tokens);
      return tokens.access_token;
    } catch (error) {
      // only a refusal ends the session; a lost connection or a busy server does not
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) this.clear();
      throw error;
    }
  }
}
