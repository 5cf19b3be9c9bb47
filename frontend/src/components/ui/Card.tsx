import { clsx } from 'clsx';
import type { HTMLAttributes, ReactNode } from 'react';

type Props = HTMLAttributes<HTMLElement> & { children: ReactNode };

/** One border, no shadow, never nested: use `.well` inside. A card with a header is a section named by it. */
export function Card({ className, children, ...rest }: Props) {
  return (
    <section {...rest} className={clsx('card', className)}>
      {children}
    </section>
  );
}

export interface CardHeaderProps {
  title: ReactNode;
  id?: string;
  /** What stands at the other end: a badge, small buttons, a note. */
  aside?: ReactNode;
  className?: string;
}

export function CardHeader({ title, id, aside, className }: CardHeaderProps) {
  return (
    <header className={clsx('flex min-h-14 items-center justify-between gap-3 px-5 pt-3 pb-2', className)}>
      <h2 id={id} className="text-base font-semibold">
        {title}
      </h2>
      {aside}
    </header>
  );
}

export function CardBody({ className, children, ...rest }: HTMLAttributes<HTMLDivElement> & { children: ReactNode }) {
  return (
    <div {...rest} className={clsx('p-5', className)}>
      {children}
    </div>
  );
}

export function CardFooter({ className, children, ...rest }: HTMLAttributes<HTMLElement> & { children: ReactNode }) {
  return (
    <footer {...rest} className={clsx('flex flex-wrap items-center gap-2 border-t border-line px-5 py-3', className)}>
      {children}
    </footer>
  );
}
