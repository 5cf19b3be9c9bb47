import { useEffect, useState } from 'react';
import { publicInterviewService } from '../../services/publicInterviewService';
import { safeApiCall } from '../../utils/errorHandler';

export type Connection = { state: 'measuring' } | { state: 'good' | 'slow'; ms: number } | { state: 'none' };

const TRIES = 3;
const SLOW_MS = 800;

/** How quickly the server answers: the median of three calls, the first of which also opens the connection. */
export function useConnection(link: string): Connection {
  const [connection, setConnection] = useState<Connection>({ state: 'measuring' });
  useEffect(() => {
    const controller = new AbortController();
    const measure = async () => {
      const times: number[] = [];
      for (let i = 0; i < TRIES; i++) {
        const from = performance.now();
        const reply = await safeApiCall(() => publicInterviewService.open(link, controller.signal));
        if (controller.signal.aborted) return;
        if (reply.ok) times.push(performance.now() - from);
      }
      const ms = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
      setConnection(
        ms === undefined ? { state: 'none' } : { state: ms > SLOW_MS ? 'slow' : 'good', ms: Math.round(ms) },
      );
    };
    void measure();
    return () => controller.abort();
  }, [link]);
  return connection;
}
