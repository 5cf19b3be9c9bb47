import { readItem, writeItem } from './storage';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'viva.theme';

export function storedTheme(): Theme {
  const value = readItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** Puts the choice on the page; `system` leaves it to the operating system. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
  writeItem(KEY, theme === 'system' ? null : theme);
  applyTheme(theme);
}
