import { moved } from '../../utils/reorder';
import type { Question, QuestionCategory, QuestionInput } from '../../services/types';

/* The questions as they are being edited. Keys stay with a question before and after the server gives it an id. */

export interface DraftPoint {
  key: string;
  text: string;
}

export interface DraftQuestion {
  key: string;
  id: string | null;
  text: string;
  /** The question in other words; empty: the interviewer puts it plainly itself. */
  rephrased: string;
  competency: string;
  category: QuestionCategory;
  points: DraftPoint[];
  time_limit_s: number;
}

export const QUESTIONS_MAX = 20;
export const POINTS_MAX = 10;
const DEFAULT_LIMIT_S = 180;

let counter = 0;
const nextKey = () => `k${++counter}`;

export const newPoint = (text: string): DraftPoint => ({ key: nextKey(), text });

export const newQuestion = (): DraftQuestion => ({
  key: nextKey(),
  id: null,
  text: '',
  rephrased: '',
  competency: '',
  category: 'behavioral',
  points: [],
  time_limit_s: DEFAULT_LIMIT_S,
});

export const duplicateOf = (question: DraftQuestion): DraftQuestion => ({
  ...question,
  key: nextKey(),
  id: null,
  points: question.points.map((point) => newPoint(point.text)),
});

export const fromServer = (questions: readonly Question[]): DraftQuestion[] =>
  questions.map(({ id, text, rephrased, competency, category, points, time_limit_s }) => ({
    key: nextKey(),
    id,
    text,
    rephrased,
    competency,
    category,
    points: points.map(newPoint),
    time_limit_s,
  }));

export const toServer = (drafts: readonly DraftQuestion[]): QuestionInput[] =>
  drafts.map(({ id, text, rephrased, competency, category, points, time_limit_s }) => ({
    ...(id !== null && { id }),
    text: text.trim(),
    rephrased: rephrased.trim(),
    competency: competency.trim(),
    category,
    points: points.map((point) => point.text.trim()).filter((point) => point !== ''),
    time_limit_s,
  }));

/** Questions that have nothing to say yet cannot be saved. */
export const unfinished = (drafts: readonly DraftQuestion[]): number =>
  drafts.findIndex((question) => question.text.trim() === '');

export type DraftAction =
  | { type: 'replace'; questions: DraftQuestion[] }
  | { type: 'edit'; key: string; change: Partial<Omit<DraftQuestion, 'key' | 'id'>> }
  | { type: 'insert'; at: number; question: DraftQuestion }
  | { type: 'remove'; key: string }
  | { type: 'move'; from: number; to: number }
  /** The server's ids for what was sent, in the order in which it was sent. */
  | { type: 'ids'; keys: string[]; ids: string[] };

export function draftsReducer(drafts: DraftQuestion[], action: DraftAction): DraftQuestion[] {
  switch (action.type) {
    case 'replace':
      return action.questions;
    case 'edit':
      return drafts.map((question) => (question.key === action.key ? { ...question, ...action.change } : question));
    case 'insert':
      return [...drafts.slice(0, action.at), action.question, ...drafts.slice(action.at)];
    case 'remove':
      return drafts.filter((question) => question.key !== action.key);
    case 'move':
      return moved(drafts, action.from, action.to);
    case 'ids':
      return drafts.map((question) => {
        const id = action.ids[action.keys.indexOf(question.key)];
        return id === undefined || id === question.id ? question : { ...question, id };
      });
  }
}

/** Minutes to expect: the limit is seldom used up, so two thirds of it, and half a minute of talk around each question. */
export const minutesOf = (drafts: readonly DraftQuestion[]): number =>
  Math.round(drafts.reduce((sum, question) => sum + ((question.time_limit_s || DEFAULT_LIMIT_S) * 2) / 3 + 30, 0) / 60);

const VAGUE =
  /^(good|great|strong|nice|solid|excellent)\b|\b(communicator|team ?player|attitude|personality|leader|fit)$/i;

/** Points that nobody can hear in an answer: a virtue instead of something said. */
export const hardToHear = (point: string): boolean => point.trim().split(/\s+/).length <= 3 && VAGUE.test(point.trim());
