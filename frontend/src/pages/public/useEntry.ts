/* Where a candidate who opens the link stands: asks the server about the link and, when this device knows a session of it,
 * about that session. */

import { useCallback, useEffect, useState } from 'react';
import { publicInterviewService } from '../../services/publicInterviewService';
import type { PublicInterview, SessionState } from '../../services/types';
import { isApiError, safeApiCall } from '../../utils/errorHandler';
import { forgetCandidacy, loadCandidacy, previewOf } from './candidacy';
import type { Candidacy } from './candidacy';

export type Trouble = 'unknown' | 'closed' | 'preview_over' | 'withdrawn' | 'unreachable';

export type Entry =
  | { at: 'loading' }
  | { at: 'trouble'; trouble: Trouble; error: unknown }
  | { at: 'new'; interview: PublicInterview }
  | { at: 'known'; interview: PublicInterview; candidacy: Candidacy; session: SessionState; preview: boolean };

/* A preview has no candidate to register again: its session is there, or it is over. The link is not asked: a draft's leads
 * nowhere yet. */
async function lookAtPreview(candidacy: Candidacy): Promise<Entry> {
  const known = await safeApiCall(() => publicInterviewService.state(candidacy.sessionId, candidacy.token));
  if (known.ok && known.data.status !== 'withdrawn')
    return { at: 'known', interview: known.data.interview, candidacy, session: known.data, preview: true };
  const lost = !known.ok && (known.error.status === 0 || known.error.status >= 500);
  return { at: 'trouble', trouble: lost ? 'unreachable' : 'preview_over', error: known.ok ? null : known.error };
}

async function look(link: string): Promise<Entry> {
  const preview = previewOf(window.location.hash);
  if (preview !== null) return lookAtPreview(preview);
  const candidacy = loadCandidacy(link);
  const [opened, known] = await Promise.all([
    safeApiCall(() => publicInterviewService.open(link)),
    candidacy ? safeApiCall(() => publicInterviewService.state(candidacy.sessionId, candidacy.token)) : null,
  ]);
  if (candidacy && known?.ok) {
    const session = known.data;
    if (session.status === 'withdrawn') return { at: 'trouble', trouble: 'withdrawn', error: null };
    return { at: 'known', interview: opened.ok ? opened.data : session.interview, candidacy, session, preview: false };
  }
  if (candidacy && known && !known.ok) {
    const { status } = known.error;
    if (status === 401 || status === 403 || status === 404) forgetCandidacy(link);
    else if (status === 0 || status >= 500) return { at: 'trouble', trouble: 'unreachable', error: known.error };
  }
  if (opened.ok) return { at: 'new', interview: opened.data };
  const { status } = opened.error;
  const trouble: Trouble = status === 410 ? 'closed' : status === 404 ? 'unknown' : 'unreachable';
  return { at: 'trouble', trouble, error: opened.error };
}

export function useEntry(link: string): { entry: Entry; again: () => void } {
  const [entry, setEntry] = useState<Entry>({ at: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let gone = false;
    look(link)
      .then((found) => {
        if (!gone) setEntry(found);
      })
      .catch((error: unknown) => {
        if (!gone) setEntry({ at: 'trouble', trouble: 'unreachable', error: isApiError(error) ? error : null });
      });
    return () => {
      gone = true;
    };
  }, [link, attempt]);
  const again = useCallback(() => {
    setEntry({ at: 'loading' });
    setAttempt((n) => n + 1);
  }, []);
  return { entry, again };
}
