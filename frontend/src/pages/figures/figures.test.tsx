import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type {
  AdverseImpact,
  Agreement,
  ImpactGroup,
  LevelAgreement,
  ReportStatistics,
  ScoreDrift,
} from '../../services/types';
import { testInterview } from '../../test/data';
import { renderScreen } from '../../test/screen';
import { serve, testUser, type FakeReply, type FakeRequest } from '../../test/server';
import Figures from './Figures';

const interview = testInterview();
const none: Agreement = {
  name: '',
  n: 0,
  exact: null,
  within_one: null,
  kappa: null,
  mean_difference: null,
  mean_apart: null,
};
const scores: ReportStatistics = {
  reports: 3,
  pending: 0,
  ready: 3,
  failed: 0,
  scored: 3,
  average: 3.4,
  min: 2,
  max: 4.5,
  median: 3.7,
  deviation: 1.277,
  distribution: [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5].map((from) => ({ from, to: from + 0.5, count: from === 4.5 ? 2 : 0 })),
  by_interview: [],
  by_category: [],
  by_competency: [{ competency: 'Judgement', count: 6, average: 3.25 }],
};
const drift: ScoreDrift = {
  period: 'month',
  n: 12,
  statement: 'Scores fall.',
  series: [
    {
      scorer_version: 'rubric-2',
      n: 12,
      first: '2026-09-03T10:00:00.000Z',
      last: '2026-10-03T10:00:00.000Z',
      mean: 3.2,
      deviation: 0.5,
      low: 3,
      high: 3.4,
      slope: -0.4,
      p_value: 0.01,
      drifts: true,
      statement: 'Scores fall by 0.40 levels in 30 days, more than chance alone explains.',
      points: [
        { from: '2026-09-01T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z', n: 11, mean: 3.4, low: 3.1, high: 3.7 },
        { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', n: 1, mean: 3, low: null, high: null },
      ],
    },
  ],
  steps: [],
};
const levels: LevelAgreement = {
  machine: { ...none, n: 40, exact: 0.55, within_one: 0.95, kappa: 0.71, mean_difference: -0.25, mean_apart: 0.5 },
  without_machine: 2,
  left_as_is: 80,
  by_competency: [
    { ...none, name: 'Judgement', n: 40, exact: 0.55, within_one: 0.95, kappa: 0.71, mean_difference: -0.25 },
  ],
  reviewers: none,
  answers_by_several: 0,
  statement: 'People set 40 levels beside the machine’s.',
};
const empty: ImpactGroup = {
  value: 'not_given',
  label: 'Not given',
  withheld: 'too_few',
  n: null,
  selected: null,
  selection_rate: null,
  rate_low: null,
  rate_high: null,
  impact_ratio: null,
  ratio_low: null,
  ratio_high: null,
  mean_score: null,
  above_median: null,
  scoring_rate: null,
  scoring_ratio: null,
  remark: '',
};
const impact: AdverseImpact = {
  at: '2026-11-30T10:00:00.000Z',
  interview_id: interview.id,
  from: null,
  to: null,
  basis: 'score',
  threshold: 3.5,
  threshold_moved: true,
  small_group_min: 5,
  people: 40,
  selected: 22,
  left_out: 2,
  median: 3.5,
  statement: '40 people are counted.',
  categories: [
    {
      category: 'gender',
      label: 'Gender',
      withheld_people: 5,
      statement: 'Below four fifths of the highest selection rate: Woman (0.50).',
      groups: [
        empty,
        {
          ...empty,
          value: 'woman',
          label: 'Woman',
          withheld: 'no',
          n: 20,
          selected: 8,
          selection_rate: 0.4,
          impact_ratio: 0.5,
          ratio_low: 0.28,
          ratio_high: 0.91,
        },
        { ...empty, value: 'man', label: 'Man', withheld: 'would_tell', n: 15 },
      ],
    },
  ],
};

function answers(request: FakeRequest): FakeReply {
  if (request.url === `/interviews/${interview.id}`) return { data: interview };
  if (request.url === '/reports/statistics') return { data: scores };
  if (request.url === '/reports/drift') return { data: { ...drift, period: request.params.period } };
  if (request.url === '/reports/agreement') return { data: levels };
  if (request.url === `/interviews/${interview.id}/adverse-impact`) return { data: impact };
  return { status: 404 };
}

const show = (user = testUser) =>
  renderScreen('/interviews/:id/figures', `/interviews/${interview.id}/figures`, <Figures />, user);

describe('the figures of an interview', () => {
  it('tell scores, drift and agreement, each with a table', async () => {
    serve(answers);
    show();
    expect(await screen.findByText(/3 reports with a score: 3.4 on average/)).toBeInTheDocument();
    expect(await screen.findByText('Drifts')).toBeInTheDocument();
    const points = within(screen.getByRole('region', { name: 'Scores over time, table', hidden: true }));
    expect(points.getByText('3.10 to 3.70')).toBeInTheDocument();
    const between = within(await screen.findByRole('region', { name: 'Agreement, table' }));
    expect(between.getByRole('row', { name: 'People and the machine 40 55 % 95 % 0.71 −0.25' })).toBeInTheDocument();
    expect(screen.queryByText('Two people (pairs)')).toBeNull();
  });

  it('ask again for other periods', async () => {
    const seen = serve(answers);
    show();
    await userEvent.selectOptions(await screen.findByLabelText('Shown'), 'By week');
    await expect
      .poll(() => seen.some(({ url, params }) => url === '/reports/drift' && params.period === 'week'))
      .toBe(true);
    await userEvent.type(screen.getByLabelText('Until'), '2026-10-31');
    await expect
      .poll(
        () =>
          seen.filter(({ url, params }) => url.startsWith('/reports/') && params.to === '2026-11-01T00:00:00.000Z')
            .length,
      )
      .toBe(3);
    await userEvent.type(screen.getByLabelText('Finished from'), '2026-11-20');
    expect(await screen.findByText(/lies before the first day/)).toBeInTheDocument();
    expect(seen.some(({ params }) => 'from' in params && 'to' in params)).toBe(false);
  });

  it('look at groups only when somebody asks to, and say what is withheld', async () => {
    const seen = serve(answers);
    const looks = () => seen.filter(({ url }) => url.endsWith('/adverse-impact'));
    show();
    await userEvent.selectOptions(await screen.findByLabelText('Who counts as selected'), 'A score of at least');
    await userEvent.clear(screen.getByLabelText('Score'));
    await userEvent.type(screen.getByLabelText('Score'), '3.4');
    expect(looks()).toHaveLength(0);
    await userEvent.click(screen.getByRole('button', { name: 'Show the table' }));
    const table = within(await screen.findByRole('region', { name: 'Gender, table' }));
    expect(looks().map(({ params }) => params)).toEqual([{ basis: 'score', threshold: 3.4 }]);
    expect(table.getByRole('row', { name: /^Woman 20 8 40 % 0.50 Below 0.80 0.28 to 0.91/ })).toBeInTheDocument();
    expect(table.getByRole('row', { name: 'Man 15 Withheld: it would tell of single people' })).toBeInTheDocument();
    expect(screen.getByText(/Withheld, because they are few: 5 people of Not given/)).toBeInTheDocument();
    expect(screen.getByText(/The score is moved to 3.5/)).toBeInTheDocument();
  });

  it('show groups to nobody with whom the interview is only shared', async () => {
    serve(answers);
    show({ ...testUser, id: 'u9', role: 'reviewer' });
    await screen.findByText('Drifts');
    expect(screen.queryByText('Whether groups fare alike')).toBeNull();
  });
});
