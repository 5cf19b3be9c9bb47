/**
 * Which moment of the utterance is being heard now. The audio clock counts what was handed to the device; the
 * candidate hears it outputLatency later (a Bluetooth headset: 200 ms and more).
 */

/** The part of AudioContext that is needed, so that tests need no browser. */
export interface AudioClockSource {
  readonly currentTime: number;
  /** Safari has none. Zero while unknown. */
  readonly outputLatency?: number;
  readonly baseLatency?: number;
  getOutputTimestamp?(): { contextTime?: number; performanceTime?: number };
}

/** An output timestamp older than this is stale (context suspended, or the browser stopped updating it). */
const STALE_MS = 1000;

/** Context time of the sample at the loudspeaker now, in seconds. */
export function heardContextTime(source: AudioClockSource, nowMs: number): number {
  const latency = source.outputLatency;
  if (latency !== undefined && latency > 0 && Number.isFinite(latency)) return source.currentTime - latency;
  const stamp = source.getOutputTimestamp?.();
  const contextTime = stamp?.contextTime ?? 0;
  const performanceTime = stamp?.performanceTime ?? 0;
  const age = nowMs - performanceTime;
  if (contextTime > 0 && performanceTime > 0 && age >= 0 && age < STALE_MS) {
    return Math.min(contextTime + age / 1000, source.currentTime);
  }
  return source.currentTime - (source.baseLatency ?? 0);
}

/**
 * A clock for one utterance whose first sample was scheduled at context time `start`: seconds into the utterance
 * as heard, negative before. It never runs backwards, though the reported latency jitters.
 */
export function createSpeechClock(
  source: AudioClockSource,
  start: number,
  now: () => number = () => performance.now(),
): () => number {
  let last = -Infinity;
  return () => {
    last = Math.max(last, heardContextTime(source, now()) - start);
    return last;
  };
}
