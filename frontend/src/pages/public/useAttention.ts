/* What the consent page says is noted: that the page was left and come back to, and that text was pasted (how much, never
 * what). Nothing else is watched. It is told in the background and never in the way: a note that does not arrive is none. */

import { useCallback, useEffect } from 'react';
import { publicInterviewService } from '../../services/publicInterviewService';
import type { Attention } from '../../services/publicInterviewService';
import type { Candidacy } from './candidacy';

export function useAttention({ sessionId, token }: Candidacy): (characters: number) => void {
  const note = useCallback(
    (what: Attention) => void publicInterviewService.note(sessionId, token, what).catch(() => undefined),
    [sessionId, token],
  );
  useEffect(() => {
    let hidden = false;
    const changed = () => {
      if (document.hidden === hidden) return;
      hidden = document.hidden;
      note({ kind: hidden ? 'tab_hidden' : 'tab_visible' });
    };
    document.addEventListener('visibilitychange', changed);
    return () => document.removeEventListener('visibilitychange', changed);
  }, [note]);
  return useCallback((characters) => note({ kind: 'pasted', characters }), [note]);
}
