import type { Answer, Interview, InterviewOptions, Report, ReportCompetency, Session } from '../services/types';

export const testOptions: InterviewOptions = {
  interview_types: [
    { value: 'technical', label: 'Technical' },
    { value: 'mixed', label: 'Mixed' },
  ],
  difficulties: [{ value: 'mid', label: 'Mid-level' }],
  focus_areas: [
    { value: 'communication', label: 'Communication' },
    { value: 'testing', label: 'Testing' },
  ],
  avatars: [
    { value: 'daniel', label: 'Daniel', voice: 'en_US-joe-medium' },
    { value: 'amara', label: 'Amara', voice: 'ann' },
  ],
  voices: [
    { value: 'en_US-joe-medium', label: 'Joe', language: 'en' },
    { value: 'ann', label: 'Ann', language: 'en' },
  ],
  languages: [{ value: 'en', label: 'English' }],
  statuses: [{ value: 'draft', label: 'Draft' }],
  sorts: [{ value: 'title', label: 'Title' }],
  question_categories: [{ value: 'closing', label: 'Closing' }],
  session_statuses: [{ value: 'registered', label: 'Registered' }],
  report_statuses: [{ value: 'ready', label: 'Ready' }],
  roles: [{ value: 'recruiter', label: 'Recruiter' }],
  default_avatar: 'daniel',
  default_voice: 'en_US-joe-medium',
  default_language: 'en',
};

export const testInterview = (more: Partial<Interview> = {}): Interview => ({
  id: 'i1',
  owner_id: 'u1',
  title: 'Operations analyst',
  job_role: 'Operations analyst',
  job_description: '',
  organisation: '',
  interview_type: 'mixed',
  difficulty: 'mid',
  focus_areas: [],
  question_count: 2,
  avatar: 'daniel',
  voice: 'en_US-joe-medium',
  language: 'en',
  status: 'draft',
  link: 'abc',
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
  candidate_url: '/i/abc',
  questions: ['First?', 'Second?', 'Third?'].map((text, i) => ({
    id: `q${i + 1}`,
    position: i + 1,
    text,
    rephrased: '',
    competency: '',
    category: 'behavioral',
    points: [],
    time_limit_s: 180,
  })),
  statistics: { candidates: 0, in_progress: 0, completed: 0, average_score: null },
  created_at: '2026-11-01T09:00:00.000Z',
  updated_at: '2026-11-01T09:00:00.000Z',
  ...more,
});

export const testAnswer = (more: Partial<Answer> = {}): Answer => ({
  id: 'a1',
  question_id: 'q1',
  position: 1,
  question_text: 'First?',
  status: 'ended',
  mode: 'voice',
  skipped: false,
  extended_s: 0,
  started_at: '2026-11-23T09:00:00.000Z',
  ended_at: '2026-11-23T09:01:00.000Z',
  duration_ms: 60_000,
  text: 'I called them. Then I fixed it.',
  utterances: [
    {
      id: 's1',
      speaker: 'candidate',
      start_ms: 1000,
      end_ms: 4000,
      text: 'I called them.',
      words: [
        ['I', 1000, 1100, 0.99],
        ['called', 1400, 1900, 0.3],
        ['them.', 2600, 3900, 0.9],
      ],
      confidence: 0.9,
      other_language: null,
      follow_up: null,
      typed: false,
    },
    {
      id: 's2',
      speaker: 'candidate',
      start_ms: 30_000,
      end_ms: 34_000,
      text: 'Then I fixed it.',
      words: null,
      confidence: null,
      other_language: 'de',
      follow_up: null,
      typed: false,
    },
  ],
  recordings: [
    {
      segment: 0,
      status: 'ready',
      media_type: 'video/webm',
      duration_ms: 20_000,
      offset_ms: 500,
      lead_ms: 0,
      media_url: '/m/0?ticket=x',
    },
    {
      segment: 1,
      status: 'ready',
      media_type: 'video/webm',
      duration_ms: 30_000,
      offset_ms: 25_000,
      lead_ms: 0,
      media_url: '/m/1?ticket=x',
    },
  ],
  ...more,
});

export const testReport = (more: Partial<Report> = {}): Report => ({
  id: 'r1',
  session_id: 's',
  status: 'ready',
  overall_score: 3.8,
  summary: 'Finds causes first.',
  scorer_version: 'v1',
  version: 1,
  reason: 'completed',
  next_reason: 'none',
  made_at: '2026-11-23T09:30:00.000Z',
  content: null,
  latest_version: 1,
  human: null,
  sign_off: null,
  comparison: null,
  integrity: [],
  created_at: '2026-11-23T09:30:00.000Z',
  updated_at: '2026-11-23T09:30:00.000Z',
  questions: [
    {
      answer_id: 'a1',
      position: 1,
      question_text: 'First?',
      score: 4,
      level_text: 'Tells those affected',
      explanation: 'Both points are met.',
      reason_not_scored: null,
      points: [{ text: 'Tells people', met: 'met', quote: 'I called them', start_ms: 1000, end_ms: 2000 }],
    },
  ],
  ...more,
});

export const testCompetency = (
  name: string,
  score: number | null,
  more: Partial<ReportCompetency> = {},
): ReportCompetency => ({
  name,
  score,
  weight: score === null ? 0 : 0.25,
  questions: 1,
  scored: score === null ? 0 : 1,
  ...more,
});

export const testContent = (more: Partial<NonNullable<Report['content']>> = {}): NonNullable<Report['content']> => ({
  asked: 1,
  answered: 1,
  partial: false,
  weights_set: false,
  competencies: [testCompetency('Judgement', 3.8)],
  strengths: [
    { answer_id: 'a1', position: 1, text: 'Says whom', quote: 'I called them', start_ms: 1000, end_ms: 2000 },
  ],
  gaps: [{ answer_id: 'a1', position: 1, text: 'Says what came of it', quote: null, start_ms: null, end_ms: null }],
  ask_next: [{ position: 1, question: 'How did it end?', about: 'Says what came of it' }],
  speech: [],
  scale: ['Nothing of it', 'A little', 'Half', 'Most', 'All of it'],
  made_with: null,
  ...more,
});

export const testSession = (more: Partial<Session> = {}): Session => ({
  id: 's',
  interview_id: 'i1',
  interview_title: 'Operations analyst',
  candidate: { id: 'c1', full_name: 'Priya Nair', email: 'priya@mail.example' },
  status: 'completed',
  created_at: '2026-11-23T08:59:00.000Z',
  started_at: '2026-11-23T09:00:00.000Z',
  completed_at: '2026-11-23T09:22:00.000Z',
  question_count: 1,
  answered_count: 1,
  overall_score: 3.8,
  report_status: 'ready',
  recordings_erased_at: null,
  partial: false,
  answers: [testAnswer()],
  report: testReport(),
  ...more,
});

/** What a session's page asks for beside the session: no levels of people, no notes, no resume, nothing that happened. */
export function beside({ url }: { url: string }): { status?: number; code?: string; data?: unknown } | null {
  if (url.endsWith('/overrides')) return { data: { items: [], total: 0, page: 1, page_size: 100 } };
  if (url.endsWith('/notes')) return { data: { items: [], total: 0, page: 1, page_size: 100 } };
  if (url.endsWith('/resume')) return { status: 404, code: 'no_resume' };
  return url.endsWith('/timeline') ? { data: { candidate_id: 'c1', session_id: 's', events: [] } } : null;
}
