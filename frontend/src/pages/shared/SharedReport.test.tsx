import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../services/api';
import type { SharedReport as Shared } from '../../services/types';
import { testAnswer, testContent, testReport } from '../../test/data';
import { renderScreen } from '../../test/screen';
import { serve, tokenPair, type FakeReply } from '../../test/server';
import SharedReport from './SharedReport';

const AT = '2026-11-24T10:00:00.000Z';
const override = {
  id: 'o1',
  answer_id: 'a1',
  author_id: null,
  author_name: 'A reviewer',
  version: 1,
  machine_score: 4,
  level: 5,
  reason: 'The call at 00:01.',
  created_at: AT,
};
const spoken: Shared['answers'][number] = {
  answer_id: 'a1',
  mode: 'voice',
  text: 'I called them. Then I fixed it.',
  said: testAnswer().utterances,
  recordings: [],
  duration_ms: 60_000,
};
const shared = (more: Partial<Shared> = {}): Shared => ({
  candidate_name: 'Candidate',
  interview_title: 'Operations analyst',
  interviewed_at: AT,
  expires_at: '2099-01-01T10:00:00.000Z',
  names_hidden: true,
  recordings: false,
  report: testReport({
    content: testContent(),
    human: { overall_score: 5, competencies: [], overrides: [override] },
    integrity: [
      { kind: 'tab_hidden', at: AT, position: 1, count: 1, offset_ms: 30_000, statement: 'The window was left.' },
    ],
  }),
  answers: [spoken],
  ...more,
});

function open(reply: FakeReply) {
  const seen = serve(() => reply);
  renderScreen('/r/:token', '/r/secret', <SharedReport />);
  return seen;
}

beforeEach(() => tokens.clear());

describe('a report by a link', () => {
  it('is read without an account, even by somebody who has one', async () => {
    tokens.accept(tokenPair(1));
    const seen = open({ data: shared() });
    expect(await screen.findByRole('heading', { level: 1, name: 'Candidate' })).toBeInTheDocument();
    expect(screen.getByText(/^Read only, until 1 January 2099/)).toBeInTheDocument();
    expect(screen.getByText('Finds causes first.')).toBeInTheDocument();
    expect(screen.getByText('The window was left.')).toBeInTheDocument();
    const asked = seen.filter(({ url }) => url.startsWith('/public'));
    expect(asked.map(({ url, bearer }) => [url, bearer])).toEqual([['/public/reports/secret', null]]);
    expect(screen.getByRole('link', { name: 'PDF' })).toHaveAttribute(
      'href',
      '/api/v1/public/reports/secret/export.pdf',
    );
  });

  it('shows what a level rests on, and nothing to change or to play', async () => {
    open({ data: shared() });
    await userEvent.click(await screen.findByText('First?', { selector: 'summary *' }));
    const question = within(screen.getByRole('region', { name: 'Question by question' }));
    expect(question.getAllByText('“I called them”')).not.toHaveLength(0);
    expect(question.getByText('A reviewer set 5')).toBeInTheDocument();
    expect(screen.queryByRole('button')).toBeNull();
    await userEvent.click(question.getByText('Transcript'));
    expect(question.getByText('I called them.')).toBeInTheDocument();
    expect(question.getByText('00:30')).toBeInTheDocument();
  });

  it('shows a typed answer as it was typed', async () => {
    open({ data: shared({ answers: [{ ...spoken, mode: 'text', text: 'In writing.', said: [] }] }) });
    await userEvent.click(await screen.findByText('Transcript, typed'));
    expect(screen.getByText('In writing.')).toBeInTheDocument();
  });

  it('plays a quote from its moment where the link lets recordings be heard', async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
    vi.spyOn(HTMLMediaElement.prototype, 'readyState', 'get').mockReturnValue(1);
    open({ data: shared({ recordings: true, answers: [{ ...spoken, recordings: testAnswer().recordings }] }) });
    const video = await screen.findByLabelText<HTMLVideoElement>('Recording of Candidate, question 1');
    expect(video).toHaveAttribute('src', testAnswer().recordings[0]?.media_url);
    await userEvent.click(screen.getByText('First?', { selector: 'summary *' }));
    const question = within(screen.getByRole('region', { name: 'Question by question' }));
    await userEvent.click(question.getByRole('button', { name: 'Play from 00:01, Tells people' }));
    expect(play).toHaveBeenCalled();
    expect(video.currentTime).toBe(0.5);
  });

  it('says when a link does not work', async () => {
    open({ status: 404, code: 'not_found', message: 'This link does not work, or not any more' });
    expect(await screen.findByText('This link does not work, or not any more')).toBeInTheDocument();
    expect(screen.getByText(/Ask whoever gave it to you/)).toBeInTheDocument();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('can be tried again when the server does not answer', async () => {
    open({ status: 503, code: 'busy', message: 'Too much to do.' });
    expect(await screen.findByText('We could not load the report')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });
});
