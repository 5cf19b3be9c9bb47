import { useEffect, useId, useRef, type ReactNode } from 'react';

export interface DialogProps {
  open: boolean;
  /** The question; the button that answers it repeats its verb. */
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The buttons, the safe one first. */
  actions?: ReactNode;
}

/** A modal of the browser's own: it holds the focus, Escape closes it, focus goes back. A sheet on small screens. */
export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = element.current;
    if (dialog === null || !open) return;
    dialog.showModal();
    return () => dialog.close();
  }, [open]);

  if (!open) return null;
  return (
    // a click on the backdrop lands on the dialog element itself; Escape is the keyboard's way, through onCancel
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="grid gap-2 p-6">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        {children}
        {actions !== undefined && <div className="mt-4 flex flex-wrap justify-end gap-2">{actions}</div>}
      </div>
    </dialog>
  );
}
