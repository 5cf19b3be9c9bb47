import type { ReactNode } from 'react';

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
