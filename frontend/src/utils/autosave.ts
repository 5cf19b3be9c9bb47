import { isCancelled } from './errorHandler';

/*
 * Saves the newest state after a pause, one call at a time. Framework-free: it is told of each change and tells how it
 * stands. A change that comes while a call is away is saved after it; a failed one waits for the next change or retry.
 */
export type SaveState =
  | { kind: 'clean' }
  | { kind: 'pending' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  | { kind: 'failed'; error: unknown };

export class Autosave<T> {
  private readonly save: (snapshot: T) => Promise<void>;
  private readonly onState: (state: SaveState) => void;
  private readonly pauseMs: number;
  private waiting: { snapshot: T } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<boolean> | null = null;

  constructor(save: (snapshot: T) => Promise<void>, onState: (state: SaveState) => void, pauseMs = 800) {
    this.save = save;
    this.onState = onState;
    this.pauseMs = pauseMs;
  }

  get dirty(): boolean {
    return this.waiting !== null || this.running !== null;
  }

  change(snapshot: T): void {
    this.waiting = { snapshot };
    if (this.running === null) this.onState({ kind: 'pending' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), this.pauseMs);
  }

  /** Saves what waits, now. True when everything is saved. */
  flush(): Promise<boolean> {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Forgets what waits: it was replaced on the server by something else. */
  discard(): void {
    clearTimeout(this.timer);
    this.waiting = null;
    this.onState({ kind: 'clean' });
  }

  private async run(): Promise<boolean> {
    while (this.waiting !== null) {
      const current = this.waiting;
      this.waiting = null;
      this.onState({ kind: 'saving' });
      try {
        await this.save(current.snapshot);
        this.onState({ kind: 'saved', at: new Date() });
      } catch (error) {
        this.waiting ??= current;
        this.onState(isCancelled(error) ? { kind: 'pending' } : { kind: 'failed', error });
        return false;
      }
    }
    return true;
  }
}
