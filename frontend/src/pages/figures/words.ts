import { percent as share } from '../../utils/format';

/** A number that there may be none of. */
export const number = (value: number | null, digits = 2): string => (value === null ? '–' : value.toFixed(digits));
export const percent = (value: number | null): string => (value === null ? '–' : share(value));
export const signed = (value: number | null): string =>
  value === null ? '–' : `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;
/** “0.42 to 0.71”. */
export const range = (low: number | null, high: number | null): string =>
  low === null || high === null ? '–' : `${low.toFixed(2)} to ${high.toFixed(2)}`;
