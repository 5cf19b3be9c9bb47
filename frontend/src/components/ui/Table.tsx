import type { ReactNode } from 'react';

export interface TableProps {
  name: string;
  head: readonly string[];
  children: ReactNode;
}

/**
 * Figures by row: the first column names the row and stays, the others stand at the right. Where it is too wide it scrolls
 * sideways, shows that there is more, and can take the focus.
 */
export function Table({ name, head, children }: TableProps) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="sideways" role="region" aria-label={`${name}, table`} tabIndex={0}>
      <table className="tbl figures">
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
