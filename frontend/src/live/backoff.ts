/* Delays between tries: doubling from min to max, each drawn from the upper half of its step, so that many pages that lost the
 * same server do not come back in the same instant. */

export interface BackoffOptions {
  minMs: number;
  maxMs: number;
  random?: () => number;
}

export class Backoff {
  private attempt = 0;
  private readonly options: BackoffOptions;

  constructor(options: BackoffOptions) {
    this.options = options;
  }

  /** Milliseconds to wait before the next try. */
  next(): number {
    const { minMs, maxMs, random = Math.random } = this.options;
    const step = Math.min(maxMs, minMs * 2 ** Math.min(this.attempt, 20));
    this.attempt += 1;
    return Math.round(step / 2 + (step / 2) * random());
  }

  reset(): void {
    this.attempt = 0;
  }

  get tries(): number {
    return this.attempt;
  }
}
