import type { FieldErrors, FieldValues, Path, UseFormRegister } from 'react-hook-form';
import { PasswordInput } from '../../components/ui/Input';

export const PASSWORD_MIN = 10;

export interface NewPasswordProps<F extends FieldValues> {
  name: Path<F>;
  label: string;
  register: UseFormRegister<F>;
  errors: FieldErrors<F>;
}

/** The field for a password to be: the same rule and the same words everywhere. */
export function NewPassword<F extends FieldValues>({ name, label, register, errors }: NewPasswordProps<F>) {
  const message = errors[name]?.message;
  return (
    <PasswordInput
      label={label}
      autoComplete="new-password"
      help={`At least ${PASSWORD_MIN} characters. A few unrelated words are good.`}
      error={typeof message === 'string' ? message : undefined}
      {...register(name, {
        minLength: { value: PASSWORD_MIN, message: `Too short: use at least ${PASSWORD_MIN} characters.` },
        required: 'Choose a password.',
      })}
    />
  );
}
