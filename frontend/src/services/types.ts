import type { components } from './openapi';

/*
 * The API's types under the names that the app uses. They are the server's own: openapi.d.ts is printed from it by
 * `npm run gen:api`, and a field that changes there is an error here.
 */
type Schemas = components['schemas'];

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
}

export type User = Schemas['User'];
export type Role = User['role'];
export type Tokens = Schemas['Tokens'];
export type RegisterInput = Schemas['UserCreate'];
export type AccountChanges = Schemas['AccountUpdate'];
export type LoginSession = Schemas['LoginSession'];
export type LinkState = Schemas['LinkState'];
export type LinkMade = Schemas['LinkMade'];
export type Invitation = Schemas['UserInvite'];
export type UserChanges = Schemas['UserUpdate'];

/** An interview; its questions come only when it is read by itself. */
export type Interview = Schemas['Interview'] & Partial<Pick<Schemas['InterviewDetail'], 'questions'>>;
export type InterviewStatus = Interview['status'];
export type InterviewInput = Schemas['InterviewCreate'];
export type InterviewOptions = Schemas['InterviewOptions'];
export type InterviewRemoval = Schemas['InterviewRemoval'];
export type InterviewPreview = Schemas['InterviewPreview'];
export type InterviewShare = Schemas['InterviewShare'];
export type Reviewer = Schemas['Reviewer'];
export type Option = Schemas['Option'];
export type Voice = Schemas['VoiceOption'];
export type AvatarOption = Schemas['AvatarOption'];
export type Question = Schemas['Question'];
export type QuestionInput = Schemas['QuestionInput'];
export type QuestionCategory = Question['category'];

export type SessionSummary = Schemas['SessionSummary'];
export type SessionStatus = SessionSummary['status'];
export type Session = Schemas['SessionDetail'];
export type Answer = Schemas['Answer'];
export type Utterance = Schemas['Utterance'];
export type Recording = Schemas['Recording'];
export type Report = Schemas['Report'];
export type ReportQuestion = Schemas['ReportQuestion'];
export type ReportPoint = Schemas['ReportPoint'];
export type ReportJudgement = Schemas['ReportJudgement'];
export type ReportCompetency = Schemas['ReportCompetency'];
export type ReportFinding = Schemas['ReportFinding'];
export type ReportVersion = Schemas['ReportVersion'];
export type ReportStatistics = Schemas['ReportStatistics'];
export type ScoreDrift = Schemas['ScoreDrift'];
export type DriftSeries = Schemas['DriftSeries'];
export type LevelAgreement = Schemas['LevelAgreement'];
export type Agreement = Schemas['Agreement'];
export type AdverseImpact = Schemas['AdverseImpact'];
export type ImpactCategory = Schemas['ImpactCategory'];
export type ImpactGroup = Schemas['ImpactGroup'];
export type ScoreOverride = Schemas['ScoreOverride'];
export type ReportShare = Schemas['ReportShare'];
export type ReportShareCreate = Schemas['ReportShareCreate'];
export type SharedReport = Schemas['SharedReport'];
export type SharedAnswer = Schemas['SharedAnswer'];

export type SessionNote = Schemas['SessionNote'];
export type Resume = Schemas['Resume'];
export type Timeline = Schemas['Timeline'];
export type TimelineEvent = Schemas['TimelineEvent'];

export type Dashboard = Schemas['DashboardData'];
export type Engines = Schemas['EnginesHealth'];
export type Transcription = Schemas['Transcription'];

/* the candidate's side */
export type PublicInterview = Schemas['PublicInterview'];
/** session_token: an earlier one of this browser; who shows it is shown what was said before. */
export type CandidateRegistration = Schemas['CandidateRegister'] & { session_token?: string };
export type RegisteredSession = Schemas['RegisterResult'];
export type SessionState = Schemas['SessionState'];
export type SegmentState = Schemas['SegmentState'];

/* administration */
export type Statistics = Schemas['Statistics'];
export type DayCounts = Schemas['DayCounts'];
export type LatencyView = Schemas['Latency'];
export type SystemInfo = Schemas['SystemInfo'];
export type Settings = Schemas['Settings'];
export type SettingsUpdate = Schemas['SettingsUpdate'];
export type AuditEntry = Schemas['AuditEntry'];
export type Job = Schemas['Job'];
