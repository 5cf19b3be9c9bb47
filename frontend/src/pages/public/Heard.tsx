import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { heardText } from '../../live/machine';
import type { LiveState } from '../../live/machine';

/* What it has to say stands in the height that is left, and asks for none: a long answer moves nothing. */
function Box({
  title,
  aside,
  newest,
  children,
}: {
  title: string;
  aside?: string;
  newest: boolean;
  children: ReactNode;
}) {
  return (
    <section className="card flex flex-col px-4 py-3.5 [grid-area:heard] md:px-5 md:py-4">
      <div className="mb-1.5 flex justify-between gap-3">
        <h2 className="label">{title}</h2>
        {aside !== undefined && <span className="text-xs text-good-ink">{aside}</span>}
      </div>
      <div className="relative h-40 lg:h-auto lg:min-h-20 lg:flex-1">
        <div className={clsx('heard', newest && 'heard-newest')}>{children}</div>
      </div>
    </section>
  );
}

/** The candidate's own words as they are written down, or the answer before while a question is asked. */
export function Heard({ state }: { state: LiveState }) {
  const { answer, last } = state;
  if (answer) {
    const words = heardText(answer);
    const empty = words.settled === '' && words.open === '';
    return (
      <Box title="What we have heard so far" newest={!empty}>
        {empty ? (
          <p className="text-ink-2">They appear here as you speak.</p>
        ) : (
          <p className="voice heard-text text-ink">
            <span data-testid="settled">{words.settled}</span>{' '}
            <span className="provisional" data-testid="open">
              {words.open}
            </span>
          </p>
        )}
      </Box>
    );
  }
  if (last)
    return (
      <Box title={`Last answer, question ${last.position}`} aside="Saved" newest={false}>
        <p className="voice text-lg leading-7 text-ink-2">
          {last.text !== '' ? last.text : last.reason === 'skipped' ? 'Skipped.' : 'Nothing was said.'}
        </p>
      </Box>
    );
  return (
    <Box title="Your words" newest={false}>
      <p className="text-ink-2">They appear here as you speak, and nobody is in a hurry.</p>
    </Box>
  );
}
