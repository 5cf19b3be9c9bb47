import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../services/api';
import type { User } from '../../services/types';
import { renderScreen } from '../../test/screen';
import { serve, testUser, tokenPair, type FakeReply, type FakeRequest } from '../../test/server';
import People from './People';

const ana: User = { ...testUser, last_login_at: '2026-11-23T08:00:00.000Z' };
const jonas: User = {
  ...testUser,
  id: 'u2',
  email: 'jonas@halden.example',
  full_name: 'Jonas Lindqvist',
  role: 'recruiter',
  last_login_at: null,
};
const made = (url: string | null) => ({
  user: jonas,
  kind: 'invitation',
  mailed: url === null,
  url,
  expires_at: '2026-12-01T09:00:00.000Z',
});

/* Logged in as Ana, an administrator; the list has her and Jonas; other calls get what `other` says. */
function open(other: (request: FakeRequest) => FakeReply = () => ({}), items: User[] = [ana, jonas], at = '/people') {
  const seen = serve((request) => {
    if (request.url === '/auth/refresh') return { data: tokenPair(1) };
    if (request.method === 'GET') return { data: { items, total: items.length, page: 1, page_size: 20 } };
    return other(request);
  });
  renderScreen('/people', at, <People />);
  tokens.accept(tokenPair(1));
  return seen;
}

const manage = async (name: string) => {
  await userEvent.click(await screen.findByRole('button', { name: `Manage ${name}` }));
  return within(screen.getByRole('dialog', { name }));
};
const last = (seen: readonly FakeRequest[], method: string) => seen.filter((one) => one.method === method).at(-1);

beforeEach(() => {
  tokens.clear();
});

describe('People', () => {
  it('lists everybody with role and last log-in', async () => {
    open();
    expect(await screen.findByText('Jonas Lindqvist')).toBeInTheDocument();
    expect(screen.getByText('Never logged in')).toBeInTheDocument();
    expect(screen.getByText('Administrator')).toBeInTheDocument();
  });

  it('asks the server for what the address says', async () => {
    const seen = open(() => ({}), [], '/people?show=disabled&search=jo&page=2');
    expect(await screen.findByText('Nobody fits')).toBeInTheDocument();
    expect(seen[0]?.params).toEqual({ page: 2, sort: 'full_name', search: 'jo', active: false });
    await userEvent.selectOptions(screen.getByLabelText('Show'), 'reviewer');
    expect(await screen.findByTestId('address')).toHaveTextContent('/people?show=reviewer&search=jo');
  });

  it('says when this is not theirs to see', async () => {
    serve(() => ({ status: 403, code: 'forbidden' }));
    renderScreen('/people', '/people', <People />);
    expect(await screen.findByText('Not yours to see')).toBeInTheDocument();
  });

  it('invites and shows the link this once', async () => {
    const seen = open(() => ({ status: 201, data: made('/welcome/secret-1') }));
    await userEvent.click(screen.getByRole('button', { name: 'Invite a person' }));
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.type(dialog.getByLabelText('Name'), ' Jonas Lindqvist ');
    await userEvent.type(dialog.getByLabelText('E-mail'), 'jonas@halden.example');
    await userEvent.selectOptions(dialog.getByLabelText('Role'), 'reviewer');
    await userEvent.click(dialog.getByRole('button', { name: 'Invite' }));
    expect(await dialog.findByText(`${window.location.origin}/welcome/secret-1`)).toBeInTheDocument();
    expect(dialog.getByRole('button', { name: 'Copy the link' })).toBeInTheDocument();
    expect(last(seen, 'POST')?.body).toEqual({
      full_name: 'Jonas Lindqvist',
      email: 'jonas@halden.example',
      role: 'reviewer',
    });
  });

  it('says where the link went when it is mailed', async () => {
    open(() => ({ status: 201, data: made(null) }));
    const dialog = await manage('Jonas Lindqvist');
    await userEvent.click(dialog.getByRole('button', { name: 'Make a link' }));
    expect(await dialog.findByText(/gets it at jonas@halden\.example/)).toBeInTheDocument();
    expect(dialog.queryByRole('button', { name: 'Copy the link' })).toBeNull();
  });

  it('puts a taken address to its field', async () => {
    open(() => ({ status: 409, code: 'email_taken', field: 'email', message: 'There is an account already.' }));
    await userEvent.click(screen.getByRole('button', { name: 'Invite a person' }));
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.type(dialog.getByLabelText('Name'), 'Jonas');
    await userEvent.type(dialog.getByLabelText('E-mail'), 'ana@halden.example');
    await userEvent.click(dialog.getByRole('button', { name: 'Invite' }));
    expect(await dialog.findByText('There is an account already.')).toBeInTheDocument();
    expect(dialog.getByLabelText('E-mail')).toHaveAttribute('aria-invalid', 'true');
  });

  it('changes a role for the version that was read', async () => {
    const seen = open(() => ({ data: { ...jonas, role: 'reviewer' } }));
    const dialog = await manage('Jonas Lindqvist');
    await userEvent.selectOptions(dialog.getByLabelText('Role'), 'reviewer');
    await userEvent.click(dialog.getByRole('button', { name: 'Change the role' }));
    await screen.findByText('Jonas Lindqvist has another role now.');
    expect(last(seen, 'PATCH')).toMatchObject({
      url: '/admin/users/u2',
      body: { role: 'reviewer' },
      ifMatch: `"v${Date.parse(jonas.updated_at)}"`,
    });
  });

  it('asks twice before it disables', async () => {
    const seen = open(() => ({ data: { ...jonas, is_active: false } }));
    const dialog = await manage('Jonas Lindqvist');
    await userEvent.click(dialog.getByRole('button', { name: 'Disable' }));
    expect(last(seen, 'PATCH')).toBeUndefined();
    await userEvent.click(dialog.getByRole('button', { name: 'Yes, disable' }));
    await screen.findByText('Jonas Lindqvist is disabled.');
    expect(last(seen, 'PATCH')?.body).toEqual({ is_active: false });
    expect(dialog.getByRole('button', { name: 'Enable' })).toBeInTheDocument();
  });

  it('logs somebody out everywhere', async () => {
    const seen = open(() => ({ data: null }));
    const dialog = await manage('Jonas Lindqvist');
    await userEvent.click(dialog.getByRole('button', { name: 'Log out' }));
    await screen.findByText('Jonas Lindqvist is logged out everywhere.');
    expect(last(seen, 'POST')?.url).toBe('/admin/users/u2/logout');
  });

  it('says what stands in the way of deleting', async () => {
    const message = '3 interviews are this account’s. Transfer them to somebody else first';
    open(() => ({ status: 409, code: 'owns_interviews', message }));
    const dialog = await manage('Jonas Lindqvist');
    await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Yes, delete' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent(message);
  });

  it('offers neither disabling nor deleting of the own account', async () => {
    open();
    const dialog = await manage('Ana Duarte');
    expect(dialog.queryByRole('button', { name: 'Disable' })).toBeNull();
    expect(dialog.queryByRole('button', { name: 'Delete' })).toBeNull();
  });
});
