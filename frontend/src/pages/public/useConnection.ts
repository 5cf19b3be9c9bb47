import { useEffect, useState } from 'react';
import { publicInterviewService } from '../../services/publicInterviewService';
import { safeApiCall } from '../../utils/errorHandler';
import type { Candidacy } from './candidacy';

export type Connection =
  { state: 'measuring' } | { state: 'good' | 'slow' | 'sound'; ms: number; kbits: number | null } | { state: 'none' };

const TRIES = 3;
const SLOW_MS = 800;
/* Picture and sound of an answer take 632 kbit/s (recording/recorder.ts); sound alone goes through a tenth of it. */
const PICTURE_KBITS = 1000;
const SOUND_KBITS = 350;
const PROBES = [32 << 10, 384 << 10]; /* the second only when the first says that it will not take long */
const PROBE_FAST_MS = 1500;

/** Random, so that nothing on the way makes it smaller. */
function noise(bytes: number): ArrayBuffer {
  const out = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(out.subarray(at, Math.min(bytes, at + 65_536)));
  return out.buffer;
}

/** Upload speed from what was sent and how long it took beyond the answer's own time. */
export const kbitsOf = (bytes: number, tookMs: number, pingMs: number) =>
  Math.round((bytes * 8) / Math.max(1, tookMs - pingMs));

async function upload({ sessionId, token }: Candidacy, pingMs: number, signal: AbortSignal): Promise<number | null> {
  let kbits: number | null = null;
  for (const bytes of PROBES) {
    const data = noise(bytes);
    const from = performance.now();
    const sent = await safeApiCall(() => publicInterviewService.probe(sessionId, token, data, signal));
    const took = performance.now() - from;
    if (!sent.ok) return kbits;
    kbits = kbitsOf(bytes, took, pingMs);
    if (took > PROBE_FAST_MS) break;
  }
  return kbits;
}

export function verdictOf(ms: number, kbits: number | null): 'good' | 'slow' | 'sound' {
  if (kbits !== null && kbits < SOUND_KBITS) return 'sound';
  return ms > SLOW_MS || (kbits !== null && kbits < PICTURE_KBITS) ? 'slow' : 'good';
}

/** The speed that the picture is made for: known once measured; a connection that answers late is taken for a slow one. */
export function uplinkOf(connection: Connection): number | null {
  if (!('kbits' in connection) || connection.kbits === null) return null;
  return connection.state === 'good' ? connection.kbits : Math.min(connection.kbits, PICTURE_KBITS - 1);
}

/** How quickly the server answers (the median of three calls, the first of which also opens the connection), and how fast this
 * connection sends. */
export function useConnection(link: string, candidacy: Candidacy): Connection {
  const [connection, setConnection] = useState<Connection>({ state: 'measuring' });
  const { sessionId, token, name } = candidacy;
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
      const kbits = ms === undefined ? null : await upload({ sessionId, token, name }, ms, controller.signal);
      if (controller.signal.aborted) return;
      setConnection(ms === undefined ? { state: 'none' } : { state: verdictOf(ms, kbits), ms: Math.round(ms), kbits });
    };
    void measure();
    return () => controller.abort();
  }, [link, sessionId, token, name]);
  return connection;
}
