/**
 * Decides which animation frames are drawn. On a machine that cannot keep 60 a second an even 30 looks better than an
 * uneven 40; more than 60 is wasted. It goes back to full rate after a while, and waits longer each time that fails.
 */

/** Mean frame time over this means the machine is struggling (60 per second is 16.7 ms). */
const SLOW_MS = 22;
/** Window of the mean, in frames. */
const WINDOW = 45;
const FIRST_RETRY_MS = 10_000;
const MAX_RETRY_MS = 160_000;
const FULL_RATE_MS = 1000 / 60;
const HALF_RATE_MS = 1000 / 30;
/** Frame times wobble; a frame this early still counts as due. */
const SLACK_MS = 4;
/** A longer gap is a hidden page or a sleeping machine, not a slow frame. */
const GAP_MS = 250;

export class FramePacer {
  private mean = FULL_RATE_MS;
  private seen = 0;
  private lastFrame: number | null = null;
  private lastDrawn = -Infinity;
  private slowUntil = -Infinity;
  private retry = FIRST_RETRY_MS;
  /** True while drawing at 30 a second. */
  half = false;

  /** True when the frame at `now` (ms) is to be drawn. */
  due(now: number): boolean {
    const gap = this.lastFrame === null ? GAP_MS : now - this.lastFrame;
    this.lastFrame = now;
    if (!this.half && gap < GAP_MS) this.observe(gap, now);
    if (this.half && now >= this.slowUntil) this.full();
    if (now - this.lastDrawn < (this.half ? HALF_RATE_MS : FULL_RATE_MS) - SLACK_MS) return false;
    this.lastDrawn = now;
    return true;
  }

  private observe(gap: number, now: number): void {
    this.mean += (gap - this.mean) / WINDOW;
    this.seen++;
    if (this.seen >= WINDOW && this.mean > SLOW_MS) {
      this.half = true;
      this.slowUntil = now + this.retry;
      this.retry = Math.min(MAX_RETRY_MS, this.retry * 2);
    }
  }

  private full(): void {
    this.half = false;
    this.mean = FULL_RATE_MS;
    this.seen = 0;
  }
}
