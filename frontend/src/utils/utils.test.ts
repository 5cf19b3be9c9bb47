import { afterEach, describe, expect, it, vi } from 'vitest';
import { Autosave, type SaveState } from './autosave';
import { ApiError, applyFieldError, emailProblem, errorMessage, safeApiCall } from './errorHandler';
import { byteSize, initials, lasted, numberWord, relativeDay, shortTime, sinceWords, timecode, utcDay } from './format';
import { markQuotes } from './quotes';
import { dropIndex, moved } from './reorder';

const apiError = (init: Partial<ConstructorParameters<typeof ApiError>[0]>) =>
  new ApiError({ status: 422, code: 'field_invalid', message: 'Not so.', ...init });

describe('dates and times', () => {
  const now = new Date(2026, 10, 23, 10, 0);
  const local = (day: number, hour: number) => new Date(2026, 10, day, hour, 52).toISOString();
  it('are said as people say them', () => {
    expect(relativeDay(local(23, 9), now)).toBe('Today, 09:52');
    expect(relativeDay(local(22, 23), now)).toBe('Yesterday');
    expect(relativeDay(local(20, 9), now)).toBe('Friday');
    expect(relativeDay(local(3, 9), now)).toBe('3 November');
    expect(relativeDay(new Date(2024, 10, 3).toISOString(), now)).toBe('3 November 2024');
  });
  it('count from a start', () => {
    expect(sinceWords(new Date(1_000_000).toISOString(), 1_030_000)).toBe('just started');
    expect(sinceWords(new Date(0).toISOString(), 65 * 60_000)).toBe('1 h 5 min in');
  });
  it('in a recording have two digits', () => {
    expect([0, 61_900, 3_725_000].map(timecode)).toEqual(['00:00', '01:01', '1:02:05']);
  });
});

it('names and numbers', () => {
  expect(['Priya Nair', 'Madonna', ' Ana Maria  Duarte ', ''].map(initials)).toEqual(['PN', 'M', 'AD', '?']);
  expect([0, 6, 12, 13].map(numberWord)).toEqual(['No', 'Six', 'Twelve', '13']);
});

describe('quotes', () => {
  const marked = (text: string, quotes: string[]) =>
    markQuotes(text, quotes)
      .map((part) => (part.marked ? `[${part.text}]` : part.text))
      .join('');
  it('are found whatever their capitals and apostrophes', () => {
    expect(marked('That can’t happen.', ["THAT can't"])).toBe('[That can’t] happen.');
  });
  it('may overlap and repeat', () => {
    expect(marked('a b c a b', ['a b', 'b c'])).toBe('[a b c] [a b]');
  });
  it('mark nothing when they are not there, or empty', () => {
    expect(marked('a b c', ['d', ' '])).toBe('a b c');
  });
  it('lose no text', () => {
    expect(markQuotes('', ['a'])).toEqual([]);
    expect(marked('a', ['a'])).toBe('[a]');
  });
});

describe('reordering', () => {
  it('puts an item at its new place', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a'], 5, 0)).toEqual(['a']);
  });
  it('lands past the middles that were crossed', () => {
    const middles = [20, 60, 100];
    expect([0, 39, 41, 81, 900].map((dy) => dropIndex(middles, 0, dy))).toEqual([0, 0, 1, 2, 2]);
    expect([-39, -41, -900].map((dy) => dropIndex(middles, 2, dy))).toEqual([2, 1, 0]);
  });
});

describe('errors', () => {
  it('are put at the field that the server named', () => {
    const setError = vi.fn();
    expect(applyFieldError(apiError({ field: 'title' }), ['title', 'role'], setError)).toBe(true);
    expect(setError).toHaveBeenCalledWith('title', { type: 'server', message: 'Not so.' }, { shouldFocus: true });
    expect(applyFieldError(apiError({ field: 'focus_areas[1]' }), ['focus_areas'], setError)).toBe(true);
    expect(applyFieldError(apiError({ field: 'other' }), ['title'], setError)).toBe(false);
    expect(applyFieldError(new Error('x'), ['title'], setError)).toBe(false);
  });
  it('have words', () => {
    expect(errorMessage(apiError({}))).toBe('Not so.');
    expect(errorMessage(apiError({ status: 429, code: 'rate_limited', retryAfterS: 7 }))).toContain('Wait 7 seconds');
    expect(errorMessage(apiError({ status: 0, code: 'network' }))).toContain('did not answer');
    expect(errorMessage(new TypeError('undefined is not'))).not.toContain('undefined');
  });
  it('come back as values when asked', async () => {
    const error = apiError({});
    expect(await safeApiCall(() => Promise.resolve(1))).toEqual({ ok: true, data: 1 });
    expect(await safeApiCall(() => Promise.reject(error))).toEqual({ ok: false, error });
    await expect(safeApiCall(() => Promise.reject(new TypeError('x')))).rejects.toThrow('x');
  });
  it('in addresses are explained', () => {
    expect(emailProblem('priya.nair@halden')).toContain('stops after “halden”');
    expect(emailProblem('priya')).toContain('@');
    expect(emailProblem('priya@halden.example')).toBeNull();
  });
});

describe('Autosave', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const kinds = (states: SaveState[]) => states.map((state) => state.kind);

  it('saves the last of many changes, once', async () => {
    vi.useFakeTimers();
    const save = vi.fn(() => Promise.resolve());
    const states: SaveState[] = [];
    const autosave = new Autosave<string>(save, (state) => states.push(state));
    ['a', 'ab', 'abc'].forEach((text) => autosave.change(text));
    await vi.advanceTimersByTimeAsync(1000);
    expect(save).toHaveBeenCalledExactlyOnceWith('abc');
    expect(kinds(states)).toEqual(['pending', 'pending', 'pending', 'saving', 'saved']);
    expect(autosave.dirty).toBe(false);
  });

  it('never has two calls away: a change meanwhile is saved after', async () => {
    let away = 0;
    let most = 0;
    const saved: string[] = [];
    const autosave = new Autosave<string>(
      async (text) => {
        most = Math.max(most, ++away);
        await Promise.resolve();
        saved.push(text);
        away--;
      },
      () => undefined,
    );
    autosave.change('a');
    const first = autosave.flush();
    autosave.change('b');
    expect(await Promise.all([first, autosave.flush()])).toEqual([true, true]);
    expect(saved).toEqual(['a', 'b']);
    expect(most).toBe(1);
  });

  it('keeps what could not be saved and saves it when asked again', async () => {
    let up = false;
    const states: SaveState[] = [];
    const autosave = new Autosave<string>(
      () => (up ? Promise.resolve() : Promise.reject(apiError({}))),
      (state) => states.push(state),
    );
    autosave.change('a');
    expect(await autosave.flush()).toBe(false);
    expect(kinds(states).at(-1)).toBe('failed');
    expect(autosave.dirty).toBe(true);
    up = true;
    expect(await autosave.flush()).toBe(true);
    expect(autosave.dirty).toBe(false);
  });

  it('forgets what was replaced', async () => {
    const save = vi.fn(() => Promise.resolve());
    const autosave = new Autosave<string>(save, () => undefined);
    autosave.change('a');
    autosave.discard();
    expect(await autosave.flush()).toBe(true);
    expect(save).not.toHaveBeenCalled();
  });
});

describe('figures of the system', () => {
  it('are sizes as disks are sold', () => {
    expect([0, 1, 999, 1000, 1_400_000, 25_000_000, 5e12, 7e15].map(byteSize)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.0 kB',
      '1.4 MB',
      '25 MB',
      '5.0 TB',
      '7000 TB',
    ]);
  });
  it('are times that fit their size', () => {
    expect([0.04, 1.25, 12.4, 999, 1300].map(shortTime)).toEqual(['0.0 ms', '1.3 ms', '12 ms', '999 ms', '1.3 s']);
    expect([0, 59, 60, 3599, 3600, 86_400, 200_000].map(lasted)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '1 day',
      '2 days',
    ]);
  });
  it('are days in UTC, wherever the reader is', () => {
    expect(utcDay('2026-11-01')).toBe('1 November');
  });
});
