import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../services/api';
import type { Report, ReportShare, ReportVersion, ScoreOverride } from '../../services/types';
import { beside, testAnswer, testContent, testReport, testSession } from '../../test/data';
import { renderScreen } from '../../test/screen';
import { serve, testUser, tokenPair, type FakeReply, type FakeRequest } from '../../test/server';
import SessionView from '../SessionView';

const AT = '2026-11-24T10:00:00.000Z';
const override: ScoreOverride = {
  id: 'o1',
  answer_id: 'a1',
  author_id: 'u1',
  author_name: 'Ada',
  version: 1,
  machine_score: 4,
  level: 5,
  reason: 'The call at 00:01.',
  created_at: AT,
};
const human = { overall_score: 5, competencies: [], overrides: [override] };
const signed: NonNullable<Report['sign_off']> = {
  id: 'x1',
  author_id: 'u1',
  author_name: 'Ada',
  version: 1,
  outcome: 'advance',
  overall_score: 3.8,
  created_at: AT,
  withdrawn_at: null,
  current: true,
  statement: 'Signed off on version 1.',
};
const second = testAnswer({ id: 'a2', position: 2, question_text: 'Second?' });

/** A page whose session has this report; `answer` replies to everything that changes or reads versions. */
function open(
  report: Partial<Report>,
  answer: (request: FakeRequest) => FakeReply | null,
  query = '',
  role = testUser.role,
) {
  let now = testReport(report);
  const seen = serve((request) => {
    const reply = answer(request);
    if (reply === null)
      return beside(request) ?? { data: testSession({ answers: [testAnswer(), second], report: now }) };
    if (request.method !== 'GET' && (reply.status ?? 200) < 300 && reply.data !== undefined) now = reply.data as Report;
    return reply;
  });
  renderScreen('/sessions/:id', `/sessions/s${query}`, <SessionView />, { ...testUser, role });
  return seen;
}
const opened = async () => {
  await userEvent.click(await screen.findByText('First?', { selector: 'summary *' }));
  return within(screen.getAllByRole('group').find((one) => one.textContent.includes('First?')) ?? document.body);
};
const changes = (seen: FakeRequest[]) =>
  seen.filter(({ method }) => method !== 'GET').map(({ method, url, body }) => [method, url, body]);

beforeEach(() => {
  tokens.clear();
  tokens.accept(tokenPair(1));
  vi.spyOn(HTMLMediaElement.prototype, 'readyState', 'get').mockReturnValue(1);
  Element.prototype.scrollIntoView = () => undefined;
});

describe('a level of one’s own', () => {
  it('needs a level and a reason, and stands beside the machine’s', async () => {
    const seen = open({}, ({ method }) => (method === 'PUT' ? { data: testReport({ human }) } : null), '', 'reviewer');
    const question = await opened();
    const save = question.getByRole('button', { name: 'Save level' });
    expect(save).toHaveAccessibleDescription('Choose a level to save.');
    await userEvent.click(question.getByRole('radio', { name: '5' }));
    expect(save).toHaveAccessibleDescription('Give a reason to save.');
    await userEvent.type(question.getByLabelText('Why'), ' The call at 00:01. ');
    await userEvent.click(save);
    expect(await question.findByText('Ada set 5')).toBeInTheDocument();
    expect(question.getByText(/where Viva suggested 4.0/)).toBeInTheDocument();
    expect(changes(seen)).toEqual([
      ['PUT', '/reports/r1/answers/a1/override', { level: 5, reason: 'The call at 00:01.' }],
    ]);
    expect(question.getByLabelText('Why')).toHaveValue('');
  });

  it('shows what the server refuses at its field, and keeps what was typed', async () => {
    const refused = { status: 422, code: 'invalid', field: 'reason', message: 'Say more than that.' };
    open({}, ({ method }) => (method === 'PUT' ? refused : null));
    const question = await opened();
    await userEvent.click(question.getByRole('radio', { name: '2' }));
    await userEvent.type(question.getByLabelText('Why'), 'Because');
    await userEvent.click(question.getByRole('button', { name: 'Save level' }));
    expect(await question.findByRole('alert')).toHaveTextContent('Say more than that.');
    expect(question.getByLabelText('Why')).toHaveAccessibleDescription('Say more than that.');
    expect(question.getByLabelText('Why')).toHaveValue('Because');
    expect(question.getByRole('radio', { name: '2' })).toBeChecked();
  });

  it('can be taken back', async () => {
    const seen = open({ human }, ({ method }) => (method === 'DELETE' ? { data: testReport() } : null));
    const question = await opened();
    await userEvent.click(question.getByRole('button', { name: 'Take the level back' }));
    await waitFor(() => expect(question.queryByText('Ada set 5')).toBeNull());
    expect(changes(seen)).toEqual([['DELETE', '/reports/r1/answers/a1/override', undefined]]);
  });
});

describe('a question', () => {
  it('has remarks, the parts of its story, and what each level means', async () => {
    const [first] = testReport().questions;
    if (first === undefined) throw new Error('no question');
    const part = { found: false, quote: null, start_ms: null, end_ms: null };
    const structure = [
      { part: 'situation' as const, found: true, quote: 'I called', start_ms: 1000, end_ms: 2000 },
      { ...part, part: 'task' as const },
    ];
    const questions = [{ ...first, remarks: ['It is 31 minutes long.'], structure }];
    open({ questions, content: testContent() }, () => null);
    const question = await opened();
    expect(question.getByText('It is 31 minutes long.')).toBeInTheDocument();
    expect(question.getByRole('button', { name: 'Play from 00:01, Situation' })).toBeInTheDocument();
    expect(question.getByText('Task').closest('li')).toHaveTextContent('Not heard');
    expect(question.getByText('A little')).toBeInTheDocument();
    expect(question.getByText(/Tells those affected/).closest('li')).toHaveAttribute('aria-current', 'true');
  });
});

describe('the sign-off', () => {
  it('is asked for once more, names the version, and closes the levels', async () => {
    const seen = open({}, ({ method }) => (method === 'POST' ? { data: testReport({ sign_off: signed }) } : null));
    await userEvent.click(await screen.findByRole('button', { name: 'Sign off' }));
    const dialog = within(screen.getByRole('dialog', { hidden: true }));
    await userEvent.selectOptions(dialog.getByLabelText('What follows for the candidate'), 'Goes on');
    await userEvent.click(dialog.getByRole('button', { name: 'Sign off', hidden: true }));
    expect(await screen.findByText('Signed off on version 1.')).toBeInTheDocument();
    expect(changes(seen)).toEqual([['POST', '/reports/r1/sign-off', { version: 1, outcome: 'advance' }]]);
    const question = await opened();
    expect(question.getByText(/The report is signed off/)).toBeInTheDocument();
    expect(question.queryByRole('button', { name: 'Save level' })).toBeNull();
  });

  it('is withdrawn the same way', async () => {
    const seen = open({ sign_off: signed }, ({ method }) => (method === 'DELETE' ? { data: testReport() } : null));
    await userEvent.click(await screen.findByRole('button', { name: 'Withdraw the sign-off' }));
    const dialog = within(screen.getByRole('dialog', { hidden: true }));
    await userEvent.click(dialog.getByRole('button', { name: 'Withdraw the sign-off', hidden: true }));
    expect(await screen.findByRole('button', { name: 'Sign off' })).toBeInTheDocument();
    expect(changes(seen)).toEqual([['DELETE', '/reports/r1/sign-off', undefined]]);
  });

  it('is not a reviewer’s to give', async () => {
    open({}, () => null, '', 'reviewer');
    await screen.findByText('Finds causes first.');
    expect(screen.queryByRole('button', { name: 'Sign off' })).toBeNull();
  });
});

describe('versions', () => {
  const version = (n: number, current: boolean): ReportVersion => ({
    version: n,
    reason: 'requested',
    overall_score: 3,
    scorer_version: 'v1',
    made_at: AT,
    current,
  });
  it('can be read as they were, marked as not the current one', async () => {
    const seen = open({ version: 2, latest_version: 2 }, ({ url, params }) => {
      if (url.endsWith('/versions'))
        return { data: { items: [version(2, true), version(1, false)], total: 2, page: 1, page_size: 100 } };
      return params.version === 1
        ? { data: testReport({ version: 1, latest_version: 2, summary: 'As it was.' }) }
        : null;
    });
    await userEvent.selectOptions(await screen.findByLabelText('Version'), '1');
    expect(await screen.findByText('As it was.')).toBeInTheDocument();
    expect(screen.getByText('You read version 1, not the current one')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Sign off' })).toBeNull();
    const question = await opened();
    expect(question.queryByRole('button', { name: 'Save level' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Read version 2' }));
    expect(screen.getByText('Finds causes first.')).toBeInTheDocument();
    expect(seen.filter(({ params }) => params.version === 1)).toHaveLength(1);
  });
});

describe('what is never in a score', () => {
  it('is told apart: how it was spoken, and what happened around it', async () => {
    const speech = [
      { measure: 'pace' as const, value: 151, unit: 'words a minute', explanation: '151 words a minute.' },
    ];
    const integrity = [
      { kind: 'tab_hidden', at: AT, position: 2, count: 1, offset_ms: 30_000, statement: 'The window was left.' },
    ];
    open({ content: testContent({ speech }), integrity }, () => null);
    const spoken = within(await screen.findByRole('region', { name: /How it was spoken . never in a score/ }));
    expect(spoken.getByText('151 words a minute.')).toBeInTheDocument();
    const around = within(screen.getByRole('region', { name: /What happened around the answers . never in a score/ }));
    expect(around.getByRole('button', { name: 'Play from 00:30, The window was left.' })).toBeInTheDocument();
  });
});

describe('an address with a moment', () => {
  it('opens its answer there, and plays nothing', async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
    open({}, () => null, '?answer=a2&ms=30000');
    expect(await screen.findByRole('region', { name: 'Transcript, question 2' })).toBeInTheDocument();
    const video = document.querySelector('video');
    expect(video).toHaveAttribute('src', '/m/1?ticket=x');
    await waitFor(() => expect(video?.currentTime).toBeCloseTo(5));
    expect(play).not.toHaveBeenCalled();
  });

  it('of another session is not followed', async () => {
    open({}, () => null, '?answer=other&ms=x');
    expect(await screen.findByRole('region', { name: 'Transcript, question 1' })).toBeInTheDocument();
  });
});

describe('the levels that people set', () => {
  it('stay with who, when, from what to what, and why', async () => {
    const entry = (id: string, level: number | null, more: Partial<ScoreOverride>): ScoreOverride => ({
      ...override,
      id,
      level,
      ...more,
    });
    const items = [
      entry('o3', null, { author_name: null, reason: '' }),
      entry('o2', 2, { author_name: 'Bo', reason: 'Heard again.' }),
      entry('o1', 5, {}),
      entry('o0', 3, { answer_id: 'gone', machine_score: null, reason: 'Typed.' }),
    ];
    open({}, ({ url }) => (url.endsWith('/overrides') ? { data: { items, total: 4, page: 1, page_size: 4 } } : null));
    const region = await screen.findByRole('region', { name: 'Levels that people set' });
    const [taken, second, first, other] = within(region).getAllByRole('listitem');
    expect(taken).toHaveTextContent('Question 1: taken back, 4.0 by Viva stands again');
    expect(taken).toHaveTextContent('Somebody who left');
    expect(second).toHaveTextContent('Question 1: from 5 by Ada to 2');
    expect(second).toHaveTextContent('Heard again.');
    expect(first).toHaveTextContent('Question 1: from 4.0 by Viva to 5');
    expect(first).toHaveTextContent(/Ada, 24 November 2026, .*version 1/);
    expect(other).toHaveTextContent(/^from none by Viva to 3/);
  });

  it('are asked for again when one is set', async () => {
    const seen = open({}, ({ method }) => (method === 'PUT' ? { data: testReport({ human }) } : null));
    const question = await opened();
    await userEvent.click(question.getByRole('radio', { name: '5' }));
    await userEvent.type(question.getByLabelText('Why'), 'The call.');
    await userEvent.click(question.getByRole('button', { name: 'Save level' }));
    await question.findByText('Ada set 5');
    await waitFor(() => expect(seen.filter(({ url }) => url.endsWith('/overrides'))).toHaveLength(2));
  });
});

describe('how an answer was spoken', () => {
  it('stands at its question, each figure with what it means, in no score', async () => {
    const [first] = testReport().questions;
    if (first === undefined) throw new Error('no question');
    const speech = {
      words: 212,
      talk_ms: 84_400,
      pace: 151,
      pauses: 4,
      longest_ms: 2300,
      pause_share: 0.12,
      fillers: 3,
      fillers_per_100: 1.4,
      latency_ms: 1800,
    };
    open({ questions: [{ ...first, speech }] }, () => null);
    const question = await opened();
    expect(question.getByText('How it was spoken (not in the level)')).toBeInTheDocument();
    expect(question.getByText(/in no score/)).toBeInTheDocument();
    const said = question.getAllByRole('definition').map((one) => one.textContent);
    expect(said).toContainEqual(expect.stringMatching(/^1 min 24 sPauses/));
    expect(said).toContainEqual(expect.stringMatching(/^151 words a minuteWhile talking/));
    expect(said).toContainEqual(expect.stringMatching(/^4, the longest 2.3 s, 12 % of the time/));
    expect(said).toContainEqual(expect.stringMatching(/^3, 1.4 of 100 words/));
    expect(said).toContainEqual(expect.stringMatching(/^1.8 sAfter the question/));
  });
});

describe('the PDF', () => {
  it('is of the version that is read, with or without names, and says why it could not be made', async () => {
    let full = true;
    const seen = open({ version: 3, latest_version: 3 }, ({ url }) => {
      if (url.includes('/export.pdf'))
        return full ? { status: 503, code: 'busy', message: 'Too much to do.' } : { raw: new Blob(['%PDF']) };
      return url.endsWith('/versions') ? { data: { items: [], total: 0, page: 1, page_size: 100 } } : null;
    });
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }));
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    await userEvent.click(await screen.findByRole('button', { name: 'PDF' }));
    const dialog = within(screen.getByRole('dialog', { hidden: true }));
    await userEvent.click(dialog.getByRole('button', { name: 'Save PDF', hidden: true }));
    expect(await dialog.findByText('Too much to do.')).toBeInTheDocument();
    full = false;
    await userEvent.click(dialog.getByLabelText('Hide names'));
    await userEvent.click(dialog.getByRole('button', { name: 'Save PDF', hidden: true }));
    await waitFor(() => expect(screen.queryByRole('dialog', { hidden: true })).toBeNull());
    expect(seen.map(({ url }) => url).filter((url) => url.includes('pdf'))).toEqual([
      '/reports/r1/export.pdf?version=3',
      '/reports/r1/export.pdf?version=3&hide_names=true',
    ]);
    expect(names).toEqual(['Interview report, version 3.pdf']);
  });
});

describe('links for those without an account', () => {
  const share = (id: string, more: Partial<ReportShare> = {}): ReportShare => ({
    id,
    report_id: 'r1',
    hide_names: false,
    recordings: false,
    created_at: AT,
    expires_at: '2099-01-01T10:00:00.000Z',
    revoked_at: null,
    last_used_at: null,
    url: null,
    ...more,
  });

  it('are made, told once, listed and ended', async () => {
    let links = [
      share('old', { expires_at: AT, hide_names: true }),
      share('ended', { revoked_at: AT, last_used_at: AT }),
    ];
    const seen = open({}, ({ method, url }) => {
      if (!url.includes('/shares')) return null;
      if (method === 'GET') return { data: { items: links, total: links.length, page: 1, page_size: 9 } };
      if (method === 'DELETE') {
        links = links.map((one) => (url.endsWith(one.id) ? { ...one, revoked_at: AT } : one));
        return {};
      }
      const made = share('new', { hide_names: true, recordings: true });
      links = [made, ...links];
      return { status: 201, data: { ...made, url: 'https://viva.example/r/secret' } };
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Share' }));
    const dialog = within(screen.getByRole('dialog', { hidden: true }));
    const rows = async () => (await dialog.findAllByRole('listitem', { hidden: true })).map((one) => one.textContent);
    expect(await rows()).toEqual([
      expect.stringMatching(/^Expired on 24 November 2026, names hidden.*Not read yet/),
      expect.stringMatching(/^Ended .*Last read/),
    ]);
    expect(dialog.queryByRole('button', { name: /^End/, hidden: true })).toBeNull();
    await userEvent.selectOptions(dialog.getByLabelText('It works for'), '30');
    expect(dialog.getByText(/your organisation hears and sees them, and nobody else/)).toBeInTheDocument();
    expect(dialog.queryByText(/A voice and a face tell/)).toBeNull();
    await userEvent.click(dialog.getByLabelText('Hide names'));
    expect(dialog.getByText(/A voice and a face tell who somebody is/)).toBeInTheDocument();
    await userEvent.click(dialog.getByLabelText('Let the recordings be heard'));
    await userEvent.click(dialog.getByRole('button', { name: 'Make a link', hidden: true }));
    expect(await dialog.findByText('https://viva.example/r/secret')).toBeInTheDocument();
    await waitFor(async () =>
      expect((await rows())[0]).toMatch(/^Works until 1 January 2099, .*names hidden, with recordings/),
    );
    await userEvent.click(dialog.getByRole('button', { name: /^End the link/, hidden: true }));
    await waitFor(() => expect(dialog.queryByText('https://viva.example/r/secret')).toBeNull());
    expect(changes(seen)).toEqual([
      ['POST', '/reports/r1/shares', { days: 30, hide_names: true, recordings: true }],
      ['DELETE', '/reports/r1/shares/new', undefined],
    ]);
  });

  it('say why one could not be made', async () => {
    open({}, ({ method, url }) => {
      if (!url.includes('/shares')) return null;
      return method === 'GET'
        ? { data: { items: [], total: 0, page: 1, page_size: 9 } }
        : { status: 409, code: 'report_not_ready', message: 'The report is not made yet.' };
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Share' }));
    const dialog = within(screen.getByRole('dialog', { hidden: true }));
    expect(await dialog.findByText('No link was made yet.')).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('button', { name: 'Make a link', hidden: true }));
    expect(await dialog.findByText('The report is not made yet.')).toBeInTheDocument();
  });

  it('are not a reviewer’s to give', async () => {
    open({}, () => null, '', 'reviewer');
    await screen.findByText('Finds causes first.');
    expect(screen.queryByRole('button', { name: 'Share' })).toBeNull();
  });
});
