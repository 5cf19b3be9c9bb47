/* The interview in writing, over plain HTTP: for networks that let pages through but no live connection. One question after the
 * other; the server opens each, keeps each, and knows when it is over. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { LoadingSpinner } from '../../components/LoadingSpinner';
import { Button } from '../../components/ui/Button';
import { Notice } from '../../components/ui/Notice';
import { publicInterviewService } from '../../services/publicInterviewService';
import type { PublicInterview, SessionState } from '../../services/types';
import { errorMessage, safeApiCall } from '../../utils/errorHandler';
import type { ApiError, SafeResult } from '../../utils/errorHandler';
import { titleOf } from '../../utils/format';
import type { Candidacy } from './candidacy';
import { Frame, Heading } from './Frame';
import { TypeAnswer } from './TypeAnswer';
import { useAttention } from './useAttention';

export type WrittenEnd = 'completed' | 'token' | 'over';

export interface WrittenProps {
  interview: PublicInterview;
  candidacy: Candidacy;
  onEnd: (end: WrittenEnd) => void;
  /** Back to the conversation, from another network perhaps. */
  onLive: () => void;
}

function endOf(result: SafeResult<SessionState>): WrittenEnd | null {
  if (result.ok) {
    if (result.data.status === 'completed') return result.data.partial ? 'over' : 'completed';
    return result.data.status === 'withdrawn' ? 'over' : null;
  }
  const { status } = result.error;
  if (status === 401 || status === 403) return 'token';
  return status === 404 || status === 410 ? 'over' : null;
}

function useWritten({ candidacy, onEnd }: WrittenProps) {
  const { sessionId, token } = candidacy;
  const [session, setSession] = useState<SessionState | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [end, setEnd] = useState<WrittenEnd | null>(null);

  const take = useCallback((result: SafeResult<SessionState>) => {
    setEnd(endOf(result));
    setError(result.ok ? null : result.error);
    if (result.ok) setSession(result.data);
  }, []);
  const begin = useCallback(
    () => safeApiCall(() => publicInterviewService.start(sessionId, token)),
    [sessionId, token],
  );
  useEffect(() => {
    let gone = false;
    void begin().then((result) => {
      if (!gone) take(result);
    });
    return () => {
      gone = true;
    };
  }, [begin, take]);
  const latest = useRef(onEnd);
  useEffect(() => {
    latest.current = onEnd;
  });
  useEffect(() => {
    if (end !== null) latest.current(end);
  }, [end]);

  const again = useCallback(async () => take(await begin()), [begin, take]);
  /* In the queue: asking again keeps the place, and begins when it is our turn. */
  const wait = error?.code === 'server_busy' ? (error.retryAfterS ?? 10) : null;
  useEffect(() => {
    if (wait === null) return;
    const timer = setTimeout(() => void again(), wait * 1000);
    return () => clearTimeout(timer);
  }, [wait, error, again]);
  const send = async (answerId: string, text: string, followUp: number) => {
    const result = await safeApiCall(() =>
      publicInterviewService.answerText(sessionId, token, answerId, text, followUp),
    );
    /* The server has it: the reply to an earlier try was lost, or it came from another tab. */
    if (!result.ok && result.error.status === 409) {
      await again();
      return true;
    }
    if (result.ok || endOf(result) !== null) take(result);
    return result.ok;
  };
  return { session, error, again, send };
}

export function Written(props: WrittenProps) {
  const pasted = useAttention(props.candidacy);
  const { interview, onLive } = props;
  const { session, error, again, send } = useWritten(props);
  const [sending, setSending] = useState(false);
  const [busyTitle, place] = error?.code === 'server_busy' ? titleOf(error.message) : [null];
  const open = session?.answers.find((a) => a.status === 'open');
  const title = open
    ? `Question ${open.position} of ${session?.question_count ?? 0}${open.follow_up ? ', a short follow-up' : ''}`
    : 'The interview in writing';
  return (
    <Frame
      title={title}
      step="Interview"
      interview={interview}
      narrow
      aside={
        <button type="button" className="link" onClick={onLive}>
          Try the conversation again
        </button>
      }
    >
      <Heading title={title}>{open && <span className="voice text-xl text-ink">{open.question_text}</span>}</Heading>
      {error !== null && (
        <Notice
          tone="warn"
          title={busyTitle ?? 'The interview cannot go on just now'}
          action={
            <Button size="sm" onClick={() => void again()}>
              Try again
            </Button>
          }
        >
          {busyTitle === null ? `${errorMessage(error)} What you said and wrote is safe.` : place}
        </Notice>
      )}
      {session === null && error === null && <LoadingSpinner text="Opening your interview" />}
      {open && open.text !== '' && (
        <p className="mb-4 text-ink-2">
          <b className="font-semibold text-ink">You said so far:</b> {open.text}
        </p>
      )}
      {open && (
        <TypeAnswer
          key={`${open.id} ${open.follow_up}`}
          answerId={open.id}
          sending={sending}
          focus={false}
          onPaste={pasted}
          onSend={async (text) => {
            setSending(true);
            const sent = await send(open.id, text, open.follow_up);
            setSending(false);
            return sent;
          }}
        />
      )}
    </Frame>
  );
}
