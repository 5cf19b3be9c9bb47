import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../services/api';
import type { Session } from '../services/types';
import { beside, testAnswer, testReport, testSession } from '../test/data';
import { renderScreen } from '../test/screen';
import { serve, testUser, tokenPair } from '../test/server';
import SessionView from './SessionView';
import { lengthOf, mediaTime, recordingAfter, recordingAt, silence } from './session/playback';

const open = (session: Session) => {
  const seen = serve((request) =>
    request.method === 'POST'
      ? { status: 202, data: testReport({ status: 'pending' }) }
      : (beside(request) ?? { data: session }),
  );
  renderScreen('/sessions/:id', '/sessions/s', <SessionView />, testUser);
  return seen;
};
const player = () => document.querySelector('video');

beforeEach(() => {
  tokens.clear();
  tokens.accept(tokenPair(1));
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, 'readyState', 'get').mockReturnValue(1);
  Element.prototype.scrollIntoView = () => undefined;
});

describe('an interview that was closed in the middle', () => {
  it('says that it is partial, and how far it came', async () => {
    open(testSession({ partial: true, question_count: 8, answered_count: 3 }));
    expect(await screen.findByText('Partial')).toBeInTheDocument();
    expect(screen.getByText(/Closed when its time was over: 3 of 8 answered/)).toBeInTheDocument();
  });
});

describe('the moments of an answer', () => {
  const answer = testAnswer();
  it('are found in the recording that covers them, or in the next one', () => {
    const segments = [0, 500, 20_000, 22_000, 25_000, 54_000, 99_000].map((ms) => recordingAt(answer, ms)?.segment);
    expect(segments).toEqual([0, 0, 0, 1, 1, 1, 1]);
    expect(recordingAfter(answer, 0)?.segment).toBe(1);
    expect(recordingAfter(answer, 1)).toBeNull();
  });
  it('are told in the recording’s own seconds, never past its end', () => {
    const [first] = answer.recordings;
    if (first === undefined) throw new Error('no recording');
    expect([0, 1500, 99_000].map((ms) => mediaTime(first, ms))).toEqual([0, 1, 19.95]);
  });
  it('last as long as the longest thing', () => {
    expect(lengthOf(answer)).toBe(60_000);
    expect(lengthOf(testAnswer({ duration_ms: 5 }))).toBe(55_000);
  });
  it('that cannot be heard say why', () => {
    expect(silence(answer)).toBeNull();
    expect(silence(testAnswer({ mode: 'text', recordings: [] }))).toContain('typed');
    const processing = {
      segment: 0,
      status: 'processing',
      media_type: '',
      duration_ms: 0,
      offset_ms: 0,
      lead_ms: 0,
      media_url: null,
    } as const;
    expect(silence(testAnswer({ recordings: [processing] }))).toContain('being prepared');
  });
});

describe('SessionView', () => {
  it('shows the level, and backs it with a quote that plays', async () => {
    open(testSession());
    expect(await screen.findByText('3.8')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Play from 00:01, Tells people' }));
    expect(player()).toHaveAttribute('src', '/m/0?ticket=x');
    expect(player()?.currentTime).toBeCloseTo(0.5);
  });

  it('plays a sentence out of the segment that holds it', async () => {
    open(testSession());
    await userEvent.click(await screen.findByRole('button', { name: /Then I fixed it/ }));
    await waitFor(() => expect(player()).toHaveAttribute('src', '/m/1?ticket=x'));
    await waitFor(() => expect(player()?.currentTime).toBeCloseTo(5));
    expect(screen.getByRole('button', { name: /Then I fixed it/ })).toHaveAttribute('aria-current', 'true');
  });

  it('plays from the word that is clicked, and from the beginning by key', async () => {
    open(testSession());
    const sentence = await screen.findByRole('button', { name: /I called them/ });
    const word = within(sentence).getByText('called');
    expect(word).toHaveAttribute('title', 'Perhaps misheard');
    await userEvent.click(word);
    await waitFor(() => expect(player()?.currentTime).toBeCloseTo(0.9));
    expect(within(sentence).getByText('called')).toHaveAttribute('data-now');
    sentence.focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(player()?.currentTime).toBeCloseTo(0.5));
  });

  it('says what sounds like another language', async () => {
    open(testSession());
    expect(await screen.findByRole('button', { name: /Sounds like German.*Then I fixed it/ })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /I called them/ })).not.toHaveTextContent('Sounds like');
  });

  it('goes on with the next segment when one ends', async () => {
    open(testSession());
    await screen.findByText('3.8');
    const video = player();
    if (video === null) throw new Error('no player');
    fireEvent.ended(video);
    expect(player()).toHaveAttribute('src', '/m/1?ticket=x');
  });

  it('marks the quoted words in the transcript', async () => {
    open(testSession());
    const transcript = within(await screen.findByRole('region', { name: 'Transcript, question 1' }));
    expect(transcript.getByRole('mark')).toHaveTextContent('I called them');
  });

  it('fetches a new ticket when the recording is refused, once', async () => {
    const seen = open(testSession());
    await screen.findByText('3.8');
    const asked = () => seen.filter(({ url }) => url === '/sessions/s').length;
    const before = asked();
    const video = player();
    if (video === null) throw new Error('no player');
    fireEvent.error(video);
    await waitFor(() => expect(asked()).toBe(before + 1));
    fireEvent.error(video);
    expect(await screen.findByText('The browser could not play this recording.')).toBeInTheDocument();
    expect(asked()).toBe(before + 1);
  });

  it('says why a question has no level', async () => {
    const report = testReport();
    const [question] = report.questions;
    if (question === undefined) throw new Error('no question');
    const reason = 'Not scored: too much noise to trust the transcript.';
    const questions = [{ ...question, score: null, reason_not_scored: reason, points: [] }];
    open(testSession({ report: { ...report, overall_score: null, questions } }));
    expect(await screen.findByText(reason)).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Suggested level' }).parentElement).toHaveTextContent('Not scored');
  });

  it('says that the report is coming, failed, or was never asked for', async () => {
    open(testSession({ report: testReport({ status: 'pending', version: 0 }), report_status: 'pending' }));
    expect(await screen.findByText('The report is being written')).toBeInTheDocument();
  });

  it('says when recordings were kept long enough, unless there never were any', async () => {
    open(testSession({ recordings_erased_at: '2026-11-24T12:00:00.000Z', answers: [testAnswer({ recordings: [] })] }));
    expect(await screen.findByText(/recordings were erased on 24 November 2026/)).toBeInTheDocument();
    cleanup();
    const typed = testAnswer({ mode: 'text', recordings: [] });
    open(testSession({ recordings_erased_at: '2026-11-24T12:00:00.000Z', answers: [typed] }));
    await screen.findByRole('region', { name: 'Summary' });
    expect(screen.queryByText(/recordings were erased/)).not.toBeInTheDocument();
  });

  it('what was asked before a typed answer stands above it, without a moment to play', async () => {
    const asked = {
      id: 'u',
      speaker: 'interviewer' as const,
      start_ms: -4000,
      end_ms: -500,
      text: 'First, if I may?',
      words: null,
      confidence: null,
      other_language: null,
      follow_up: null,
      typed: false,
    };
    const typed = testAnswer({ mode: 'text', recordings: [], utterances: [asked], text: 'In my own words.' });
    open(testSession({ answers: [typed] }));
    const line = await screen.findByRole('button', { name: /First, if I may/ });
    expect(line).toHaveAttribute('aria-disabled', 'true');
    expect(line).not.toHaveTextContent('00:00');
    expect(screen.getByText('In my own words.')).toBeInTheDocument();
  });

  it('asks for the report again after a failure', async () => {
    const seen = open(testSession({ report: testReport({ status: 'failed', version: 0 }), report_status: 'failed' }));
    expect(await screen.findByText('The report could not be written')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(seen.some(({ method, url }) => method === 'POST' && url === '/sessions/s/report')).toBe(true),
    );
  });

  it('offers a reviewer nothing that changes', async () => {
    const report = testReport({ status: 'failed', version: 0 });
    serve((request) => beside(request) ?? { data: testSession({ report, report_status: 'failed' }) });
    renderScreen('/sessions/:id', '/sessions/s', <SessionView />, { ...testUser, role: 'reviewer' });
    expect(await screen.findByText('The report could not be written')).toBeInTheDocument();
    for (const name of ['Try again', 'Erase', 'Write the report again'])
      expect(screen.queryByRole('button', { name })).toBeNull();
  });

  it('tells of an interview that runs', async () => {
    open(testSession({ status: 'in_progress', completed_at: null, report: null, report_status: 'none', answers: [] }));
    expect(await screen.findByText('Priya Nair is being interviewed')).toBeInTheDocument();
    expect(screen.getByText('No question has been answered yet.')).toBeInTheDocument();
  });

  it('says so when it belongs to someone else', async () => {
    serve(() => ({ status: 403, code: 'forbidden' }));
    renderScreen('/sessions/:id', '/sessions/s', <SessionView />, testUser);
    expect(await screen.findByText('Not yours to see')).toBeInTheDocument();
  });

  it('offers to try again when the server is away', async () => {
    let up = false;
    serve((request) => {
      if (!up) throw new Error('down');
      return beside(request) ?? { data: testSession() };
    });
    renderScreen('/sessions/:id', '/sessions/s', <SessionView />, testUser);
    await screen.findByText('We could not load the interview');
    up = true;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('3.8')).toBeInTheDocument();
  });
});
