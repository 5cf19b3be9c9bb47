/* Which tab records into a segment, told through Web Locks: they go with the tab, whatever ends it. A tab that finds a segment
 * without an owner may close it. */

import type { SegmentKey } from './store';

const nameOf = (k: SegmentKey) => `viva-segment/${k.sessionId}/${k.answerId}/${k.segment}`;

function locks(): LockManager | null {
  return typeof navigator !== 'undefined' && 'locks' in navigator ? navigator.locks : null;
}

/** Holds the segment until the returned function is called. */
export async function ownSegment(key: SegmentKey): Promise<() => void> {
  const manager = locks();
  let release: () => void = () => undefined;
  if (!manager) return release;
  const held = new Promise<void>((resolve) => (release = resolve));
  await new Promise<void>((granted) => {
    manager
      .request(nameOf(key), { ifAvailable: true }, () => {
        granted();
        return held;
      })
      .catch(() => granted());
  });
  return release;
}

export async function ownedElsewhere(key: SegmentKey): Promise<boolean> {
  const manager = locks();
  if (!manager) return false;
  try {
    return await manager.request(nameOf(key), { ifAvailable: true }, (lock) => lock === null);
  } catch {
    return false;
  }
}
