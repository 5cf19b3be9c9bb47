import { render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { ReportJudgement } from '../../services/types';
import { Judge } from './Judge';

const JUDGE: ReportJudgement = {
  outcome: 'raised',
  statement: 'A language model moved the level up by 1.0, from 2.4 to 3.4.',
  model: 'openai m',
  machine_score: 2.4,
  moved: 1,
  votes_asked: 3,
  votes: 3,
  verdicts: [
    {
      text: 'names a tool',
      verdict: 'met',
      met: 2,
      partial: 1,
      missed: 0,
      discarded: 0,
      quote: 'A hammer.',
      start_ms: 1000,
      end_ms: 2000,
    },
    {
      text: 'says how it ended',
      verdict: 'none',
      met: 1,
      partial: 0,
      missed: 0,
      discarded: 2,
      quote: null,
      start_ms: null,
      end_ms: null,
    },
  ],
};

it('says what it moved, and point by point by which words and votes', () => {
  render(<Judge judge={JUDGE} onPlay={() => undefined} />);
  expect(screen.getByText(JUDGE.statement)).toBeVisible();
  const [tool, end] = within(screen.getByRole('list')).getAllByRole('listitem');
  expect(tool).toHaveTextContent('“A hammer.”');
  expect(tool).toHaveTextContent('2 of 3 votes');
  expect(end).toHaveTextContent('No majority');
  expect(end).toHaveTextContent('Of 3 votes 1 met, 2 thrown away: no such words');
});

it('is one sentence when nothing came back', () => {
  render(
    <Judge
      judge={{ ...JUDGE, outcome: 'unavailable', statement: 'No language model read this answer.', verdicts: [] }}
      onPlay={null}
    />,
  );
  expect(screen.getByText('No language model read this answer.')).toBeVisible();
  expect(screen.queryByRole('list')).toBeNull();
});
