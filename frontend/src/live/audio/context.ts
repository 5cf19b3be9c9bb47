/* The one AudioContext of an interview, for hearing and for speaking. Browsers start it suspended until a gesture, and phones
 * interrupt it for a call; the page offers "Tap to continue" whenever it does not run. */

export interface SoundContext {
  ctx: AudioContext;
  /** Call from a gesture. Acts only on a suspended context: resuming an interrupted one fails on Safari and stays silent. */
  wake(): void;
  /** Fires with false when sound stopped by itself or never began, with true when it runs. */
  watch(fn: (running: boolean) => void): () => void;
  close(): void;
}

interface AudioSessionLike {
  type: string;
}

/* Safari sends a page that listens to the earpiece unless told otherwise. */
function playAndRecord(): void {
  try {
    const session = (navigator as { audioSession?: AudioSessionLike }).audioSession;
    if (session) session.type = 'play-and-record';
  } catch {
    /* a hint only */
  }
}

/** Null when the browser has no Web Audio or no more contexts to give. */
export function openSound(): SoundContext | null {
  playAndRecord();
  let ctx: AudioContext;
  try {
    ctx = new AudioContext({ latencyHint: 'interactive' });
  } catch {
    return null;
  }
  return {
    ctx,
    wake() {
      if (ctx.state === 'suspended') void ctx.resume().catch(() => undefined);
    },
    watch(fn) {
      const tell = () => fn(ctx.state === 'running');
      ctx.addEventListener('statechange', tell);
      tell();
      return () => ctx.removeEventListener('statechange', tell);
    },
    close() {
      if (ctx.state !== 'closed') void ctx.close().catch(() => undefined);
    },
  };
}
