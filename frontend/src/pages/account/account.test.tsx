import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../services/api';
import { renderScreen } from '../../test/screen';
import { serve, testUser, tokenPair, type FakeReply, type FakeRequest } from '../../test/server';
import { browserWords } from '../../utils/userAgent';
import Account from './Account';
import ForgotPassword from './ForgotPassword';
import OneTimeLink from './OneTimeLink';

const link = (kind: string) => ({
  kind,
  email: 'a***@halden.example',
  full_name: 'Ana Duarte',
  expires_at: '2026-12-01T09:00:00.000Z',
});
const gone = (code: string): FakeReply => ({ status: code === 'link_unknown' ? 404 : 410, code, message: code });

beforeEach(() => {
  tokens.clear();
});

describe('OneTimeLink', () => {
  const open = (path = '/welcome') => renderScreen(`${path}/:token`, `${path}/secret-1`, <OneTimeLink />);

  it('sets the first password and goes in', async () => {
    const seen = serve(({ method }) => (method === 'GET' ? { data: link('invitation') } : { data: tokenPair(1) }));
    open();
    await userEvent.type(await screen.findByLabelText('Password'), 'correct horse battery');
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Welcome to Viva');
    expect(screen.getByText(/a\*\*\*@halden\.example/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Set the password and begin' }));
    await screen.findByText('/');
    expect(seen.map(({ method, url, bearer }) => [method, url, bearer])).toEqual([
      ['GET', '/auth/links/secret-1', null],
      ['POST', '/auth/links/secret-1', null],
    ]);
    expect(seen[1]?.body).toEqual({ password: 'correct horse battery' });
    expect(tokens.accessToken).toBe('access-1');
  });

  it('says what a new password does elsewhere', async () => {
    serve(() => ({ data: link('password_reset') }));
    open('/reset');
    expect(await screen.findByText(/Everywhere else, this account is logged out/)).toBeInTheDocument();
  });

  it('asks for a longer password before it asks the server', async () => {
    const seen = serve(() => ({ data: link('invitation') }));
    open();
    await userEvent.type(await screen.findByLabelText('Password'), 'short');
    await userEvent.click(screen.getByRole('button', { name: 'Set the password and begin' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Too short');
    expect(seen.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['link_used', 'This link was used already'],
    ['link_expired', 'This link has ended'],
    ['link_unknown', 'This link is not complete'],
  ])('says why a link opens nothing: %s', async (code, words) => {
    serve(() => gone(code));
    open();
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /Set/ })).toBeNull();
    expect(screen.getByRole('link', { name: 'Log in instead' })).toHaveAttribute('href', '/login');
  });

  it('says so when somebody was faster', async () => {
    serve(({ method }) => (method === 'GET' ? { data: link('invitation') } : gone('link_used')));
    open();
    await userEvent.type(await screen.findByLabelText('Password'), 'correct horse battery');
    await userEvent.click(screen.getByRole('button', { name: 'Set the password and begin' }));
    expect(await screen.findByText('This link was used already')).toBeInTheDocument();
  });

  it('offers to try again when the server is away', async () => {
    let away = true;
    serve(() => {
      if (away) throw new Error('lost');
      return { data: link('invitation') };
    });
    open();
    const again = await screen.findByRole('button', { name: 'Try again' });
    away = false;
    await userEvent.click(again);
    expect(await screen.findByLabelText('Password')).toBeInTheDocument();
  });
});

describe('ForgotPassword', () => {
  const ask = async (reply: FakeReply) => {
    const seen = serve(() => reply);
    renderScreen('/forgot', '/forgot', <ForgotPassword />);
    await userEvent.type(screen.getByLabelText('E-mail'), ' ana@halden.example ');
    await userEvent.click(screen.getByRole('button', { name: 'Ask for a link' }));
    return seen;
  };

  it('promises a mail only to those who have an account', async () => {
    const seen = await ask({ data: { by_mail: true } });
    expect(await screen.findByText(/If ana@halden\.example has an account here/)).toBeInTheDocument();
    expect(seen[0]?.body).toEqual({ email: 'ana@halden.example' });
  });

  it('names who can help where no mail is sent', async () => {
    await ask({ data: { by_mail: false } });
    expect(await screen.findByText('Ask an administrator')).toBeInTheDocument();
  });

  it('says how long to wait after too many tries', async () => {
    await ask({ status: 429, code: 'rate_limited', headers: { 'retry-after': '7' } });
    expect(await screen.findByRole('alert')).toHaveTextContent('Wait 7 seconds');
  });
});

const login = (n: number, current: boolean) => ({
  id: `l${n}`,
  user_agent: current ? 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0' : 'curl/8.0',
  address: '192.0.2.17',
  current,
  created_at: '2026-11-23T08:00:00.000Z',
  last_used_at: '2026-11-24T08:00:00.000Z',
  expires_at: '2026-12-07T08:00:00.000Z',
});

describe('Account', () => {
  /* Logged in, with two log-ins; other calls get what `other` says. */
  function open(other: (request: FakeRequest) => FakeReply) {
    let logins = [login(1, true), login(2, false)];
    const seen = serve((request) => {
      const { method, url } = request;
      if (url === '/auth/refresh') return { data: tokenPair(2) };
      if (url === '/auth/sessions' && method === 'GET')
        return { data: { items: logins, total: logins.length, page: 1, page_size: 20 } };
      if (url.startsWith('/auth/sessions') && method === 'DELETE') {
        logins = logins.filter(({ current }) => current);
        return { data: null };
      }
      return other(request);
    });
    renderScreen('/account', '/account', <Account />);
    tokens.accept(tokenPair(1));
    return seen;
  }
  const section = (name: string) => within(screen.getByRole('region', { name }));

  it('saves a name without asking for the password', async () => {
    const seen = open(() => ({ data: { ...testUser, full_name: 'Ana D.' } }));
    const name = await screen.findByLabelText('Name');
    await userEvent.clear(name);
    await userEvent.type(name, 'Ana D.');
    expect(section('You').queryByLabelText('Present password')).toBeNull();
    await userEvent.click(section('You').getByRole('button', { name: 'Save' }));
    await screen.findByText('Saved.');
    const patch = seen.find(({ method }) => method === 'PATCH');
    expect(patch?.url).toBe('/auth/me');
    expect(patch?.body).toEqual({ full_name: 'Ana D.' });
    expect(patch?.ifMatch).toBe(`"v${Date.parse(testUser.updated_at)}"`);
  });

  it('asks for the present password when the address changes, and shows where it was wrong', async () => {
    open(() => ({
      status: 422,
      code: 'password_wrong',
      field: 'current_password',
      message: 'This is not your present password',
    }));
    const email = await screen.findByLabelText('E-mail');
    await userEvent.clear(email);
    await userEvent.type(email, 'new@halden.example');
    await userEvent.type(section('You').getByLabelText('Present password'), 'wrong');
    await userEvent.click(section('You').getByRole('button', { name: 'Save' }));
    expect(await section('You').findByRole('alert')).toHaveTextContent('not your present password');
  });

  it('changes the password and reads the log-ins again', async () => {
    const seen = open(() => ({ data: null }));
    await userEvent.type(await screen.findByLabelText('Present password'), 'correct horse');
    await userEvent.type(screen.getByLabelText('New password'), 'staple battery horse');
    await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
    await screen.findByText(/Your password is changed/);
    expect(seen.find(({ url }) => url === '/auth/password')?.body).toEqual({
      current_password: 'correct horse',
      new_password: 'staple battery horse',
    });
    expect(seen.filter(({ method, url }) => method === 'GET' && url === '/auth/sessions')).toHaveLength(2);
  });

  it('lists log-ins and ends one, never the present one', async () => {
    const seen = open(() => ({}));
    expect(await screen.findByText('Firefox on Linux')).toBeInTheDocument();
    expect(screen.getByText('This one')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Log out curl' }));
    await screen.findByText('curl is logged out.');
    expect(seen.some(({ method, url }) => method === 'DELETE' && url === '/auth/sessions/l2')).toBe(true);
  });

  it('ends all the others after a question', async () => {
    const seen = open(() => ({}));
    await userEvent.click(await screen.findByRole('button', { name: 'Log out everywhere else' }));
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.click(dialog.getByRole('button', { name: 'Log out everywhere else' }));
    await screen.findByText('You are logged out everywhere else.');
    expect(seen.some(({ method, url }) => method === 'DELETE' && url === '/auth/sessions')).toBe(true);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Log out everywhere else' })).toBeNull());
  });
});

describe('browserWords', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari on iOS'],
    ['Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['python-httpx/0.28.1', 'python-httpx'],
    ['', 'Unknown browser'],
    ['Mozilla/5.0', 'Unknown browser'],
  ])('%s', (agent, words) => {
    expect(browserWords(agent)).toBe(words);
  });
});
