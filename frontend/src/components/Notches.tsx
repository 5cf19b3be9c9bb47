import { clsx } from 'clsx';

const STEPS = [1, 2, 3, 4, 5];

/** A level from 1 to 5, drawn to the nearest half; the exact figure stands beside it. Null is “not scored”, hatched. */
export function Notches({ score, label }: { score: number | null; label?: string }) {
  const none = score === null;
  const name = label ?? (none ? 'Not scored' : `Level ${score} of 5`);
  return (
    <span className={clsx('notches', none && 'none')} role="img" aria-label={name}>
      {STEPS.map((step) => {
        const fill = none ? '' : score >= step - 0.25 ? 'on' : score >= step - 0.75 ? 'half' : '';
        return <i key={step} className={fill} />;
      })}
    </span>
  );
}
