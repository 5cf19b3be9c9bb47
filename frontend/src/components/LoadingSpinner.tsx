import { LoaderCircle } from 'lucide-react';
import { clsx } from 'clsx';
import { useDelayed } from '../utils/hooks';

const SIZES = { sm: 'ic-sm', md: '', lg: 'ic-lg' };

export interface LoadingSpinnerProps {
  size?: keyof typeof SIZES;
  /** What is being waited for, as a verb: “Loading interviews”. */
  text?: string;
  fullScreen?: boolean;
}

/** For waits that have no layout to show yet; a screen with a known layout shows a skeleton. */
export function LoadingSpinner({ size = 'md', text = 'Loading', fullScreen = false }: LoadingSpinnerProps) {
  const slow = useDelayed(true, 8000);
  return (
    <div role="status" className={clsx('grid place-items-center gap-2 text-ink-2', fullScreen ? 'min-h-dvh' : 'py-10')}>
      <span className="flex items-center gap-2.5">
        <LoaderCircle aria-hidden className={clsx('ic spin', SIZES[size])} />
        {text}
      </span>
      {slow && <span className="text-xs text-ink-3">This takes longer than usual. It goes on by itself.</span>}
    </div>
  );
}
