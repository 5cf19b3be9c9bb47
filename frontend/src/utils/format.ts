/* Words and figures for people. Dates follow the reader's own clock; the wording is English, like the product. */

const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;
const NUMBERS = 'No,One,Two,Three,Four,Five,Six,Seven,Eight,Nine,Ten,Eleven,Twelve'.split(',');

const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

export const clockTime = (iso: string): string =>
  new Date(iso).toLocaleTimeString(LOCALE, { hour: '2-digit', minute: '2-digit' });

export const longDate = (iso: string | Date): string =>
  new Date(iso).toLocaleDateString(LOCALE, { day: 'numeric', month: 'long', year: 'numeric' });

export const weekdayDate = (date: Date): string =>
  date.toLocaleDateString(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' }).replace(',', '');

/** “Today, 09:52”, “Yesterday”, “Friday”, “3 November”, “3 November 2024”. */
export function relativeDay(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
  if (days <= 0) return `Today, ${clockTime(iso)}`;
  if (days === 1) return 'Yesterday';
  if (days < 7) return date.toLocaleDateString(LOCALE, { weekday: 'long' });
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString(LOCALE, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** The same inside a sentence: “changed yesterday”. */
export const relativeDayInline = (iso: string, now = new Date()): string =>
  relativeDay(iso, now).replace(/^(Today|Yesterday)/, (word) => word.toLowerCase());

/** “3 min in”, “1 h 5 min in”; less than a minute is “just started”. */
export function sinceWords(iso: string, now = Date.now()): string {
  const minutes = Math.floor((now - new Date(iso).getTime()) / 60_000);
  if (minutes < 1) return 'just started';
  if (minutes < 60) return `${minutes} min in`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min in`;
}

/** Position in a recording: 07:42, or 1:02:07 from an hour on. */
export function timecode(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const pad = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const rest = `${pad(Math.floor(total / 60) % 60)}:${pad(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A time for screen readers: “7 minutes 42 seconds”. */
export function spokenTime(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(total / 60);
  const seconds = plural(total % 60, 'second');
  return minutes === 0 ? seconds : `${plural(minutes, 'minute')} ${seconds}`;
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Small numbers open a sentence as words: “Six”. */
export const numberWord = (n: number): string => NUMBERS[n] ?? String(n);

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}

export const wordCount = (text: string): number => text.split(/\s+/).filter(Boolean).length;
/** Seconds a sentence takes aloud, at the voices' ordinary pace of about 165 words a minute. */
export const spokenSeconds = (text: string): number => Math.max(1, Math.round(wordCount(text) / 2.75));
/** “0.5” steps are drawn, one decimal is written. */
export const level = (score: number): string => score.toFixed(1);

/** “42 %” of a share of 1. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A message’s first sentence, and what follows it. */
export function titleOf(message: string): [title: string, rest: string | undefined] {
  const [title = '', rest] = message.split(/(?<=\.) (.*)/s);
  return [title, rest];
}

/** “problem_solving” as “Problem solving”, for values that came without a label. */
export function humanise(value: string): string {
  const words = value.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const SIZES = ['bytes', 'kB', 'MB', 'GB', 'TB'];
/** “0 bytes”, “980 bytes”, “1.4 MB”. Decimal, as disks are sold. */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < SIZES.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0
    ? plural(bytes, 'byte')
    : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${SIZES[unit] ?? ''}`;
}

/** A short time: “0.4 ms”, “12 ms”, “1.3 s”. */
export function shortTime(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** How long something has lasted: “40 s”, “12 min”, “5 h”, “3 days”. */
export function lasted(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return plural(Math.floor(seconds / 86_400), 'day');
}

/** “24 November 2026, 09:52”. */
export const longTime = (iso: string): string => `${longDate(iso)}, ${clockTime(iso)}`;

/** “24 November 2026, 09:52:07”: for records. */
export const exactTime = (iso: string): string => `${longDate(iso)}, ${new Date(iso).toLocaleTimeString(LOCALE)}`;

/** “21 November” of a UTC day “2026-11-21”. */
export const utcDay = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(LOCALE, { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** The English name of a language by its ISO 639-1 code; the code itself where the browser knows none. */
export const languageName = (code: string): string =>
  new Intl.DisplayNames('en', { type: 'language', fallback: 'code' }).of(code) ?? code;
