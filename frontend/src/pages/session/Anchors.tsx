import { clsx } from 'clsx';

export interface AnchorsProps {
  /** The machine's level. */
  score: number;
  /** What it means. */
  text: string;
  /** What each of the five means; null: only the suggested one is known. */
  scale: readonly string[] | null;
}

const LEVELS = [1, 2, 3, 4, 5];

/** Five tiles with what each level means, the suggested one filled. */
export function Anchors({ score, text, scale }: AnchorsProps) {
  const chosen = Math.round(score);
  const whole = scale?.length === LEVELS.length ? scale : null;
  return (
    <ol className={whole === null ? 'scale' : 'anchors'} aria-label="Level suggested">
      {LEVELS.map((n) => {
        const words = n === chosen ? text : (whole?.[n - 1] ?? '');
        return (
          <li key={n} className={clsx('anchor', n === chosen && 'on')} aria-current={n === chosen ? 'true' : undefined}>
            <b>{n}</b>
            {words !== '' && (
              <span>
                {words}
                {n === chosen && <span className="sr-only"> (suggested level)</span>}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
