import type { ReactNode } from 'react';
import { LogoMark } from '../Logo';

export interface EmptyStateProps {
  title: string;
  /** Where it stands: h3 under a card's header, h2 when it is the card. */
  heading?: 'h2' | 'h3';
  /** What will appear here, and when. */
  children: ReactNode;
  /** The one next step. */
  action?: ReactNode;
}

export function EmptyState({ title, heading: Heading = 'h3', children, action }: EmptyStateProps) {
  return (
    <div className="grid justify-items-start gap-1 px-5 py-6">
      <LogoMark firstOnly className="mb-3 h-[52px] w-[57px] text-chart-grid" />
      <Heading className="text-base font-semibold">{title}</Heading>
      <p className="max-w-[56ch] text-ink-2">{children}</p>
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}
