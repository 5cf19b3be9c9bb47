/* From 20 ms levels to what a person is told: how loud, too quiet, too loud, or nothing at all. */

export type LevelVerdict = 'silent' | 'quiet' | 'good' | 'loud';

export interface Level {
  /** 0..1 on the meter: -60 dBFS to 0. */
  value: number;
  verdict: LevelVerdict;
}

export const METER_FLOOR_DB = -60;
/* Places on the meter where "quiet" ends and "too loud" begins; the bar in the page is drawn from the same two. */
export const QUIET_BELOW = 8 / 28;
export const LOUD_ABOVE = 19 / 28;

const SILENT_RMS = 1e-4; /* -80 dBFS: a live microphone always has more noise than this */
const CLIP_PEAK = 0.985;
const HOLD_MS = 1500; /* one verdict per phrase, not per syllable */

export function meterValue(rms: number): number {
  if (rms <= 0) return 0;
  const db = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, 1 - db / METER_FLOOR_DB));
}

export class LevelMeter {
  private loudest = 0;
  private heldSince = 0;
  private clippedUntil = -1;
  private shown = 0;
  private soundSeenAt: number | null = null;
  private startedAt: number | null = null;

  /** One frame: RMS and peak (0..1) and the time in ms. */
  push(rms: number, peak: number, now: number): Level {
    this.startedAt ??= now;
    if (rms > SILENT_RMS) this.soundSeenAt = now;
    const value = meterValue(rms);
    if (value >= this.loudest || now - this.heldSince > HOLD_MS) {
      this.loudest = value;
      this.heldSince = now;
    }
    if (peak >= CLIP_PEAK) this.clippedUntil = now + HOLD_MS;
    this.shown = value > this.shown ? value : this.shown + (value - this.shown) * 0.18; /* quick up, slow down */
    return { value: this.shown, verdict: this.verdict(now) };
  }

  private verdict(now: number): LevelVerdict {
    if (now < this.clippedUntil || this.loudest > LOUD_ABOVE + 0.2) return 'loud';
    const quietSince = this.soundSeenAt ?? this.startedAt ?? now;
    if (now - quietSince > HOLD_MS) return 'silent';
    return this.loudest < QUIET_BELOW ? 'quiet' : 'good';
  }
}
