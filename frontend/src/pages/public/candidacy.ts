/* The candidate's key to the own session, kept on this device for the link: a reload, a crash or tomorrow morning all come back
 * to the same question. */

import { readItem, writeItem } from '../../utils/storage';

export interface Candidacy {
  sessionId: string;
  token: string;
  name: string;
}

const key = (link: string) => `viva.session.${link}`;

export function loadCandidacy(link: string): Candidacy | null {
  try {
    const raw: unknown = JSON.parse(readItem(key(link)) ?? 'null');
    if (typeof raw !== 'object' || raw === null) return null;
    const { sessionId, token, name } = raw as Partial<Candidacy>;
    if (typeof sessionId !== 'string' || typeof token !== 'string') return null;
    return { sessionId, token, name: typeof name === 'string' ? name : '' };
  } catch {
    return null;
  }
}

/**
 * A preview's key stands behind the # of the address, where no server sees it: "#session=<id>.<token>". It is not kept on the
 * device, so that it takes nothing from a real session of the same link.
 */
export function previewOf(hash: string): Candidacy | null {
  const found = /^#session=([0-9a-f-]{36})\.([\w-]{20,})$/.exec(hash);
  return found === null ? null : { sessionId: found[1] ?? '', token: found[2] ?? '', name: '' };
}

const earlierKey = (link: string) => `viva.earlier.${link}`;

export function saveCandidacy(link: string, candidacy: Candidacy): void {
  writeItem(key(link), JSON.stringify(candidacy));
  writeItem(earlierKey(link), null);
}

/** Its token is kept: shown when registering again, it proves that what was said before was said here. */
export function forgetCandidacy(link: string): void {
  const token = loadCandidacy(link)?.token;
  writeItem(key(link), null);
  if (token !== undefined) writeItem(earlierKey(link), token);
}

/** What a registration sends along, if this device knew a session of the link. */
export const earlierToken = (link: string): { session_token?: string } => {
  const token = readItem(earlierKey(link));
  return token === null ? {} : { session_token: token };
};

/** What a candidate can quote to a person: short, and found again in the session's id. */
export const reference = (sessionId: string) => `VV-${sessionId.replace(/-/g, '').slice(-6).toUpperCase()}`;
