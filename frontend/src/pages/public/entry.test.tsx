import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter, Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionState } from '../../services/types';
import { publicInterview as interview } from '../../test/data';
import { serve } from '../../test/server';
import { earlierToken, forgetCandidacy, loadCandidacy, previewOf, saveCandidacy } from './candidacy';
import PublicInterview from './PublicInterview';

const SESSION = '01890000-0000-7000-8000-000000000002';
const TOKEN = 'aB3_-aB3_-aB3_-aB3_-aB3_-';
const state: SessionState = {
  session_id: SESSION,
  status: 'registered',
  interview: { ...interview, status: 'draft' },
  current_position: 0,
  question_count: 3,
  answers: [],
  next_segment_of_open_answer: 0,
  partial: false,
};

const open = () =>
  render(
    <MemoryRouter initialEntries={['/i/abc']}>
      <Routes>
        <Route path="/i/:link" element={<PublicInterview />} />
      </Routes>
    </MemoryRouter>,
  );

beforeEach(() => {
  Object.defineProperty(HTMLMediaElement.prototype, 'play', { configurable: true, value: vi.fn() });
});
afterEach(() => {
  window.location.hash = '';
  window.localStorage.clear();
});

describe('a preview', () => {
  it('is known by what stands behind the #', () => {
    expect(previewOf(`#session=${SESSION}.${TOKEN}`)).toEqual({ sessionId: SESSION, token: TOKEN, name: '' });
    for (const other of ['', '#main', `#session=${SESSION}`, `#session=x.${TOKEN}`, `#session=${SESSION}.short`])
      expect(previewOf(other)).toBeNull();
  });

  it('opens without registering, a draft too, and leaves what the device knows alone', async () => {
    saveCandidacy('abc', { sessionId: 'real', token: 'real', name: 'Casey' });
    window.location.hash = `#session=${SESSION}.${TOKEN}`;
    const seen = serve(() => ({ data: state }));
    open();
    await screen.findByText('This is a preview');
    expect(seen.map((request) => [request.url, request.bearer])).toEqual([[`/public/sessions/${SESSION}`, TOKEN]]);
    await userEvent.click(screen.getByRole('button', { name: 'Go on to the device check' }));
    expect(screen.queryByLabelText('E-mail')).toBeNull();
    expect(loadCandidacy('abc')?.sessionId).toBe('real');
  });

  it('that is erased says so', async () => {
    window.location.hash = `#session=${SESSION}.${TOKEN}`;
    serve(() => ({ status: 401, code: 'token_invalid', message: 'no' }));
    open();
    await screen.findByRole('heading', { name: 'This preview is over' });
  });
});

describe('a link that takes nobody new', () => {
  it.each([
    ['full', 'All places are taken'],
    ['expired', 'The time to register is over'],
  ] as const)('%s says so, and lets those go on who registered before', async (registration, words) => {
    serve(() => ({ data: { ...interview, registration } }));
    open();
    await screen.findByText(words);
    await userEvent.click(screen.getByRole('button', { name: 'Go on to consent' }));
    await screen.findByLabelText('E-mail');
  });
});

describe('a token that ended', () => {
  it('is shown when the candidate registers again, until there is a new one', async () => {
    const candidacy = { sessionId: SESSION, token: TOKEN, name: 'Sam' };
    saveCandidacy('abc', candidacy);
    expect(earlierToken('abc')).toEqual({});
    forgetCandidacy('abc');
    expect(loadCandidacy('abc')).toBeNull();
    forgetCandidacy('abc'); // once more changes nothing
    expect(earlierToken('other')).toEqual({});
    const seen = serve(({ method }) =>
      method === 'POST'
        ? { data: { session_id: SESSION, session_token: 'new', status: 'registered', candidate: { full_name: 'Sam' } } }
        : { data: interview },
    );
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Go on to consent' }));
    await userEvent.type(await screen.findByLabelText(/name/i), 'Sam');
    await userEvent.type(screen.getByLabelText(/e-mail/i), 'sam@example.org');
    for (const tick of screen.getAllByRole('checkbox')) await userEvent.click(tick);
    await userEvent.click(screen.getByRole('button', { name: /agree|continue|go on|next/i }));
    const asked = seen.find(({ method }) => method === 'POST');
    expect(asked?.body).toMatchObject({ email: 'sam@example.org', session_token: TOKEN });
    expect(loadCandidacy('abc')?.token).toBe('new');
    expect(earlierToken('abc')).toEqual({});
  });
});

describe('an interview whose time was over', () => {
  it('says so, how far it came, and that nothing is to be done', async () => {
    saveCandidacy('abc', { sessionId: SESSION, token: TOKEN, name: 'Sam' });
    const answer = {
      id: 'a',
      position: 1,
      question_text: 'Why?',
      status: 'ended',
      mode: 'voice',
      text: 'So.',
      follow_up: 0,
    } as const;
    const silent = { ...answer, id: 'b', position: 2, mode: 'none', text: '' } as const;
    const over: SessionState = { ...state, status: 'completed', partial: true, answers: [answer, silent] };
    serve(({ url }) => ({ data: url.includes('/sessions/') ? over : interview }));
    open();
    await screen.findByRole('heading', { name: 'The time for this interview is over' });
    expect(screen.getByText(/1 of 3 questions answered/)).toBeInTheDocument();
  });
});
