import { get, post, tokens } from './api';
import type { RegisterInput, Tokens, User } from './types';

/* Accounts. Log-in is OAuth2's password form; everything else is JSON. */
export const authService = {
  setup: (signal?: AbortSignal) => get<{ needs_first_user: boolean }>('/auth/setup', { token: null, signal }),

  async login(email: string, password: string): Promise<User> {
    const form = new URLSearchParams({ grant_type: 'password', username: email.trim(), password });
    const pair = await post<Tokens>('/auth/login', form, { token: null });
    tokens.accept(pair);
    return pair.user;
  },

  /** Public only while there is no user; afterwards an administrator's token is needed. */
  register: (input: RegisterInput) => post<User>('/auth/register', input),

  me: (signal?: AbortSignal) => get<User>('/auth/me', { signal }),

  refresh: () => tokens.refresh(),

  /** Ends the session here at once; the server hears of it if it can be reached. */
  async logout(): Promise<void> {
    const refreshToken = tokens.refreshToken;
    const access = tokens.accessToken;
    tokens.clear();
    if (refreshToken === null) return;
    await post<null>('/auth/logout', { refresh_token: refreshToken }, { token: access }).catch(() => undefined);
  },
};
