import type { ReactNode } from 'react';
import { LogoMark } from '../Logo';

export interface EmptyStateProps {
  title: string;
  /** What will appear here, and when. */
  children: ReactNode;
  /** The one next step. */
  action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="grid justify-items-start gap-1 p-6">
      <LogoMark firstOnly className="mb-3 h-[52px] w-[57px] text-chart-grid" />
      <h3 className="text-base font-semibold">{title}</h3>
      <p className="max-w-[56ch] text-ink-2">{children}</p>
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}
