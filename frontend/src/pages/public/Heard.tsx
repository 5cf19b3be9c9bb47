import { heardText } from '../../live/machine';
import type { LiveState } from '../../live/machine';

/** The candidate's own words as they are written down, or the answer before while a question is asked. */
export function Heard({ state }: { state: LiveState }) {
  const { answer, last } = state;
  const words = answer ? heardText(answer) : null;
  const empty = words !== null && words.settled === '' && words.open === '';
  return (
    <section className="card relative flex min-h-0 flex-col overflow-hidden px-4 py-3.5 [grid-area:heard] md:px-5 md:py-4 lg:justify-end">
      <h2 className="label mb-1.5">
        {words ? 'What we have heard so far' : last ? `Last answer, question ${last.position}` : 'Your words'}
      </h2>
      {words && !empty ? (
        <div className="flex min-h-0 flex-col justify-end overflow-hidden max-lg:h-40 lg:flex-1 lg:[mask-image:linear-gradient(transparent,#000_2.75rem)]">
          <p className="voice heard-text text-ink">
            <span data-testid="settled">{words.settled}</span>{' '}
            <span className="provisional" data-testid="open">
              {words.open}
            </span>
          </p>
        </div>
      ) : words ? (
        <p className="text-ink-2 max-lg:h-40 lg:flex-1">They appear here as you speak.</p>
      ) : last ? (
        <div className="flex min-h-0 flex-col overflow-hidden lg:flex-1">
          <p className="voice line-clamp-6 text-lg leading-7 text-ink-2">
            {last.text !== '' ? last.text : last.reason === 'skipped' ? 'Skipped.' : 'Nothing was said.'}
          </p>
          <p className="mt-2 text-sm text-good-ink">Saved.</p>
        </div>
      ) : (
        <p className="text-ink-2 lg:flex-1">They appear here as you speak, and nobody is in a hurry.</p>
      )}
    </section>
  );
}
