import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { PageHeader } from '../../components/PageHeader';
import { ROLE_WORDS } from '../../components/Layout';
import { Button } from '../../components/ui/Button';
import { Card, CardBody, CardHeader } from '../../components/ui/Card';
import { Input, PasswordInput } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { useAuth } from '../../contexts/AuthContext';
import { useToast } from '../../contexts/ToastContext';
import { authService } from '../../services/authService';
import type { User } from '../../services/types';
import { applyFieldError, emailProblem } from '../../utils/errorHandler';
import { useTask, useTitle } from '../../utils/hooks';
import { Logins } from './Logins';
import { NewPassword } from './NewPassword';

interface ProfileFields {
  full_name: string;
  email: string;
  current_password: string;
}

/** The name, and the address that one logs in with; the password is asked for only when the address changes. */
function Profile({ user }: { user: User }) {
  const toast = useToast();
  const { register, handleSubmit, formState, setError, control, reset } = useForm<ProfileFields>({
    defaultValues: { full_name: user.full_name, email: user.email, current_password: '' },
  });
  const { errors, isDirty } = formState;
  const { problem, run } = useTask((error) =>
    applyFieldError(error, ['full_name', 'email', 'current_password'], setError),
  );
  const moved = useWatch({ control, name: 'email' }).trim().toLowerCase() !== user.email;

  const submit = handleSubmit(async ({ full_name, email, current_password }) => {
    await run(async () => {
      const now = await authService.updateMe(user, {
        full_name: full_name.trim(),
        ...(moved && { email: email.trim(), current_password }),
      });
      await authService.refresh(); // brings the new name to every part of the page
      reset({ full_name: now.full_name, email: now.email, current_password: '' });
      toast.success('Saved.');
    });
  });
  return (
    <Card aria-labelledby="profile">
      <CardHeader
        id="profile"
        title="You"
        aside={<span className="text-xs text-ink-3">{ROLE_WORDS[user.role]}</span>}
      />
      <CardBody className="!pt-2">
        <form className="grid max-w-[26rem] gap-5" noValidate onSubmit={(event) => void submit(event)}>
          {problem !== null && <Notice tone="danger" title={problem} />}
          <Input
            label="Name"
            autoComplete="name"
            error={errors.full_name?.message}
            {...register('full_name', { validate: (value) => value.trim() !== '' || 'Enter a name.' })}
          />
          <Input
            label="E-mail"
            type="email"
            autoComplete="username"
            error={errors.email?.message}
            {...register('email', { validate: (value) => emailProblem(value) ?? true })}
          />
          {moved && (
            <PasswordInput
              label="Present password"
              autoComplete="current-password"
              help="Needed for another address."
              error={errors.current_password?.message}
              {...register('current_password', { required: 'Enter your present password.' })}
            />
          )}
          <Button
            type="submit"
            className="justify-self-start"
            working={formState.isSubmitting && 'Saving'}
            notYet={!isDirty && 'Nothing has changed.'}
          >
            Save
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}

interface PasswordFields {
  current_password: string;
  new_password: string;
}

function Password({ user, onDone }: { user: User; onDone: () => void }) {
  const toast = useToast();
  const { register, handleSubmit, formState, setError, reset } = useForm<PasswordFields>({
    defaultValues: { current_password: '', new_password: '' },
  });
  const { problem, run } = useTask((error) => applyFieldError(error, ['current_password', 'new_password'], setError));

  const submit = handleSubmit(async ({ current_password, new_password }) => {
    await run(async () => {
      await authService.changePassword(current_password, new_password);
      reset();
      toast.success('Your password is changed. All other log-ins have ended.');
      onDone();
    });
  });
  return (
    <Card aria-labelledby="password">
      <CardHeader id="password" title="Password" />
      <CardBody className="!pt-2">
        <form className="grid max-w-[26rem] gap-5" noValidate onSubmit={(event) => void submit(event)}>
          {problem !== null && <Notice tone="danger" title={problem} />}
          {/* for password managers, which keep the two together */}
          <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            error={formState.errors.current_password?.message}
            {...register('current_password', { required: 'Enter your present password.' })}
          />
          <NewPassword name="new_password" label="New password" errors={formState.errors} register={register} />
          <Button type="submit" className="justify-self-start" working={formState.isSubmitting && 'Changing'}>
            Change the password
          </Button>
          <p className="hint">Everywhere else you are logged out then.</p>
        </form>
      </CardBody>
    </Card>
  );
}

export default function Account() {
  useTitle('Your account');
  const { user } = useAuth();
  const [changes, setChanges] = useState(0); // a new password ends log-ins: the list is read again
  if (user === null) return null;
  return (
    <div className="page !max-w-[46rem]">
      <PageHeader title="Your account" />
      <div className="grid gap-5">
        <Profile user={user} />
        <Password user={user} onDone={() => setChanges((n) => n + 1)} />
        <Logins key={changes} />
      </div>
    </div>
  );
}
