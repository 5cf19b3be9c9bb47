import { del, get, ifUnchanged, patch, post, tokens } from './api';
import type { AccountChanges, LinkState, LoginSession, Page, RegisterInput, Tokens, User } from './types';

const linkPath = (token: string) => `/auth/links/${encodeURIComponent(token)}`;

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

  /** Another address takes the present password. */
  updateMe: (user: User, changes: AccountChanges) =>
    patch<User>('/auth/me', changes, { headers: ifUnchanged(user.updated_at) }),

  /** Ends all other log-ins. */
  changePassword: (current_password: string, new_password: string) =>
    post<null>('/auth/password', { current_password, new_password }),

  sessions: (page: number, signal?: AbortSignal) =>
    get<Page<LoginSession>>('/auth/sessions', { params: { page }, signal }),
  endSession: (id: string) => del<null>(`/auth/sessions/${encodeURIComponent(id)}`),
  endOtherSessions: () => del<null>('/auth/sessions'),

  /** Says the same for every address. */
  requestReset: (email: string) =>
    post<{ by_mail: boolean }>('/auth/password-reset/request', { email: email.trim() }, { token: null }),
  link: (token: string, signal?: AbortSignal) => get<LinkState>(linkPath(token), { token: null, signal }),
  /** Sets the password and logs in. */
  async useLink(token: string, password: string): Promise<User> {
    const pair = await post<Tokens>(linkPath(token), { password }, { token: null });
    tokens.accept(pair);
    return pair.user;
  },

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
