import type { Report, ScoreOverride } from '../../services/types';

/** Plays an answer from a moment; null where nothing of it can be heard. */
export type PlayAnswer = (answerId: string) => ((ms: number) => void) | null;

/** The report when it has something to read: a version stays readable while the next is made, or could not be made. */
export const readable = (report: Report | null): Report | null =>
  report !== null && (report.status === 'ready' || report.version > 0) ? report : null;

/** A person's level for an answer; null: nobody set one. */
export const overrideOf = (report: Report | null, answerId: string): ScoreOverride | null =>
  report?.human?.overrides.find((one) => one.answer_id === answerId && one.level !== null) ?? null;

/** The name of who did something; their account may be gone. */
export const who = (name: string | null): string => name ?? 'Somebody who left';
