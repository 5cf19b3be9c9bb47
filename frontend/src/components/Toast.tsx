import { Check, CircleAlert, Info, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { useToaster } from 'react-hot-toast/headless';
import { useToast, type ToastAction, type ToastKind } from '../contexts/ToastContext';

const ICONS: Record<ToastKind, LucideIcon> = { success: Check, info: Info, warning: TriangleAlert, error: CircleAlert };
const SPOKEN: Partial<Record<ToastKind, string>> = { warning: 'Warning: ', error: 'Error: ' };

export interface ToastProps {
  kind: ToastKind;
  message: string;
  action?: ToastAction | null;
  leaving?: boolean;
  onClose: () => void;
}

export function Toast({ kind, message, action, leaving, onClose }: ToastProps) {
  const Icon = ICONS[kind];
  return (
    <div className={clsx('toast toast-move on-dark', leaving && 'is-leaving')}>
      <Icon aria-hidden className={clsx('ic', (kind === 'error' || kind === 'warning') && 'text-plate-mark')} />
      <span className="flex-1">
        {SPOKEN[kind] !== undefined && <span className="sr-only">{SPOKEN[kind]}</span>}
        {message}
      </span>
      {action && (
        <button
          type="button"
          className="h-8 rounded-sm px-2.5 font-semibold underline underline-offset-4"
          onClick={() => {
            action.run();
            onClose();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="grid h-8 w-8 place-items-center rounded-sm" aria-label="Close" onClick={onClose}>
        <X aria-hidden className="ic ic-sm" />
      </button>
    </div>
  );
}

/** Bottom left, above the tab bar. One live region that is always there, so that screen readers hear what comes. */
export function ToastViewport() {
  const { toasts, handlers } = useToaster();
  const { extra, dismiss } = useToast();
  return (
    <div
      role="status"
      aria-live="polite"
      className="toasts"
      onMouseEnter={handlers.startPause}
      onMouseLeave={handlers.endPause}
      onFocus={handlers.startPause}
      onBlur={handlers.endPause}
    >
      {toasts.map((item) => {
        const { kind, action } = extra(item.id);
        const message = typeof item.message === 'string' ? item.message : '';
        return (
          <Toast
            key={item.id}
            kind={kind}
            message={message}
            action={action}
            leaving={!item.visible}
            onClose={() => dismiss(item.id)}
          />
        );
      })}
    </div>
  );
}
