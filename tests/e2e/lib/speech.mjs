// Real recorded speech for the fake microphone, and how far a transcript is from what was said.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const SPEECH = path.join(path.resolve(process.env.VIVA_SHARED ?? path.join(ROOT, '../shared')), 'data/speech');

export const clipPath = (clip) => path.join(SPEECH, clip);

export function references() {
  const rows = fs.readFileSync(path.join(SPEECH, 'transcripts.tsv'), 'utf8').trim().split('\n').slice(1);
  return new Map(rows.map((row) => row.split('\t')).map(([file, , text]) => [file, text]));
}

export const available = () => fs.existsSync(path.join(SPEECH, 'transcripts.tsv'));

/**
 * A wav of the clips, each in a period of its own: it begins `lead` seconds after the period does, silence follows. Chromium
 * plays it again from the start when it ends.
 */
export function microphone(out, clips, { period, lead }) {
  const inputs = clips.flatMap((clip) => ['-i', path.join(SPEECH, clip)]);
  const parts = clips.map(
    (_, i) => `[${i}:a]aresample=48000,adelay=${lead * 1000}:all=1,apad,atrim=0:${period},asetpts=N/SR/TB[p${i}]`,
  );
  const join = `${clips.map((_, i) => `[p${i}]`).join('')}concat=n=${clips.length}:v=0:a=1[out]`;
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...inputs,
    '-filter_complex',
    `${parts.join(';')};${join}`,
    '-map',
    '[out]',
    '-ac',
    '1',
    '-c:a',
    'pcm_s16le',
    out,
  ]);
  return out;
}

/** A microphone that nobody speaks into. */
export function silence(out, seconds) {
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    'anullsrc=r=48000:cl=mono',
    '-t',
    String(seconds),
    out,
  ]);
  return out;
}

/** A part of a media file's sound, as a wav. */
export function cut(file, out, from, seconds) {
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', file, '-ss', String(from), '-t', String(seconds), '-ac', '1', out]);
  return out;
}

const wordsOf = (text) =>
  text
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter(Boolean);

/** Word error rate: edits to come from the reference to the transcript, per word of the reference. */
export function wer(reference, transcript) {
  const a = wordsOf(reference);
  const b = wordsOf(transcript);
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] / Math.max(1, a.length);
}

/** Duration of a media file in seconds, as ffprobe sees it. */
export function duration(file) {
  const out = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file]);
  return Number(String(out).trim());
}

export function streams(file) {
  const out = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_type', '-of', 'csv=p=0', file]);
  return String(out).trim().split('\n').sort();
}
