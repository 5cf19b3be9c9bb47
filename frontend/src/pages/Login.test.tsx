import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../services/api';
import { renderScreen } from '../test/screen';
import { serve, tokenPair, type FakeReply } from '../test/server';
import Login from './Login';
import Register from './Register';

const withLogin = (reply: FakeReply, needsFirst = false) =>
  serve(({ url }) => {
    if (url === '/auth/setup') return { data: { needs_first_user: needsFirst } };
    return url === '/auth/register' ? { status: 201, data: tokenPair(1).user } : reply;
  });

async function fillIn(email: string, password: string) {
  await userEvent.type(screen.getByLabelText('E-mail'), email);
  await userEvent.type(screen.getByLabelText('Password'), password);
}

beforeEach(() => {
  tokens.clear();
});

describe('Login', () => {
  it('lets in and goes home', async () => {
    withLogin({ data: tokenPair(1) });
    renderScreen('/login', '/login', <Login />);
    await fillIn('ana@halden.example', 'correct horse');
    await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
    await screen.findByText('/');
  });

  it('does not say which of the two was wrong', async () => {
    withLogin({ status: 401, code: 'credentials_invalid', message: 'x' });
    renderScreen('/login', '/login', <Login />);
    await fillIn('ana@halden.example', 'wrong');
    await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('do not belong together');
  });

  it('says how long to wait after too many tries', async () => {
    withLogin({ status: 429, code: 'rate_limited', headers: { 'retry-after': '12' } });
    renderScreen('/login', '/login', <Login />);
    await fillIn('ana@halden.example', 'wrong');
    await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Wait 12 seconds');
  });

  it('asks for what is missing before it asks the server', async () => {
    const seen = withLogin({ data: tokenPair(1) });
    renderScreen('/login', '/login', <Login />);
    await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByText('Enter an e-mail address.')).toBeInTheDocument();
    expect(screen.getByText('Enter your password.')).toBeInTheDocument();
    expect(seen.some((request) => request.url === '/auth/login')).toBe(false);
  });

  it('sends the first person to the set-up', async () => {
    withLogin({}, true);
    renderScreen('/login', '/login', <Login />);
    await screen.findByText('/register');
  });
});

describe('Register', () => {
  it('makes the first administrator and logs in', async () => {
    const seen = withLogin({ data: tokenPair(1) }, true);
    renderScreen('/register', '/register', <Register />);
    await userEvent.type(await screen.findByLabelText('Name'), 'Ana Duarte');
    await fillIn('ana@halden.example', 'correct horse battery');
    await userEvent.click(screen.getByRole('button', { name: 'Create the administrator' }));
    await screen.findByText('/');
    expect(seen.find((request) => request.url === '/auth/register')?.body).toEqual({
      full_name: 'Ana Duarte',
      email: 'ana@halden.example',
      password: 'correct horse battery',
    });
  });

  it('is closed to strangers once somebody is there', async () => {
    withLogin({}, false);
    renderScreen('/register', '/register', <Register />);
    await screen.findByText('/login');
  });
});
