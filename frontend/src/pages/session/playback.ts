import type { Answer, Recording } from '../../services/types';

/* Times on the screen are ms from an answer's start; a recording's own clock starts `offset_ms` later, or `lead_ms` before it. */

/** What of an answer is played; a shared report has no more of it. */
export type Played = Pick<Answer, 'id' | 'position' | 'mode' | 'duration_ms' | 'recordings'> & {
  utterances: readonly { end_ms: number }[];
};

export type PlayableRecording = Recording & { media_url: string };

/** Where the recording begins; negative: before the answer. */
export const beginOf = (recording: Recording): number => recording.offset_ms - recording.lead_ms;

const isPlayable = (recording: Recording): recording is PlayableRecording =>
  recording.status === 'ready' && recording.media_url !== null;

export const playable = (answer: Pick<Answer, 'recordings'>): PlayableRecording[] =>
  answer.recordings.filter(isPlayable).sort((a, b) => beginOf(a) - beginOf(b));

/** How long the answer's time line is: to the end of whatever lasts longest. */
export function lengthOf(answer: Played): number {
  const ends = answer.recordings.map((recording) => beginOf(recording) + recording.duration_ms);
  const said = answer.utterances.map((utterance) => utterance.end_ms);
  return Math.max(answer.duration_ms, ...ends, ...said);
}

/** The recording to play for a moment: the one that covers it, else the next one, else the last. */
export function recordingAt(answer: Played, ms: number): PlayableRecording | null {
  const all = playable(answer);
  const covering = all.findLast((one) => beginOf(one) <= ms && ms < beginOf(one) + (one.duration_ms || Infinity));
  return covering ?? all.find((one) => beginOf(one) > ms) ?? all.at(-1) ?? null;
}

export const recordingAfter = (answer: Played, segment: number): PlayableRecording | null => {
  const all = playable(answer);
  return all[all.findIndex((one) => one.segment === segment) + 1] ?? null;
};

/** Seconds on the recording's clock for a moment of the answer. */
export const mediaTime = (recording: Recording, ms: number): number => {
  const seconds = Math.max(0, (ms - beginOf(recording)) / 1000);
  return recording.duration_ms === 0 ? seconds : Math.min(seconds, Math.max(0, recording.duration_ms / 1000 - 0.05));
};

/** Why there is nothing to play, or null when there is. */
export function silence(answer: Played): string | null {
  if (playable(answer).length > 0) return null;
  if (answer.recordings.some((one) => one.status === 'processing' || one.status === 'uploading'))
    return 'This recording is still being prepared.';
  if (answer.recordings.some((one) => one.status === 'failed')) return 'This recording could not be prepared.';
  return answer.mode === 'text'
    ? 'This answer was typed; there is no recording.'
    : 'There is no recording of this answer.';
}
