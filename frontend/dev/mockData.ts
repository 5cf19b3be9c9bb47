/* Invented people and words for `npm run dev:mock`. */
import type {
  Answer,
  Interview,
  InterviewOptions,
  Question,
  Report,
  ReportJudgement,
  Session,
  SessionSummary,
  User,
} from '../src/services/types';

const now = Date.now();
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const user: User = {
  id: id(1),
  email: 'ana.duarte@halden.example',
  full_name: 'Ana Duarte',
  role: 'admin',
  is_active: true,
  last_login_at: ago(30),
  created_at: ago(9000),
  updated_at: ago(9000),
};

export const options: InterviewOptions = {
  interview_types: ['technical', 'behavioral', 'situational', 'mixed'].map((value) => ({
    value,
    label: value.charAt(0).toUpperCase() + value.slice(1),
  })),
  difficulties: [
    { value: 'junior', label: 'Junior' },
    { value: 'mid', label: 'Mid-level' },
    { value: 'senior', label: 'Senior' },
    { value: 'lead', label: 'Lead' },
  ],
  focus_areas: [
    'Problem solving',
    'Communication',
    'Teamwork',
    'Leadership',
    'Coding',
    'System design',
    'Debugging',
    'Testing',
    'Data analysis',
    'Project management',
    'Customer focus',
    'Adaptability',
    'Ownership',
    'Learning',
  ].map((label) => ({ value: label.toLowerCase().replace(' ', '_'), label })),
  avatars: [
    { value: 'daniel', label: 'Daniel', voice: 'en_US-joe-medium' },
    { value: 'amara', label: 'Amara', voice: 'en_US-joe-medium' },
  ],
  voices: [{ value: 'en_US-joe-medium', label: 'Joe (American English)', language: 'en' }],
  languages: [{ value: 'en', label: 'English' }],
  statuses: [{ value: 'open', label: 'Open' }],
  sorts: [{ value: 'title', label: 'Title' }],
  question_categories: [{ value: 'closing', label: 'Closing' }],
  session_statuses: [{ value: 'completed', label: 'Completed' }],
  report_statuses: [{ value: 'ready', label: 'Ready' }],
  roles: [{ value: 'recruiter', label: 'Recruiter' }],
  default_avatar: 'daniel',
  default_voice: 'en_US-joe-medium',
  default_language: 'en',
};

const TEXTS: [string, Question['category'], string[]][] = [
  ['What drew you to this role?', 'warmup', []],
  [
    'Walk us through a report you are proud of.',
    'behavioral',
    ['Names who used it', 'Says what changed because of it'],
  ],
  [
    'Tell me about a time you found a mistake in data that other people already trusted. What did you do?',
    'behavioral',
    [
      'Says how the mistake was noticed (a check, not luck)',
      'Traces the cause before changing anything',
      'Tells the people who relied on it',
      'Stops it from happening again, for others too',
    ],
  ],
  ['How do you decide what to do first in a busy week?', 'situational', ['Names what is weighed', 'Gives an example']],
  ['Explain flow balance to someone new.', 'technical', []],
  ['What would you like to ask us?', 'closing', []],
];

export const questions = (): Question[] =>
  TEXTS.map(([text, category, points], i) => ({
    id: id(100 + i),
    position: i + 1,
    text,
    rephrased: '',
    competency: '',
    category,
    points,
    time_limit_s: 180,
  }));

const interview = (n: number, title: string, status: Interview['status'], candidates: number): Interview => ({
  id: id(10 + n),
  owner_id: user.id,
  title,
  job_role: title,
  job_description: '',
  organisation: 'Halden Water',
  interview_type: 'mixed',
  difficulty: 'mid',
  focus_areas: ['data_analysis', 'communication'],
  question_count: TEXTS.length,
  avatar: 'daniel',
  voice: 'en_US-joe-medium',
  language: 'en',
  status,
  link: 'k7qvv4',
  expires_at: null,
  max_sessions: 0,
  archived_at: null,
  patience: 'normal',
  think_time_s: 0,
  allow_pause: true,
  allow_skip: true,
  practice: true,
  time_to_finish_s: 14400,
  follow_ups: 1,
  candidate_url: `http://localhost:5173/i/k7qvv4`,
  questions: questions(),
  statistics: {
    candidates,
    in_progress: candidates > 3 ? 1 : 0,
    completed: candidates,
    average_score: candidates > 0 ? 3.4 : null,
  },
  created_at: ago(5000),
  updated_at: ago(50),
});

export const interviews: Interview[] = [
  interview(0, 'Operations analyst', 'open', 41),
  interview(1, 'Field engineer', 'open', 12),
  interview(2, 'Customer care lead', 'closed', 7),
  interview(3, 'Hydrologist', 'draft', 0),
];

const PEOPLE: [string, number, number | null, number, Partial<SessionSummary>][] = [
  ['Priya Nair', 0, 3.8, 90, {}],
  ['Jonas Lindqvist', 0, 3.1, 200, {}],
  ['Temi Okafor', 1, null, 1500, {}],
  ['Mirja Koskinen', 0, 4.2, 1600, {}],
  ['Samuel Reyes', 2, 2.7, 4200, { answered_count: 5, partial: true }],
  ['Aylin Hoca', 1, null, 4300, { report_status: 'pending' }],
  ['Leo Brandt', 1, null, 18, { status: 'in_progress', answered_count: 3, completed_at: null, report_status: 'none' }],
  ['Hanna Vik', 0, null, 2, { status: 'in_progress', answered_count: 0, completed_at: null, report_status: 'none' }],
];

export const summaries: SessionSummary[] = PEOPLE.map(([full_name, at, score, minutes, more], i) => ({
  id: id(200 + i),
  interview_id: interviews[at]?.id ?? '',
  interview_title: interviews[at]?.title ?? '',
  candidate: { id: id(300 + i), full_name, email: `${full_name.toLowerCase().replace(' ', '.')}@mail.example` },
  status: 'completed',
  created_at: ago(minutes + 1),
  started_at: ago(minutes),
  completed_at: ago(minutes - 22),
  question_count: TEXTS.length,
  answered_count: TEXTS.length,
  recordings_erased_at: null,
  partial: false,
  overall_score: score,
  report_status: 'ready',
  ...more,
}));

const SAID: [number, string][] = [
  [
    1000,
    'At Norrland Grid I owned the weekly pump efficiency report, and one Monday two stations came out above a hundred percent.',
  ],
  [
    13000,
    'That can’t happen, so I pulled the raw sensor logs for the last six weeks and compared them with the meter readings.',
  ],
  [
    28000,
    'It turned out a firmware update had switched one flow sensor from litres to cubic metres, um, only for some rows.',
  ],
  [
    56000,
    'I rang the two managers who had already planned maintenance from them, and I said the figures were wrong and why.',
  ],
  [82000, 'Then I added a range check, so anything above a hundred stops the report and sends me a mail.'],
];

const answers = (): Answer[] =>
  questions().map((question, i) => ({
    id: id(400 + i),
    question_id: question.id,
    position: question.position,
    question_text: question.text,
    status: 'ended',
    mode: i === 4 ? 'text' : 'voice',
    skipped: false,
    extended_s: 0,
    started_at: ago(20),
    ended_at: ago(18),
    duration_ms: 95_000,
    text: SAID.map(([, text]) => text).join(' '),
    utterances:
      i === 4
        ? []
        : SAID.map(([start_ms, text], k) => ({
            id: id(500 + i * 10 + k),
            speaker: 'candidate',
            start_ms,
            end_ms: start_ms + 9000,
            text,
            words: text
              .split(' ')
              .map((word, w, all) => [
                word,
                start_ms + Math.round((9000 * w) / all.length),
                start_ms + Math.round((9000 * (w + 1)) / all.length),
                word === 'um,' ? 0.3 : 0.95,
              ]),
            confidence: 0.9,
            other_language: null,
            follow_up: null,
            typed: false,
          })),
    recordings:
      i === 4
        ? []
        : [
            {
              segment: 0,
              status: 'ready',
              media_type: 'video/webm',
              duration_ms: 95_000,
              offset_ms: 0,
              lead_ms: 0,
              media_url: '/api/v1/mock/answer.webm',
            },
          ],
  }));

const competency = (name: string, weight: number, score: number | null) => ({
  name,
  weight,
  score,
  questions: 1,
  scored: score === null ? 0 : 1,
});

const content = (): Report['content'] => {
  const said = answers()[2]?.id ?? '';
  return {
    asked: 8,
    answered: 6,
    partial: true,
    weights_set: true,
    competencies: [
      competency('Judgement with data', 0.3, 4.1),
      competency('Working with others', 0.25, 4.3),
      competency('Explaining clearly', 0.25, 3.6),
      competency('Planning', 0.2, 3.2),
      competency('Handling pressure', 0, null),
    ],
    strengths: [
      {
        answer_id: said,
        position: 3,
        text: 'Traces the cause before changing anything',
        quote: 'I pulled the raw sensor logs for the last six weeks',
        start_ms: 14000,
        end_ms: 19000,
      },
      {
        answer_id: said,
        position: 3,
        text: 'Tells the people who relied on it',
        quote: 'I rang the two managers who had already planned maintenance',
        start_ms: 56000,
        end_ms: 60000,
      },
    ],
    gaps: [{ answer_id: said, position: 3, text: 'Says what was learned', quote: null, start_ms: null, end_ms: null }],
    ask_next: [
      { position: 3, question: 'What did you change for the reports of others?', about: 'Says what was learned' },
    ],
    speech: [
      {
        measure: 'pace',
        value: 151,
        unit: 'words a minute',
        explanation: '151 words a minute while talking; between 110 and 180 is usual.',
      },
      { measure: 'pauses', value: 4, unit: 'pauses', explanation: '4 pauses of a second and more between words.' },
    ],
    scale: [
      'Does not say what was done',
      'Says a fix, not how it was found',
      'Finds the cause with a check',
      'Finds the cause, tells those affected unprompted, and guards their own work',
      'Also changes how others check their data',
    ],
    made_with: {
      application: '0.2.0',
      scorer: 'points-1',
      embeddings: 'minilm',
      judge: '',
      prompt: '',
      speech_to_text: 'whisper base',
      text_to_speech: 'piper en_US-joe-medium',
    },
  };
};

const human = (): Report['human'] => ({
  overall_score: 4.1,
  competencies: [
    competency('Judgement with data', 0.3, 5),
    competency('Working with others', 0.25, 4.3),
    competency('Explaining clearly', 0.25, 3.6),
    competency('Planning', 0.2, 3.2),
    competency('Handling pressure', 0, null),
  ],
  overrides: [
    {
      id: id(610),
      answer_id: answers()[2]?.id ?? '',
      author_id: user.id,
      author_name: user.full_name,
      version: 1,
      machine_score: 4,
      level: 5,
      reason: 'The call to the managers shows more than the points ask for.',
      created_at: ago(5),
    },
  ],
});

/* A second reading that moved a level, with every kind of verdict. */
const judge: ReportJudgement = {
  outcome: 'raised',
  statement:
    'A language model read the answer a second time and moved the level up by 1.0, from 3.0 to 4.0: two of four points are met by words that the scorer did not take for them.',
  model: 'openai llama3.1:70b',
  machine_score: 3,
  moved: 1,
  votes_asked: 3,
  votes: 3,
  verdicts: [
    {
      text: 'Says how the mistake was noticed',
      verdict: 'met',
      met: 3,
      partial: 0,
      missed: 0,
      discarded: 0,
      quote: 'two stations came out above a hundred percent',
      start_ms: 7000,
      end_ms: 10_000,
    },
    {
      text: 'Tells the people who relied on it',
      verdict: 'partial',
      met: 0,
      partial: 2,
      missed: 0,
      discarded: 1,
      quote: 'I rang the two managers who had already planned maintenance',
      start_ms: 56_000,
      end_ms: 60_000,
    },
    {
      text: 'Stops it from happening again, for others too',
      verdict: 'missed',
      met: 0,
      partial: 1,
      missed: 2,
      discarded: 0,
      quote: null,
      start_ms: null,
      end_ms: null,
    },
    {
      text: 'Says what was learned',
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

const report = (sessionId: string): Report => ({
  id: id(600),
  session_id: sessionId,
  status: 'ready',
  overall_score: 3.8,
  summary:
    'Priya finds causes before she changes things and tells the people affected without being asked. Her planning answers stayed general: no dates, no order of work. One question could not be scored.',
  scorer_version: 'points-1',
  version: 1,
  reason: 'completed',
  next_reason: 'none',
  made_at: ago(10),
  content: content(),
  latest_version: 1,
  human: human(),
  sign_off: null,
  comparison: {
    candidates: 12,
    rank: 3,
    median: 3.2,
    min: 1.9,
    max: 4.6,
    percentile: 82,
    statement: 'Third of 12 candidates with a score; the median is 3.2, from 1.9 to 4.6.',
  },
  integrity: [
    {
      kind: 'tab_hidden',
      at: ago(60),
      position: 3,
      count: 1,
      offset_ms: 41_200,
      statement: 'The interview’s window was left during question 3, for 8 seconds.',
    },
  ],
  created_at: ago(10),
  updated_at: ago(10),
  questions: answers().map((answer, i) => ({
    answer_id: answer.id,
    position: answer.position,
    question_text: answer.question_text,
    score: [null, 4, 4, 3, null, null][i] ?? null,
    level_text: 'Finds the cause, tells those affected unprompted, and guards their own work',
    explanation: i === 2 ? 'Three of four points are met and one in part, each with words from the answer.' : '',
    reason_not_scored:
      i === 4
        ? 'Not scored: this question has no points to listen for.'
        : i === 0 || i === 5
          ? 'Not scored: opening and closing questions are not.'
          : null,
    relevance: 0.8,
    specificity: 0.4,
    confidence: [null, 0.7, 0.82, 0.6, null, null][i] ?? null,
    speech:
      i === 4
        ? null
        : {
            words: 212,
            talk_ms: 84_400,
            pace: 151,
            pauses: 4,
            longest_ms: 2300,
            pause_share: 0.12,
            fillers: 3,
            fillers_per_100: 1.4,
            latency_ms: 1800,
          },
    follow_ups: i === 2 ? ['Could you tell me a little about what you learned from it?'] : [],
    judge: i === 2 ? judge : null,
    remarks: i === 2 ? ['One sentence was hard to understand; it is no evidence.'] : [],
    structure:
      i === 2
        ? [
            {
              part: 'situation' as const,
              found: true,
              quote: 'two stations came out above a hundred percent',
              start_ms: 7000,
              end_ms: 10000,
            },
            { part: 'task' as const, found: false, quote: null, start_ms: null, end_ms: null },
          ]
        : [],
    points:
      i === 2
        ? [
            {
              text: 'Says how the mistake was noticed',
              met: 'met',
              quote: 'two stations came out above a hundred percent',
              start_ms: 7000,
              end_ms: 10000,
            },
            {
              text: 'Traces the cause before changing anything',
              met: 'met',
              quote: 'I pulled the raw sensor logs for the last six weeks',
              start_ms: 14000,
              end_ms: 19000,
            },
            {
              text: 'Tells the people who relied on it',
              met: 'met',
              quote: 'I rang the two managers who had already planned maintenance',
              start_ms: 56000,
              end_ms: 60000,
            },
            {
              text: 'Stops it from happening again, for others too',
              met: 'partial',
              quote: 'I added a range check, so anything above a hundred stops the report',
              start_ms: 82000,
              end_ms: 88000,
            },
            { text: 'Says what was learned', met: 'missed', quote: null, start_ms: null, end_ms: null },
          ]
        : [],
  })),
});

/** Newest first: set, taken back by somebody who left, set again. */
export const overrides = () => {
  const standing = human()?.overrides[0];
  if (standing === undefined) return [];
  return [
    standing,
    { ...standing, id: id(611), author_name: null, level: null, reason: '', created_at: ago(30) },
    {
      ...standing,
      id: id(612),
      author_name: 'Maximiliane Oberhuber-Wittgenstein',
      level: 3,
      reason: 'The cause was found by luck: the figures were above a hundred percent, which anybody would have seen.',
      created_at: ago(45),
    },
  ];
};

export const shares = [
  { hide_names: true, recordings: true, expires_at: ago(-20_000), revoked_at: null, last_used_at: ago(40) },
  { hide_names: false, recordings: false, expires_at: ago(-4000), revoked_at: ago(3), last_used_at: null },
  { hide_names: false, recordings: false, expires_at: ago(300), revoked_at: null, last_used_at: ago(900) },
].map((share, i) => ({ id: id(700 + i), report_id: id(600), url: null, created_at: ago(1600 * (i + 1)), ...share }));

export const shared = () => ({
  candidate_name: 'Candidate',
  interview_title: 'Operations analyst',
  interviewed_at: ago(90),
  expires_at: ago(-20_000),
  names_hidden: true,
  recordings: true,
  report: report(id(200)),
  answers: answers().map(({ id: answer_id, utterances: said, mode, text, recordings, duration_ms }) => ({
    answer_id,
    said,
    mode,
    text,
    recordings,
    duration_ms,
  })),
});

export const session = (summary: SessionSummary): Session => ({
  ...summary,
  answers: summary.status === 'completed' ? answers() : answers().slice(0, summary.answered_count),
  report: summary.report_status === 'ready' ? { ...report(summary.id), overall_score: summary.overall_score } : null,
});
