import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../services/api';
import type { Interview, QuestionInput } from '../services/types';
import { testInterview, testOptions } from '../test/data';
import { renderScreen } from '../test/screen';
import { serve, tokenPair, type FakeReply, type FakeRequest } from '../test/server';
import InterviewEditor from './InterviewEditor';

interface Sent {
  questions: QuestionInput[];
}

/* A server that keeps the interview, gives ids, and can be told to refuse. */
function editorServer(interview: Interview | null, refuse: (request: FakeRequest) => FakeReply | null = () => null) {
  let kept = interview;
  return serve((request) => {
    const { method, url, body } = request;
    const refusal = refuse(request);
    if (refusal !== null) return refusal;
    if (url === '/interviews/options') return { data: testOptions };
    if (method === 'POST' && url === '/interviews') kept = testInterview({ ...(body as object), questions: [] });
    else if (method === 'PATCH') kept = testInterview({ ...kept, ...(body as object) });
    else if (url.endsWith('/questions/generate'))
      kept = testInterview({ ...kept, questions: testInterview().questions });
    else if (url.endsWith('/publish')) kept = testInterview({ ...kept, status: 'open' });
    else if (method === 'PUT') {
      const questions = (body as Sent).questions.map((question, i) => ({
        id: question.id ?? `new${i}`,
        position: i + 1,
        text: question.text,
        rephrased: question.rephrased ?? '',
        competency: question.competency ?? '',
        category: question.category,
        points: question.points,
        time_limit_s: question.time_limit_s ?? 180,
      }));
      kept = testInterview({ ...kept, questions });
    }
    return { data: kept };
  });
}

const saves = (seen: FakeRequest[]): QuestionInput[][] =>
  seen.filter((request) => request.method === 'PUT').map((request) => (request.body as Sent).questions);
const openEditor = () => renderScreen('/interviews/:id/edit', '/interviews/i1/edit', <InterviewEditor />);
const words = () => screen.findByLabelText('What Daniel says');
const list = () => within(screen.getByRole('list', { name: /order in which they are asked/ }));

beforeEach(() => {
  tokens.clear();
  tokens.accept(tokenPair(1));
});

describe('somebody else', () => {
  it('who changed the interview meanwhile is not overwritten', async () => {
    const seen = editorServer(testInterview(), ({ method }) =>
      method === 'PUT' ? { status: 412, code: 'changed_meanwhile', message: 'no' } : null,
    );
    openEditor();
    await userEvent.type(await words(), ' More?');
    await screen.findByRole('button', { name: 'Load it again' });
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    const version = `"v${Date.parse(testInterview().updated_at)}"`;
    expect(seen.filter((request) => request.method === 'PUT').map((request) => request.ifMatch)).toContain(version);
  });
});

describe('a new interview', () => {
  const openNew = () => renderScreen('/interviews/new', '/interviews/new', <InterviewEditor />);

  it('is created, drafted, and opened at its questions', async () => {
    const seen = editorServer(null);
    openNew();
    await userEvent.type(await screen.findByLabelText('Name of the interview'), 'Analyst, first round');
    await userEvent.type(screen.getByLabelText('Role'), 'Analyst');
    await userEvent.click(screen.getByLabelText('Testing'));
    await userEvent.selectOptions(screen.getByLabelText('Interviewer'), 'Amara');
    await userEvent.click(screen.getByRole('button', { name: 'Draft the questions' }));
    await screen.findByText('/interviews/i1/edit?step=questions');
    const [created, drafted] = seen.filter((request) => request.method === 'POST');
    expect(created?.body).toMatchObject({
      title: 'Analyst, first round',
      job_role: 'Analyst',
      focus_areas: ['testing'],
      question_count: 6,
      avatar: 'amara',
      voice: 'ann',
      interview_type: 'mixed',
    });
    expect(drafted?.url).toBe('/interviews/i1/questions/generate');
  });

  it('takes a last day and a number of places, in the reader’s own clock', async () => {
    const seen = editorServer(null);
    openNew();
    await userEvent.type(await screen.findByLabelText('Name of the interview'), 'Analyst');
    await userEvent.type(screen.getByLabelText('Role'), 'Analyst');
    const until = screen.getByLabelText('Candidates can register until');
    const places = screen.getByLabelText('Places');
    fireEvent.change(until, { target: { value: '2020-01-31T17:00' } });
    await userEvent.clear(places);
    await userEvent.type(places, '25');
    await userEvent.click(screen.getByRole('button', { name: 'Draft the questions' }));
    await screen.findByText('Choose a time to come.');
    fireEvent.change(until, { target: { value: '2090-01-31T17:00' } });
    await userEvent.click(screen.getByRole('button', { name: 'Draft the questions' }));
    await screen.findByText('/interviews/i1/edit?step=questions');
    const [created] = seen.filter((request) => request.method === 'POST');
    expect(created?.body).toMatchObject({
      expires_at: new Date('2090-01-31T17:00').toISOString(),
      max_sessions: 25,
    });
  });

  it('says how the conversation goes, in plain words', async () => {
    const seen = editorServer(null);
    openNew();
    await userEvent.type(await screen.findByLabelText('Name of the interview'), 'Analyst');
    await userEvent.type(screen.getByLabelText('Role'), 'Analyst');
    await userEvent.selectOptions(screen.getByLabelText('How long Viva waits in a pause'), 'patient');
    await userEvent.selectOptions(screen.getByLabelText('Time to think before an answer'), '30 seconds');
    await userEvent.click(screen.getByLabelText('Candidates may skip a question'));
    await userEvent.click(screen.getByRole('button', { name: 'Draft the questions' }));
    await screen.findByText('/interviews/i1/edit?step=questions');
    const [created] = seen.filter((request) => request.method === 'POST');
    expect(created?.body).toMatchObject({
      patience: 'patient',
      think_time_s: 30,
      allow_pause: true,
      allow_skip: false,
      practice: true,
      time_to_finish_s: 14_400,
      follow_ups: 1,
    });
  });

  it('shows what the server refused at the field, and keeps what was typed', async () => {
    editorServer(null, ({ method, url }) =>
      method === 'POST' && url === '/interviews'
        ? { status: 422, code: 'field_too_long', field: 'title', message: 'Use at most 160 characters.' }
        : null,
    );
    openNew();
    await userEvent.type(await screen.findByLabelText('Name of the interview'), 'Long');
    await userEvent.type(screen.getByLabelText('Role'), 'Analyst');
    await userEvent.click(screen.getByRole('button', { name: 'Draft the questions' }));
    const field = screen.getByLabelText('Name of the interview');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription('Use at most 160 characters.');
    expect(field).toHaveValue('Long');
    expect(field).toHaveFocus();
  });

  it('is not created twice when only the drafting failed', async () => {
    let failures = 1;
    const seen = editorServer(null, ({ url }) =>
      url.endsWith('/generate') && failures-- > 0 ? { status: 503, code: 'unavailable', message: 'Busy.' } : null,
    );
    openNew();
    await userEvent.type(await screen.findByLabelText('Name of the interview'), 'A');
    await userEvent.type(screen.getByLabelText('Role'), 'Analyst');
    await userEvent.click(screen.getByRole('button', { name: 'Draft the questions' }));
    expect(await screen.findByText('Busy.')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Draft the questions' }));
    await screen.findByText('/interviews/i1/edit?step=questions');
    expect(seen.filter(({ method, url }) => method === 'POST' && url === '/interviews')).toHaveLength(1);
  });

  it('checks for comfort before it asks the server', async () => {
    const seen = editorServer(null);
    openNew();
    await userEvent.click(await screen.findByRole('button', { name: 'Draft the questions' }));
    expect(await screen.findByText('Give it a name.')).toBeInTheDocument();
    expect(seen.some((request) => request.method === 'POST')).toBe(false);
  });
});

describe('the questions', () => {
  it('save themselves, with their ids, after a change', async () => {
    const seen = editorServer(testInterview());
    openEditor();
    await userEvent.type(await words(), ' Really?');
    await screen.findByText(/^Saved \d\d:\d\d$/);
    expect(
      saves(seen)
        .at(-1)
        ?.map(({ id, text }) => [id, text]),
    ).toEqual([
      ['q1', 'First? Really?'],
      ['q2', 'Second?'],
      ['q3', 'Third?'],
    ]);
  });

  it('are not saved while one has no words, and say so', async () => {
    const seen = editorServer(testInterview());
    openEditor();
    await words();
    await userEvent.click(screen.getByRole('button', { name: 'Add a question' }));
    expect(screen.getByText('Not saved: question 4 has no words')).toBeInTheDocument();
    expect(saves(seen)).toEqual([]);
    await userEvent.type(await words(), 'Fourth?');
    await waitFor(() => expect(saves(seen).at(-1)?.at(-1)).toMatchObject({ text: 'Fourth?' }));
    expect(saves(seen).at(-1)?.at(-1)).not.toHaveProperty('id');
    // the id that the server gave is used from then on
    await waitFor(() => expect(screen.getByText(/^Saved/)).toBeInTheDocument());
    await userEvent.type(await words(), '!');
    await waitFor(() => expect(saves(seen).at(-1)?.at(-1)).toMatchObject({ id: 'new3', text: 'Fourth?!' }));
  });

  it('move by arrow keys', async () => {
    const seen = editorServer(testInterview());
    openEditor();
    await words();
    list()
      .getByRole('button', { name: /^Move question 3/ })
      .focus();
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() =>
      expect(
        saves(seen)
          .at(-1)
          ?.map(({ id }) => id),
      ).toEqual(['q1', 'q3', 'q2']),
    );
  });

  it('come back by undo', async () => {
    const seen = editorServer(testInterview());
    openEditor();
    await words();
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    expect(list().queryByText('First?')).toBeNull();
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(list().getByText('First?')).toBeInTheDocument();
    await waitFor(() =>
      expect(
        saves(seen)
          .at(-1)
          ?.map(({ text }) => text),
      ).toEqual(['First?', 'Second?', 'Third?']),
    );
  });

  it('carry points, which are added with Enter', async () => {
    const seen = editorServer(testInterview());
    openEditor();
    await words();
    await userEvent.type(screen.getByLabelText('New point'), 'Names who needed to know{Enter}');
    await waitFor(() => expect(saves(seen).at(-1)?.[0]?.points).toEqual(['Names who needed to know']));
    await userEvent.type(screen.getByLabelText('New point'), 'Good communicator');
    expect(screen.getByText(/Hard to hear in an answer/)).toBeInTheDocument();
  });

  it('show a refusal at the question it names, and try again', async () => {
    let refusing = true;
    editorServer(testInterview(), ({ method }) =>
      method === 'PUT' && refusing
        ? { status: 422, code: 'field_too_long', field: 'questions[0].text', message: 'Use at most 1000 characters.' }
        : null,
    );
    openEditor();
    await userEvent.type(await words(), '!');
    await screen.findByText(/^Not saved\./);
    expect(await words()).toHaveAccessibleDescription('Use at most 1000 characters.');
    refusing = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/^Saved/)).toBeInTheDocument();
  });

  it('are drafted again only after a yes', async () => {
    const seen = editorServer(testInterview());
    openEditor();
    await words();
    await userEvent.click(screen.getByRole('button', { name: 'Draft from the role' }));
    expect(seen.some(({ url }) => url.endsWith('/generate'))).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Draft again' }));
    await waitFor(() => expect(seen.some(({ url }) => url.endsWith('/generate'))).toBe(true));
  });
});

describe('the invitation', () => {
  const openInvite = () => renderScreen('/interviews/:id/edit', '/interviews/i1/edit?step=invite', <InterviewEditor />);

  it('opens the interview and shows the link', async () => {
    const seen = editorServer(testInterview());
    openInvite();
    await userEvent.click(await screen.findByRole('button', { name: 'Open and copy the link' }));
    expect(await screen.findByText(`${window.location.origin}/i/abc`)).toBeInTheDocument();
    expect(seen.some(({ url }) => url === '/interviews/i1/publish')).toBe(true);
  });

  it('says what is missing first', async () => {
    const seen = editorServer(testInterview({ questions: [] }));
    openInvite();
    const button = await screen.findByRole('button', { name: 'Open and copy the link' });
    expect(button).toHaveAccessibleDescription('There is no question yet.');
    await userEvent.click(button);
    expect(seen.some(({ url }) => url.endsWith('/publish'))).toBe(false);
  });
});
