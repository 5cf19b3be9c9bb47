/*
 * One tab at a time. Refresh tokens rotate and a used one may not be sent again, so two tabs must never refresh at once.
 * Web Locks does this where it exists (secure contexts); plain http gets a lease in localStorage, good enough for the
 * few tabs of one person: claim, wait, look whether the claim is still ours.
 */
const LEASE_MS = 15_000;
const SETTLE_MS = 40;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function readLease(key: string): { owner: string; until: number } | null {
  const [owner, until] = (localStorage.getItem(key) ?? '').split('|');
  return owner && until ? { owner, until: Number(until) } : null;
}

async function withLease<T>(name: string, work: () => Promise<T>): Promise<T> {
  const key = `viva.lock.${name}`;
  const owner = Math.random().toString(36).slice(2);
  for (;;) {
    const lease = readLease(key);
    if (lease === null || lease.until < Date.now()) {
      localStorage.setItem(key, `${owner}|${Date.now() + LEASE_MS}`);
      await wait(SETTLE_MS);
      if (readLease(key)?.owner === owner) break;
    }
    await wait(SETTLE_MS + Math.random() * SETTLE_MS);
  }
  try {
    return await work();
  } finally {
    if (readLease(key)?.owner === owner) localStorage.removeItem(key);
  }
}

export function withTabLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks === undefined) return withLease(name, work);
  return locks.request(`viva.${name}`, work);
}
