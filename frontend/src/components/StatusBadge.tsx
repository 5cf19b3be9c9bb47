import type { InterviewStatus, SessionStatus } from '../services/types';
import { Badge, type BadgeTone } from './ui/Badge';

const INTERVIEW: Record<InterviewStatus, { tone: BadgeTone; word: string }> = {
  draft: { tone: 'line', word: 'Draft' },
  open: { tone: 'good', word: 'Open' },
  closed: { tone: 'plain', word: 'Closed' },
};

export const SESSION_WORDS: Record<SessionStatus, string> = {
  registered: 'Not started',
  in_progress: 'Running',
  completed: 'Finished',
  withdrawn: 'Withdrawn',
};

export function InterviewStatusBadge({ status }: { status: InterviewStatus }) {
  const { tone, word } = INTERVIEW[status];
  return <Badge tone={tone}>{word}</Badge>;
}

/** Closed because its time was over. */
export const PARTIAL = 'Partial';

export function SessionStatusBadge({ status, partial = false }: { status: SessionStatus; partial?: boolean }) {
  if (partial) return <Badge tone="warn">{PARTIAL}</Badge>;
  if (status === 'in_progress')
    return (
      <Badge tone="live" dot>
        Running
      </Badge>
    );
  return <Badge tone={status === 'completed' ? 'good' : 'plain'}>{SESSION_WORDS[status]}</Badge>;
}
