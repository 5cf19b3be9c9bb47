import { del, get, ifUnchanged, patch, post } from './api';
import type { Invitation, LinkMade, Page, Role, User, UserChanges } from './types';

export interface UserQuery {
  page?: number;
  search?: string;
  role?: Role;
  active?: boolean;
  sort?: string;
}

const path = (id: string, rest = '') => `/admin/users/${encodeURIComponent(id)}${rest}`;

/* Accounts, for administrators. */
export const userService = {
  list: (query: UserQuery, signal?: AbortSignal) => get<Page<User>>('/admin/users', { params: query, signal }),
  invite: (input: Invitation) => post<LinkMade>('/admin/users/invite', input),
  update: (user: User, changes: UserChanges) =>
    patch<User>(path(user.id), changes, { headers: ifUnchanged(user.updated_at) }),
  remove: (id: string) => del<null>(path(id)),
  logOut: (id: string) => post<null>(path(id, '/logout')),
  makeLink: (id: string) => post<LinkMade>(path(id, '/password-reset')),
};
