import type { ReactNode } from 'react';

/** What stands below a chart or a statement, for those who want all of it. A table in it goes from edge to edge. */
export function Details({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details className="border-t border-line">
      <summary className="link mx-5 my-3 min-h-6 w-fit cursor-pointer">{summary}</summary>
      <div className="pb-3">{children}</div>
    </details>
  );
}
