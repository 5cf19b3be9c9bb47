/* The way from the link to the receipt, and where on it a candidate stands who opens the link. */

import type { SessionState } from '../../services/types';
import type { Candidacy } from './candidacy';
import type { Entry } from './useEntry';

export type Way = 'video' | 'sound' | 'text';

export interface AnsweredOf {
  answered: number;
  questions: number;
}

/** Steps before anything of the interview itself is needed: no camera, no microphone, no conversation. */
type EntryStep = { at: 'welcome' } | { at: 'consent'; notice?: string } | { at: 'completed' } | { at: 'withdrawn' };

export type MeetingStep =
  /* before: the interview has not begun yet */
  | { at: 'devices'; candidacy: Candidacy; before: boolean }
  | { at: 'resume'; candidacy: Candidacy; position: number; reason?: 'replaced' | 'paused' }
  | { at: 'practice'; candidacy: Candidacy; way: Way }
  | { at: 'room'; candidacy: Candidacy; way: Way }
  | { at: 'written'; candidacy: Candidacy }
  | { at: 'receipt'; candidacy: Candidacy; timeOver?: AnsweredOf | undefined };

export type Step = EntryStep | MeetingStep;

/** How far an interview came whose time was over. */
const answeredOf = (session: SessionState): AnsweredOf => ({
  answered: session.answers.filter((a) => a.mode !== 'none').length,
  questions: session.question_count,
});

export function firstStep(entry: Extract<Entry, { at: 'new' | 'known' }>): Step {
  if (entry.at === 'new') return { at: 'welcome' };
  const { candidacy, session } = entry;
  if (session.status === 'completed')
    return { at: 'receipt', candidacy, timeOver: session.partial ? answeredOf(session) : undefined };
  if (session.status === 'registered')
    return entry.preview ? { at: 'welcome' } : { at: 'devices', candidacy, before: true };
  return { at: 'resume', candidacy, position: session.current_position };
}
