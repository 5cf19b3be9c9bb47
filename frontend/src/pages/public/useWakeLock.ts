import { useEffect } from 'react';

/** Keeps the screen of a phone lit while mounted, where the browser can. */
export function useWakeLock(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let gone = false;
    const take = () => {
      if (document.hidden) return;
      navigator.wakeLock
        .request('screen')
        .then((taken) => {
          if (gone) void taken.release();
          else lock = taken;
        })
        .catch(() => undefined); /* low battery: the screen may go dark, the interview goes on */
    };
    take();
    document.addEventListener('visibilitychange', take);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', take);
      void lock?.release();
    };
  }, []);
}
