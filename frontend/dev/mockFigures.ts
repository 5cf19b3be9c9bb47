import type {
  AdverseImpact,
  Agreement,
  ImpactGroup,
  LevelAgreement,
  ReportStatistics,
  ScoreDrift,
  Statistics,
} from '../src/services/types.ts';

const month = (n: number) => `2026-${String(n).padStart(2, '0')}-01T00:00:00.000Z`;

export const scores: ReportStatistics = {
  reports: 47,
  pending: 1,
  ready: 46,
  failed: 0,
  scored: 44,
  average: 3.31,
  min: 1.4,
  max: 4.8,
  median: 3.4,
  deviation: 0.72,
  distribution: [1, 2, 3, 6, 12, 11, 7, 2].map((count, i) => ({ from: 1 + i / 2, to: 1.5 + i / 2, count })),
  by_interview: [],
  by_category: [],
  by_competency: [
    { competency: 'Judgement with data', count: 86, average: 3.42 },
    { competency: 'Working with others', count: 43, average: 3.65 },
    { competency: 'Explaining clearly to people who do not know the trade', count: 41, average: 2.98 },
  ],
};

const points = (first: number, means: readonly number[]): ScoreDrift['series'][number]['points'] =>
  means.map((mean, i) => ({
    from: month(first + i),
    to: month(first + i + 1),
    n: 5 + i,
    mean,
    low: mean - 0.32,
    high: mean + 0.32,
  }));

export const drift = (period: string): ScoreDrift => ({
  period: period === 'week' ? 'week' : 'month',
  n: 44,
  statement: 'Scores of rubric-1-9af0 fall; those of rubric-1-094d do not move.',
  series: [
    {
      scorer_version: 'rubric-1-9af01be2c7d3',
      n: 18,
      first: month(6),
      last: month(8),
      mean: 3.5,
      deviation: 0.7,
      low: 3.2,
      high: 3.8,
      slope: -0.31,
      p_value: 0.008,
      drifts: true,
      statement: 'Scores fall by 0.31 levels in 30 days, more than chance alone explains (p = 0.008).',
      points: points(6, [3.8, 3.5, 3.2]),
    },
    {
      scorer_version: 'rubric-1-094da7ce0f4b',
      n: 26,
      first: month(9),
      last: month(11),
      mean: 3.3,
      deviation: 0.7,
      low: 3.1,
      high: 3.5,
      slope: 0.04,
      p_value: 0.61,
      drifts: false,
      statement: 'Scores do not move by more than chance.',
      points: points(9, [3.2, 3.4, 3.3]),
    },
  ],
  steps: [],
});

const between = (name: string, n: number): Agreement => ({
  name,
  n,
  exact: 0.58,
  within_one: 0.96,
  kappa: 0.71,
  mean_difference: -0.22,
  mean_apart: 0.46,
});

export const agreement: LevelAgreement = {
  machine: between('', 62),
  without_machine: 3,
  left_as_is: 140,
  by_competency: [between('Judgement with data', 34), between('Working with others', 28)],
  reviewers: between('', 11),
  answers_by_several: 9,
  statement: 'People set 62 levels beside the machine’s: 58 % the same, 96 % at most one apart.',
};

const nobody: ImpactGroup = {
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
const group = (value: string, label: string, n: number, rate: number, best: number): ImpactGroup => ({
  ...nobody,
  value,
  label,
  withheld: 'no',
  n,
  selected: Math.round(n * rate),
  selection_rate: rate,
  impact_ratio: rate / best,
  ratio_low: rate / best / 1.6,
  ratio_high: (rate / best) * 1.6,
  mean_score: 3.3,
  above_median: Math.round(n / 2),
  scoring_rate: 0.5,
  scoring_ratio: 0.94,
  remark: rate < best ? 'With one selection less elsewhere the ratio would not be below 0.80.' : '',
});

export const impact = (interviewId: string): AdverseImpact => ({
  at: new Date().toISOString(),
  interview_id: interviewId,
  from: null,
  to: null,
  basis: 'decision',
  threshold: null,
  threshold_moved: false,
  small_group_min: 5,
  people: 40,
  selected: 19,
  left_out: 4,
  median: 3.4,
  statement: '40 people are counted, 19 of them selected; 4 said nothing of themselves.',
  categories: [
    {
      category: 'gender',
      label: 'Gender',
      withheld_people: 5,
      statement: 'Below four fifths of the highest selection rate: Woman (0.69).',
      groups: [group('woman', 'Woman', 20, 0.4, 0.58), group('man', 'Man', 15, 0.58, 0.58), nobody],
    },
    {
      category: 'age_band',
      label: 'Age',
      withheld_people: null,
      statement: 'Too few people said it.',
      groups: [nobody],
    },
  ],
});

const latency = (name: string, calls: number, ms: number): Statistics['requests'][number] => {
  const counted = (count: number) => ({
    count,
    mean_ms: ms,
    p50_ms: ms,
    p95_ms: 3 * ms,
    p99_ms: 6 * ms,
    max_ms: 9 * ms,
  });
  return { name, last_ms: ms, recent: counted(calls), total: counted(40 * calls) };
};
const engine = (name: string) => ({
  ready: true,
  name,
  engine: name,
  model: '',
  message: '',
  calls: 812,
  latency_ms: 210,
});

export const statistics = (days: number): Statistics => ({
  at: new Date().toISOString(),
  started_at: month(11),
  users: { admin: 1, recruiter: 4, reviewer: 2, disabled: 1 },
  interviews: { draft: 2, open: 5, closed: 3, archived: 1 },
  candidates: 61,
  sessions: { registered: 4, in_progress: 9, completed: 46, withdrawn: 2 },
  reports: { pending: 1, ready: 46, failed: 0 },
  days: Array.from({ length: days }, (_, i) => ({
    day: new Date(Date.parse(month(11)) + i * 86_400_000).toISOString().slice(0, 10),
    registered: (i * 7) % 5,
    started: (i * 5) % 4,
    completed: (i * 3) % 4,
    withdrawn: i % 11 === 0 ? 1 : 0,
    reports_ready: (i * 3) % 4,
  })),
  storage: {
    recordings: 310,
    recording_bytes: 4_812_000_000,
    resumes: 22,
    resume_bytes: 9_400_000,
    disk_files: 341,
    disk_bytes: 4_840_000_000,
    disk_complete: true,
    free_bytes: 61_000_000_000,
    database_bytes: 48_000_000,
  },
  queue: {
    jobs: [
      { kind: 'remux', state: 'queued', count: 3 },
      { kind: 'report', state: 'done', count: 46 },
    ],
    oldest_waiting_s: 84,
    failed: 0,
    last_failed_kind: null,
    last_error: null,
    last_failed_at: null,
  },
  live: { under_way: 9, waiting: 2, held: 14, speech_utilisation: 0.83, captions_delayed: true },
  engines: { stt: engine('whisper/base'), tts: engine('piper'), vad: engine('silero') },
  database: { ready: true, name: 'sqlite', message: '' },
  cache: { ready: true, name: 'memory', message: '' },
  requests: [latency('interviews', 41, 1.2), latency('sessions', 96, 2.6), latency('recordings', 640, 8.1)],
  engine_latency: [latency('stt', 212, 310), latency('tts', 38, 190)],
});
