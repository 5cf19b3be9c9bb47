import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

export interface PageHeaderProps {
  title: ReactNode;
  /** A small line above the title. */
  over?: ReactNode;
  /** A line below it. */
  under?: ReactNode;
  crumbs?: readonly { to?: string; label: string }[];
  actions?: ReactNode;
}

export function PageHeader({ title, over, under, crumbs, actions }: PageHeaderProps) {
  return (
    <div className="mb-6">
      {crumbs !== undefined && (
        <nav className="mb-2 flex flex-wrap items-center gap-1.5 text-xs text-ink-3" aria-label="Breadcrumb">
          {crumbs.map(({ to, label }, i) => (
            <span key={label} className="inline-flex items-center gap-1.5">
              {i > 0 && <ChevronRight aria-hidden className="ic !h-3.5 !w-3.5" />}
              {to === undefined ? (
                label
              ) : (
                <Link className="inline-flex min-h-6 items-center hover:underline" to={to}>
                  {label}
                </Link>
              )}
            </span>
          ))}
        </nav>
      )}
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="min-w-0">
          {over !== undefined && <p className="label">{over}</p>}
          <h1 className="mt-0.5 text-2xl font-bold [overflow-wrap:anywhere]">{title}</h1>
          {under !== undefined && <div className="mt-1 text-ink-2">{under}</div>}
        </div>
        {actions !== undefined && <div className="actions flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
