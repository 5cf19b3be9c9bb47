import type { Report, ReportQuestion } from '../../services/types';
import { percent } from '../../utils/format';

type Measure = NonNullable<Report['content']>['speech'][number];
export type SpeechFigures = NonNullable<ReportQuestion['speech']>;

const NAMES: Record<Measure['measure'], string> = {
  talk_time: 'Talk time',
  pace: 'Pace',
  pauses: 'Pauses',
  longest_pause: 'Longest pause',
  pause_share: 'Time in pauses',
  fillers: 'Fillers',
  latency: 'First word',
};

const AT_ONCE_MS = 100;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function length(ms: number): string {
  const s = Math.round(ms / 1000);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

export interface SpokenRow {
  name: string;
  value: string;
  means: string;
}

function measureValue({ measure, value, unit }: Measure): string {
  if (measure === 'talk_time') return length(value * 1000);
  return measure === 'pauses' ? String(value) : `${value} ${unit}`;
}

/** The figures over the whole interview. */
export const measureRows = (measures: readonly Measure[]): SpokenRow[] =>
  measures.map((one) => ({ name: NAMES[one.measure], value: measureValue(one), means: one.explanation }));

/** The figures of one answer, each with what it means. */
export function spokenRows(speech: SpeechFigures): SpokenRow[] {
  const { pace, pauses, pause_share: share, fillers_per_100: fillers, latency_ms: latency } = speech;
  const rows = [
    { name: 'Talk time', value: length(speech.talk_ms), means: 'Pauses of a second and more are left out.' },
  ];
  if (pace !== null)
    rows.push({
      name: 'Pace',
      value: `${Math.round(pace)} words a minute`,
      means: 'While talking. In conversation most people are between 110 and 180.',
    });
  const silent = share === null ? '' : `, ${percent(share)} of the time`;
  rows.push({
    name: 'Pauses',
    value: pauses === 0 ? 'None' : `${pauses}, the longest ${seconds(speech.longest_ms)}${silent}`,
    means: 'Of a second and more between words. People pause to think.',
  });
  const share100 = fillers === null ? '' : `, ${fillers.toFixed(1)} of 100 words`;
  rows.push({
    name: 'Fillers',
    value: speech.fillers === 0 ? 'None' : `${speech.fillers}${share100}`,
    means: 'Um, uh and the like, as far as the recogniser writes them down: it leaves many out.',
  });
  if (latency !== null)
    rows.push({
      name: 'First word',
      value: latency < AT_ONCE_MS ? 'At once' : seconds(latency),
      means: 'After the question had been asked.',
    });
  return rows;
}
