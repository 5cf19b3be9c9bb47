import { CircleAlert, Eye, EyeOff, TriangleAlert } from 'lucide-react';
import { clsx } from 'clsx';
import { useId, useState, type ComponentPropsWithRef, type ReactNode } from 'react';

/*
 * Fields: label above, help below. An error replaces the help, with an icon and the next step; a warning advises and
 * never blocks. Everything else (ref, name, onBlur…) goes to the control, so `register()` of react-hook-form spreads in.
 */
interface FieldProps {
  label: string;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  help?: ReactNode;
  error?: string | undefined;
  warning?: string | undefined;
}

type Control<T extends 'input' | 'select' | 'textarea'> = FieldProps & ComponentPropsWithRef<T>;

interface Wiring {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

function Field(props: FieldProps & { id: string | undefined; children: (wiring: Wiring) => ReactNode }) {
  const { label, hideLabel, help, error, warning, id: given, children } = props;
  const made = useId();
  const id = given ?? made;
  const noteId = `${id}-note`;
  const hasNote = Boolean(error) || Boolean(warning) || Boolean(help);
  return (
    <div>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'field-label'}>
        {label}
      </label>
      {children({ id, 'aria-invalid': error ? true : undefined, 'aria-describedby': hasNote ? noteId : undefined })}
      {error ? (
        <p id={noteId} className="field-note text-danger-ink" role="alert">
          <CircleAlert aria-hidden className="ic mt-0.5 !h-3.5 !w-3.5" />
          {error}
        </p>
      ) : warning ? (
        <p id={noteId} className="field-note text-warn-ink">
          <TriangleAlert aria-hidden className="ic mt-0.5 !h-3.5 !w-3.5" />
          {warning}
        </p>
      ) : (
        help && (
          <p id={noteId} className="hint mt-1.5">
            {help}
          </p>
        )
      )}
    </div>
  );
}

export function Input({ label, hideLabel, help, error, warning, className, id, ...rest }: Control<'input'>) {
  return (
    <Field {...{ label, hideLabel, help, error, warning, id }}>
      {(wiring) => <input {...rest} {...wiring} className={clsx('input', warning && 'warned', className)} />}
    </Field>
  );
}

export function PasswordInput({ label, help, error, className, id, ...rest }: Control<'input'>) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field {...{ label, help, error, id }}>
      {(wiring) => (
        <span className="relative block">
          <input {...rest} {...wiring} type={shown ? 'text' : 'password'} className={clsx('input !pr-12', className)} />
          <button
            type="button"
            className="absolute inset-y-0 right-1 my-1 grid w-10 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
            aria-label={shown ? 'Hide password' : 'Show password'}
            title={shown ? 'Hide password' : 'Show password'}
            aria-pressed={shown}
            onClick={() => setShown((now) => !now)}
          >
            <Icon aria-hidden className="ic" />
          </button>
        </span>
      )}
    </Field>
  );
}

/** `rows` is how high it is at the least: it grows with its text, and browsers that do that look at no rows. */
export function Textarea(props: Control<'textarea'>) {
  const { label, hideLabel, help, error, warning, className, id, rows, ...rest } = props;
  const least = rows === undefined ? undefined : { minHeight: `calc(${rows}lh + 1rem)` };
  return (
    <Field {...{ label, hideLabel, help, error, warning, id }}>
      {(wiring) => (
        <textarea
          {...rest}
          {...wiring}
          rows={rows}
          style={least}
          className={clsx('input', warning && 'warned', className)}
        />
      )}
    </Field>
  );
}

export interface SelectOption {
  value: string;
  label: string;
}

export function Select(props: Control<'select'> & { options: readonly SelectOption[] }) {
  const { label, hideLabel, help, error, warning, className, id, options, ...rest } = props;
  return (
    <Field {...{ label, hideLabel, help, error, warning, id }}>
      {(wiring) => (
        <select {...rest} {...wiring} className={clsx('input select', className)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface CheckboxProps extends Omit<ComponentPropsWithRef<'input'>, 'type'> {
  label: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
}

export function Checkbox({ label, help, error, className, id: given, ...rest }: CheckboxProps) {
  const made = useId();
  const id = given ?? made;
  const noteId = `${id}-note`;
  return (
    <div className={clsx('check-row', className)}>
      <input
        {...rest}
        id={id}
        type="checkbox"
        className="check"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || help ? noteId : undefined}
      />
      <div className="min-w-0">
        <label htmlFor={id}>{label}</label>
        {error ? (
          <p id={noteId} className="field-note !mt-0.5 text-danger-ink" role="alert">
            <CircleAlert aria-hidden className="ic mt-0.5 !h-3.5 !w-3.5" />
            {error}
          </p>
        ) : (
          help && (
            <p id={noteId} className="hint">
              {help}
            </p>
          )
        )}
      </div>
    </div>
  );
}

export interface SwitchProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, checked, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      className="switch"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      onClick={() => onChange(!checked)}
    />
  );
}
