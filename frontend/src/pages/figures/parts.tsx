import type { ReactNode } from 'react';

/** A number that there may be none of. */
export const number = (value: number | null, digits = 2): string => (value === null ? '–' : value.toFixed(digits));
export const percent = (value: number | null): string => (value === null ? '–' : `${Math.round(100 * value)} %`);
export const signed = (value: number | null): string =>
  value === null ? '–' : `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;
/** “0.42 to 0.71”. */
export const range = (low: number | null, high: number | null, show: (value: number) => string): string =>
  low === null || high === null ? '–' : `${show(low)} to ${show(high)}`;

export interface TableProps {
  name: string;
  head: readonly string[];
  children: ReactNode;
}

/** Scrolls sideways where it is too wide, so it can take the focus there. */
export function Table({ name, head, children }: TableProps) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="overflow-x-auto" role="region" aria-label={`${name}, table`} tabIndex={0}>
      <table className="tbl">
        <caption className="sr-only">{name}</caption>
        <thead>
          <tr>
            {head.map((words) => (
              <th key={words} scope="col">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** What stands below a chart or a statement, for those who want all of it. */
export function Details({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details className="border-t border-line px-5 py-3">
      <summary className="min-h-6 cursor-pointer text-ink-2">{summary}</summary>
      <div className="pt-3">{children}</div>
    </details>
  );
}
