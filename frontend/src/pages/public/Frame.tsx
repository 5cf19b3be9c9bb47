/* What every candidate screen but the room stands in: header with the steps, the content, a dock for the one next step. */

import { Check } from 'lucide-react';
import { clsx } from 'clsx';
import { useEffect, useRef, type CSSProperties, type ReactNode } from 'react';
import { Logo } from '../../components/Logo';
import type { PublicInterview } from '../../services/types';
import { useDensity, useTitle } from '../../utils/hooks';
import { Help } from './Help';

const STEPS = ['Welcome', 'Consent', 'Device check', 'Interview'] as const;
export type StepName = (typeof STEPS)[number];

export function RoleLine({ interview }: { interview: PublicInterview }) {
  return (
    <>
      <span className="hidden h-6 border-l border-line lg:block" />
      <span className="hidden min-w-0 text-sm text-ink-2 [overflow-wrap:anywhere] lg:line-clamp-2">
        {interview.job_role || interview.title}
        {interview.organisation !== '' && (
          <>
            {' '}
            at <b className="font-semibold text-ink">{interview.organisation}</b>
          </>
        )}
      </span>
    </>
  );
}

function Steps({ current }: { current: StepName }) {
  const at = STEPS.indexOf(current);
  return (
    <>
      <ol className="hidden items-center gap-1 text-sm md:flex" aria-label="Steps">
        {STEPS.map((step, i) => (
          <li
            key={step}
            className={clsx('flex items-center gap-1.5 px-2', i === at ? 'font-semibold text-ink' : 'text-ink-3')}
            aria-current={i === at ? 'step' : undefined}
          >
            {i < at ? (
              <>
                <Check aria-hidden className="ic ic-sm text-good" />
                <span className="sr-only">Done: </span>
              </>
            ) : (
              <span
                className={clsx(
                  'grid h-5 w-5 place-items-center rounded-full text-2xs font-semibold',
                  i === at ? 'bg-accent text-on-accent' : 'bg-chip text-ink-2',
                )}
              >
                {i + 1}
              </span>
            )}
            <span className={i === at ? '' : 'hidden lg:inline'}>{step}</span>
          </li>
        ))}
      </ol>
      <span className="text-sm text-ink-2 md:hidden">
        <b className="font-semibold text-ink">Step {at + 1}</b> of {STEPS.length}
      </span>
    </>
  );
}

export interface FrameProps {
  title: string;
  step?: StepName;
  interview?: PublicInterview | null;
  /** Left side of the dock: what else can be done. */
  aside?: ReactNode;
  /** The next step. */
  action?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

export function Frame({ title, step, interview = null, aside, action, narrow = false, children }: FrameProps) {
  useDensity('roomy');
  useTitle(title);
  const main = useRef<HTMLElement>(null);
  /* A new step begins at its heading, for eyes and for screen readers. */
  useEffect(() => {
    window.scrollTo(0, 0);
    main.current?.querySelector<HTMLElement>('h1')?.focus();
  }, [title]);
  return (
    <div className="flex min-h-dvh flex-col" style={{ '--wrap': '80rem' } as CSSProperties}>
      <header className="bar flex h-14 items-center justify-between gap-4 border-b border-line bg-surface lg:h-16">
        <span className="flex min-w-0 items-center gap-4">
          <Logo />
          {interview && <RoleLine interview={interview} />}
        </span>
        {step && <Steps current={step} />}
        <span className={step ? 'hidden md:inline-flex' : 'inline-flex'}>
          <Help interview={interview} />
        </span>
      </header>
      <main id="main" ref={main} className="mx-auto w-full max-w-[80rem] flex-1 px-[var(--gutter)] py-6 lg:py-10">
        {narrow ? <div className="max-w-[46rem]">{children}</div> : children}
      </main>
      {(action !== undefined || aside !== undefined) && (
        <footer className="dock bar">
          <div className="dock-row !gap-3 md:py-1">
            <p className="flex-1 text-sm text-ink-2 max-md:text-center">{aside}</p>
            {action}
          </div>
        </footer>
      )}
    </div>
  );
}

export function Heading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mb-6 max-w-2xl lg:mb-8">
      <h1 tabIndex={-1} className="text-2xl font-bold outline-none lg:text-3xl">
        {title}
      </h1>
      {children !== undefined && <p className="mt-2 text-base text-ink-2 lg:text-lg">{children}</p>}
    </div>
  );
}
