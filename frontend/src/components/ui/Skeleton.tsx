import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { useDelayed } from '../../utils/hooks';

/** One grey shape; size it with classes. */
export function Skeleton({ className }: { className?: string }) {
  return <span className={clsx('skel block', className)} />;
}

const WIDTHS = ['w-[70%]', 'w-[52%]', 'w-[61%]', 'w-[48%]', 'w-[66%]'];

export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <div className="grid gap-4 p-5">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="grid grid-cols-[2rem_1fr_4.5rem] items-center gap-3">
          <Skeleton className="h-8" />
          <span className="grid gap-2">
            <Skeleton className={clsx('h-3', WIDTHS[i % WIDTHS.length])} />
            <Skeleton className="h-2.5 w-[34%]" />
          </span>
          <Skeleton className="h-2" />
        </div>
      ))}
    </div>
  );
}

/** Holds skeletons that copy the layout to come; after 8 s it says what is slow. */
export function Loading({ what, children }: { what: string; children: ReactNode }) {
  const slow = useDelayed(true, 8000);
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">Loading {what}</span>
      {slow && <p className="pb-3 text-ink-2">Loading {what} takes longer than usual. It goes on by itself.</p>}
      <div aria-hidden>{children}</div>
    </div>
  );
}
