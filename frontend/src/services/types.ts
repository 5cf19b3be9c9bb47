/* The API's types, in one place. Names and fields are the server's; see /api/docs. */

export type Role = 'admin' | 'recruiter' | 'reviewer';

export interface User {
  id: string;
  email: string;
  full_name: string;
  role: Role;
  is_active: boolean;
  created_at: string;
  updated_at: string;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  token_type: 'bearer';
  expires_in: number;
  user: User;
}

export interface RegisterInput {
  email: string;
  password: string;
  full_name: string;
  role?: Role;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
}

export type InterviewStatus = 'draft' | 'open' | 'closed';
export type QuestionCategory = 'warmup' | 'behavioral' | 'technical' | 'situational' | 'closing';

export interface Question {
  id: string;
  position: number;
  text: string;
  category: QuestionCategory;
  points: string[];
  time_limit_s: number;
}

export interface QuestionInput {
  id?: string;
  text: string;
  category: QuestionCategory;
  points: string[];
  time_limit_s?: number;
}

export interface InterviewInput {
  title: string;
  job_role: string;
  job_description?: string;
  organisation?: string;
  interview_type: string;
  difficulty: string;
  focus_areas: string[];
  question_count: number;
  avatar?: string;
  voice?: string;
  language?: string;
}

export interface InterviewStatistics {
  candidates: number;
  in_progress: number;
  completed: number;
  average_score: number | null;
}

export interface Interview {
  id: string;
  owner_id: string;
  title: string;
  job_role: string;
  job_description: string;
  organisation: string;
  interview_type: string;
  difficulty: string;
  focus_areas: string[];
  question_count: number;
  avatar: string;
  voice: string;
  language: string;
  status: InterviewStatus;
  link: string;
  candidate_url: string;
  questions?: Question[];
  statistics: InterviewStatistics;
  created_at: string;
  updated_at: string;
}

export interface Option {
  value: string;
  label: string;
}

export interface InterviewOptions {
  interview_types: Option[];
  difficulties: Option[];
  focus_areas: Option[];
  avatars: (Option & { voice: string })[];
  voices: (Option & { language: string })[];
  languages: Option[];
}

export type SessionStatus = 'registered' | 'in_progress' | 'completed' | 'withdrawn';
export type ReportStatus = 'none' | 'pending' | 'ready' | 'failed';

export interface SessionSummary {
  id: string;
  interview_id: string;
  interview_title: string;
  candidate: { id: string; full_name: string; email: string };
  status: SessionStatus;
  started_at: string | null;
  completed_at: string | null;
  question_count: number;
  answered_count: number;
  overall_score: number | null;
  report_status: ReportStatus;
}

export interface Utterance {
  id: string;
  speaker: 'candidate' | 'interviewer';
  start_ms: number;
  end_ms: number;
  text: string;
}

export interface Recording {
  segment: number;
  status: 'uploading' | 'processing' | 'ready' | 'failed';
  media_type: string;
  duration_ms: number | null;
  offset_ms: number;
  media_url: string | null;
}

export interface Answer {
  id: string;
  question_id: string;
  position: number;
  question_text: string;
  status: 'open' | 'ended';
  mode: 'voice' | 'text' | 'none';
  started_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  text: string;
  utterances: Utterance[];
  recordings: Recording[];
}

export interface ReportPoint {
  text: string;
  met: 'met' | 'partial' | 'missed';
  quote: string | null;
  start_ms: number | null;
  end_ms: number | null;
}

export interface ReportQuestion {
  answer_id: string;
  position: number;
  question_text: string;
  score: number | null;
  level_text: string;
  explanation: string;
  reason_not_scored: string | null;
  points: ReportPoint[];
}

export interface Report {
  id: string;
  session_id: string;
  status: 'pending' | 'ready' | 'failed';
  overall_score: number | null;
  summary: string;
  scorer_version: string;
  created_at: string;
  updated_at: string;
  questions: ReportQuestion[];
}

export interface Session extends SessionSummary {
  answers: Answer[];
  report: Report | null;
}

export interface EngineState {
  ready: boolean;
  name: string;
  message: string;
}

export interface Engines {
  stt: EngineState;
  tts: EngineState;
  vad: EngineState;
}

export interface Dashboard {
  interviews_open: number;
  sessions_in_progress: number;
  sessions_completed: number;
  awaiting_review: SessionSummary[];
  running: SessionSummary[];
  engines: Engines;
}

/* the candidate's side */

export interface PublicInterview {
  title: string;
  job_role: string;
  organisation: string;
  interview_type: string;
  question_count: number;
  minutes_estimate: number;
  avatar: string;
  avatar_name: string;
  language: string;
  engines_ready: boolean;
  status: InterviewStatus;
}

export interface CandidateRegistration {
  full_name: string;
  email: string;
  consent_recording: boolean;
  consent_ai: boolean;
}

export interface RegisteredSession {
  session_id: string;
  session_token: string;
  status: SessionStatus;
  candidate: { full_name: string };
}

export interface SessionStateAnswer {
  id: string;
  position: number;
  status: 'open' | 'ended';
  mode: 'voice' | 'text' | 'none';
  text: string;
}

export interface SessionState {
  session_id: string;
  status: SessionStatus;
  interview: PublicInterview;
  current_position: number;
  question_count: number;
  answers: SessionStateAnswer[];
  next_segment_of_open_answer: number;
}

export interface NextChunk {
  next_seq: number;
}

export interface Transcription {
  language: string;
  duration: number;
  text: string;
  segments: { start: number; end: number; text: string }[];
}
