import { clsx } from 'clsx';

/** Five bars that move while someone speaks, five dots while nobody does. Words beside it always say the same. */
export function VBars({ speaking }: { speaking: boolean }) {
  return (
    <span className={clsx('vbars', !speaking && 'still')} aria-hidden>
      <i />
      <i />
      <i />
      <i />
      <i />
    </span>
  );
}
