import { CircleAlert, CircleCheck, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import type { ReactNode } from 'react';

export type NoticeTone = 'info' | 'good' | 'warn' | 'danger';

const LOOKS: Record<NoticeTone, { box: string; ink: string; icon: LucideIcon }> = {
  info: { box: 'border-line bg-surface', ink: 'text-ink', icon: Info },
  good: { box: 'border-good bg-good-soft', ink: 'text-good-ink', icon: CircleCheck },
  warn: { box: 'border-warn bg-warn-soft', ink: 'text-warn-ink', icon: TriangleAlert },
  danger: { box: 'border-danger bg-danger-soft', ink: 'text-danger-ink', icon: CircleAlert },
};

export interface NoticeProps {
  tone?: NoticeTone;
  title: string;
  icon?: LucideIcon;
  children?: ReactNode;
  action?: ReactNode;
}

/** News that stays on the page: what happened, what is safe, what to do. */
export function Notice({ tone = 'info', title, icon, children, action }: NoticeProps) {
  const { box, ink, icon: standard } = LOOKS[tone];
  const Icon = icon ?? standard;
  return (
    <div role={tone === 'danger' ? 'alert' : 'status'} className={clsx('flex gap-3 rounded-md border p-3.5', box)}>
      <Icon aria-hidden className={clsx('ic mt-0.5', ink)} />
      <div className="min-w-0 flex-1">
        <p className={clsx('font-semibold', ink)}>{title}</p>
        {children !== undefined && <div className="text-ink-2">{children}</div>}
        {action !== undefined && <div className="mt-2.5 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  );
}
