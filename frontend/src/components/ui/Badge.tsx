import type { LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import type { ReactNode } from 'react';

export type BadgeTone = 'plain' | 'line' | 'good' | 'warn' | 'live' | 'accent';

const TONES: Record<BadgeTone, string> = {
  plain: '',
  line: 'b-line',
  good: 'b-good',
  warn: 'b-warn',
  live: 'b-live',
  accent: 'b-acc',
};

export interface BadgeProps {
  tone?: BadgeTone;
  icon?: LucideIcon;
  /** The recording-red dot of something that runs now. */
  dot?: boolean;
  children: ReactNode;
}

/** Always a word; colour is the second signal. */
export function Badge({ tone = 'plain', icon: Icon, dot = false, children }: BadgeProps) {
  return (
    <span className={clsx('badge', TONES[tone])}>
      {dot && <span className="dot dot-live" />}
      {Icon && <Icon aria-hidden className="ic !h-3.5 !w-3.5" />}
      {children}
    </span>
  );
}
