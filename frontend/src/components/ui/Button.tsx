import { LoaderCircle, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { useId, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'md' | 'sm';

interface Look {
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: LucideIcon;
  /** Puts the icon after the words. */
  iconAfter?: boolean;
}

const look = ({ variant = 'secondary', size = 'md' }: Look, className?: string) =>
  clsx('btn', `btn-${variant}`, size === 'sm' && 'btn-sm', className);

function Content({ icon: Icon, iconAfter, size, children }: Look & { children: ReactNode }) {
  const drawn = Icon && <Icon aria-hidden className={clsx('ic', size === 'sm' && 'ic-sm')} />;
  return (
    <>
      {!iconAfter && drawn}
      {children}
      {iconAfter && drawn}
    </>
  );
}

export interface ButtonProps extends Look, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  /** A progressive verb (“Saving”) while the button works; it keeps its width and takes no second press. */
  working?: string | false | undefined;
  /** Why the button cannot act yet. It stays focusable and says so. */
  notYet?: string | false | undefined;
}

/** One primary a view; danger only in dialogs. */
export function Button(props: ButtonProps) {
  const {
    variant,
    size,
    icon,
    iconAfter,
    working,
    notYet,
    className,
    children,
    onClick,
    type = 'button',
    ...rest
  } = props;
  const reasonId = useId();
  const blocked = Boolean(working) || Boolean(notYet);
  return (
    <>
      <button
        {...rest}
        type={type}
        className={clsx(look({ variant, size }, className), working && 'is-working')}
        aria-busy={working ? true : undefined}
        aria-disabled={blocked ? true : undefined}
        aria-describedby={notYet ? reasonId : rest['aria-describedby']}
        onClick={(event) => {
          if (blocked) event.preventDefault();
          else onClick?.(event);
        }}
      >
        {working ? (
          <>
            <LoaderCircle aria-hidden className="ic spin" />
            {working}
          </>
        ) : (
          <Content {...{ icon, iconAfter, size }}>{children}</Content>
        )}
      </button>
      {notYet && (
        <span id={reasonId} className="hint self-center">
          {notYet}
        </span>
      )}
    </>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'iconAfter' | 'working' | 'notYet'> {
  icon: LucideIcon;
  /** The name, read aloud and shown as a tooltip. */
  name: string;
}

export function IconButton({
  icon: Icon,
  name,
  variant = 'quiet',
  size,
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={clsx(look({ variant, size }, className), 'btn-icon')}
      aria-label={name}
      title={name}
    >
      <Icon aria-hidden className={clsx('ic', size === 'sm' && 'ic-sm')} />
    </button>
  );
}

export interface ButtonLinkProps extends Look, LinkProps {
  children: ReactNode;
}

/** Looks like a button, goes somewhere. */
export function ButtonLink({ variant, size, icon, iconAfter, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={look({ variant, size }, className)}>
      <Content {...{ icon, iconAfter, size }}>{children}</Content>
    </Link>
  );
}
