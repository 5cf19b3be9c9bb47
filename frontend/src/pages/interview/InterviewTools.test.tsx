import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../services/api';
import type { Interview } from '../../services/types';
import { testInterview } from '../../test/data';
import { renderScreen } from '../../test/screen';
import { serve, testUser, tokenPair, type FakeReply, type FakeRequest } from '../../test/server';
import { InterviewTools } from './InterviewTools';

const counted = { candidates: 3, in_progress: 0, completed: 2, average_score: 3.2 };
const rob = { id: 'u2', full_name: 'Rob Example', email: 'rob@halden.example', role: 'reviewer', is_active: true };

function show(interview: Interview, mayChange = true, user = testUser) {
  const changed = vi.fn();
  renderScreen(
    '/here',
    '/here',
    <InterviewTools interview={interview} mayChange={mayChange} onChange={changed} />,
    user,
  );
  return changed;
}

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));
const asked = (seen: FakeRequest[], method: string, url: string) =>
  seen.filter((request) => request.method === method && request.url === url);
const answer = (reply: FakeReply) => serve(() => reply);

beforeEach(() => {
  tokens.clear();
  tokens.accept(tokenPair(1));
});
afterEach(() => vi.restoreAllMocks());

describe('the tools of an interview', () => {
  it('say “Delete” while nobody has registered, and delete', async () => {
    const seen = answer({ data: { outcome: 'deleted' } });
    show(testInterview());
    await press('Delete');
    await press('Delete interview');
    await screen.findByText('Operations analyst is deleted.');
    expect(asked(seen, 'DELETE', '/interviews/i1')).toHaveLength(1);
    await waitFor(() => expect(screen.getByTestId('address')).toHaveTextContent('/interviews'));
  });

  it('say “Archive” when there are candidates, and say what became of it', async () => {
    answer({ data: { outcome: 'archived' } });
    show(testInterview({ statistics: counted }));
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
    await press('Archive');
    await press('Archive interview');
    await screen.findByText('Operations analyst is in the archive.');
  });

  it('bring an archived one back', async () => {
    const back = testInterview({ statistics: counted });
    const seen = answer({ data: back });
    const changed = show({ ...back, archived_at: '2026-11-20T09:00:00.000Z' });
    expect(screen.queryByRole('button', { name: 'Archive' })).toBeNull();
    await press('Bring back from the archive');
    await waitFor(() => expect(changed).toHaveBeenCalledWith(back));
    expect(asked(seen, 'POST', '/interviews/i1/restore')).toHaveLength(1);
  });

  it('make a new link only after asking', async () => {
    const seen = answer({ data: testInterview({ link: 'new' }) });
    const changed = show(testInterview());
    await press('Make a new link');
    expect(seen).toHaveLength(0);
    await userEvent.click(
      within(screen.getByRole('dialog', { hidden: true })).getByRole('button', {
        name: 'Make a new link',
        hidden: true,
      }),
    );
    await waitFor(() => expect(changed).toHaveBeenCalledWith(expect.objectContaining({ link: 'new' })));
  });

  it('open the copy in the editor', async () => {
    answer({ data: testInterview({ id: 'i2' }) });
    show(testInterview());
    await press('Make a copy');
    await waitFor(() => expect(screen.getByTestId('address')).toHaveTextContent('/interviews/i2/edit'));
  });

  it('open a preview in a page of its own, and close that page when there is none', async () => {
    const page = { location: { replace: vi.fn() }, close: vi.fn() };
    vi.spyOn(window, 'open').mockReturnValue(page as unknown as Window);
    answer({ data: { url: '/i/abc#session=s.t' } });
    show(testInterview());
    await press('Try it as a candidate');
    await waitFor(() => expect(page.location.replace).toHaveBeenCalledWith('/i/abc#session=s.t'));
    answer({ status: 422, code: 'no_questions', message: 'Add or generate questions first' });
    await press('Try it as a candidate');
    await screen.findByText('Add or generate questions first');
    expect(page.close).toHaveBeenCalledOnce();
  });

  // toasts of the tests before have buttons without words
  const offers = () =>
    screen
      .queryAllByRole('button')
      .map((button) => button.textContent)
      .filter((name) => name !== '');

  it('offer a colleague the table and a copy', () => {
    answer({});
    show(testInterview({ statistics: counted }), false, { ...testUser, role: 'recruiter' });
    expect(offers()).toEqual(['Export as a table', 'Make a copy']);
  });
  it('offer a reviewer nothing but the table', () => {
    answer({});
    show(testInterview({ statistics: counted }), false, { ...testUser, role: 'reviewer' });
    expect(offers()).toEqual(['Export as a table']);
  });

  it('keep the table that the server gives', async () => {
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined);
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.download);
    });
    const seen = answer({ raw: new Blob(['a,b']) });
    show(testInterview({ statistics: counted }));
    await press('Export as a table');
    await waitFor(() => expect(clicked).toEqual(['Operations analyst.csv']));
    expect(asked(seen, 'GET', '/interviews/i1/export.csv')).toHaveLength(1);
  });
});

describe('sharing', () => {
  it('adds by address, says what the server refused, and takes back', async () => {
    const seen = serve(({ method, url, body }) => {
      if (method === 'DELETE') return { data: null };
      if (method === 'GET') return { data: { items: [], total: 0, page: 1, page_size: 100 } };
      if ((body as { email: string }).email !== rob.email)
        return { status: 422, code: 'user_unknown', field: 'email', message: 'There is no such account' };
      return url.endsWith('/reviewers')
        ? { data: { items: [rob], total: 1, page: 1, page_size: 100 } }
        : { status: 404 };
    });
    show(testInterview());
    await press('Share with colleagues');
    await screen.findByText('Nobody yet.');
    const field = screen.getByLabelText('E-mail of a colleague with an account');
    const share = screen.getByRole('button', { name: 'Share', hidden: true });
    await userEvent.type(field, 'nobody');
    await userEvent.click(share);
    expect(asked(seen, 'POST', '/interviews/i1/reviewers')).toHaveLength(0);
    await userEvent.type(field, '@halden.example');
    await userEvent.click(share);
    await screen.findByText('There is no such account');
    await userEvent.clear(field);
    await userEvent.type(field, rob.email);
    await userEvent.click(share);
    await screen.findByText('Rob Example');
    await userEvent.click(screen.getByRole('button', { name: 'Take it back from Rob Example', hidden: true }));
    await screen.findByText('Nobody yet.');
    expect(asked(seen, 'DELETE', '/interviews/i1/reviewers/u2')).toHaveLength(1);
  });
});
