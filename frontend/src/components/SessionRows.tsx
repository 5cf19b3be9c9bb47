import { Link } from 'react-router';
import type { SessionSummary } from '../services/types';
import { initials, level, relativeDay } from '../utils/format';
import { ButtonLink } from './ui/Button';
import { Notches } from './Notches';
import { PARTIAL, SESSION_WORDS } from './StatusBadge';

/* People who were interviewed, as a table from 768 px and as a list of links below. */

interface Outcome {
  /** undefined: there is no level to draw yet. */
  score: number | null | undefined;
  word: string;
}

/** What there is to say about a session's level: the figure, or why there is none. */
export function outcomeOf(session: SessionSummary): Outcome {
  if (session.status !== 'completed') return { score: undefined, word: SESSION_WORDS[session.status] };
  switch (session.report_status) {
    case 'ready':
      return session.overall_score === null
        ? { score: null, word: 'Not scored' }
        : { score: session.overall_score, word: level(session.overall_score) };
    case 'pending':
      return { score: undefined, word: 'Report is being written' };
    case 'failed':
      return { score: undefined, word: 'Report failed' };
    case 'none':
      return { score: undefined, word: 'No report yet' };
  }
}

const finished = (session: SessionSummary): string =>
  session.completed_at === null ? '' : relativeDay(session.completed_at);

const answered = (session: SessionSummary): string => {
  if (session.answered_count >= session.question_count) return session.partial ? PARTIAL : '';
  const count = `${session.answered_count} of ${session.question_count} answered`;
  return session.partial ? `${PARTIAL}: ${count}` : count;
};

function LevelCell({ session }: { session: SessionSummary }) {
  const { score, word } = outcomeOf(session);
  const note = answered(session);
  return (
    <>
      <span className="flex items-center gap-2.5 whitespace-nowrap">
        {score !== undefined && (
          <Notches score={score} {...(score === null ? {} : { label: `${level(score)} of 5` })} />
        )}
        <span className={typeof score === 'number' ? 'font-semibold' : 'text-ink-2'}>{word}</span>
      </span>
      {note !== '' && <span className="mt-0.5 block text-xs text-ink-3">{note}</span>}
    </>
  );
}

function SessionTable({ sessions, showInterview }: SessionRowsProps) {
  return (
    <table className="tbl hidden md:table">
      <thead>
        <tr>
          <th scope="col">Candidate</th>
          {showInterview && <th scope="col">Interview</th>}
          <th scope="col">Level suggested</th>
          <th scope="col">Finished</th>
          <th scope="col">
            <span className="sr-only">Open</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id}>
            <td>
              <span className="flex items-center gap-3">
                <span className="avatar-i" aria-hidden>
                  {initials(session.candidate.full_name)}
                </span>
                <span className="font-semibold [overflow-wrap:anywhere]">{session.candidate.full_name}</span>
              </span>
            </td>
            {showInterview && <td className="text-ink-2 [overflow-wrap:anywhere]">{session.interview_title}</td>}
            <td>
              <LevelCell session={session} />
            </td>
            <td className="whitespace-nowrap text-ink-2">{finished(session)}</td>
            <td className="text-right">
              <ButtonLink
                size="sm"
                to={`/sessions/${session.id}`}
                aria-label={`${session.status === 'completed' ? 'Review' : 'Open'} ${session.candidate.full_name}`}
              >
                {session.status === 'completed' ? 'Review' : 'Open'}
              </ButtonLink>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export interface SessionRowsProps {
  sessions: readonly SessionSummary[];
  showInterview: boolean;
}

export function SessionRows({ sessions, showInterview }: SessionRowsProps) {
  return (
    <>
      <SessionTable sessions={sessions} showInterview={showInterview} />
      <ul className="md:hidden">
        {sessions.map((session) => {
          const { score, word } = outcomeOf(session);
          return (
            <li key={session.id} className="border-t border-line">
              <Link to={`/sessions/${session.id}`} className="flex items-center gap-3 px-4 py-3">
                <span className="avatar-i" aria-hidden>
                  {initials(session.candidate.full_name)}
                </span>
                <span className="min-w-0 flex-1">
                  <b className="block font-semibold [overflow-wrap:anywhere]">{session.candidate.full_name}</b>
                  <span className="block text-xs leading-[1.125rem] [overflow-wrap:anywhere] text-ink-3">
                    {session.partial && `${answered(session)} · `}
                    {score === undefined || score === null
                      ? word
                      : showInterview
                        ? session.interview_title
                        : finished(session)}
                  </span>
                </span>
                {score !== undefined && (
                  <span className="flex items-center gap-2">
                    <Notches score={score} />
                    {score !== null && <span className="w-6 text-right font-semibold">{level(score)}</span>}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </>
  );
}
