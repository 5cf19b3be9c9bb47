import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/ui/Button';
import { Input } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { authService } from '../../services/authService';
import { applyFieldError, emailProblem } from '../../utils/errorHandler';
import { useTask, useTitle } from '../../utils/hooks';
import { Doorway, LoginLink } from '../Login';

interface Fields {
  email: string;
}

/* The same words for every address: nobody learns here who has an account. */
function Asked({ byMail, email }: { byMail: boolean; email: string }) {
  if (!byMail)
    return (
      <Notice title="Ask an administrator">
        This Viva sends no mail. An administrator can make a link for you, with which you set a new password.
      </Notice>
    );
  return (
    <Notice tone="good" title="Look into your mail">
      <p className="[overflow-wrap:anywhere]">
        If {email} has an account here, a link is on its way to it. It works once, for an hour.
      </p>
      <p className="mt-2">Nothing after a few minutes? Look among the unwanted mail, or ask an administrator.</p>
    </Notice>
  );
}

export default function ForgotPassword() {
  useTitle('Forgotten password');
  const [asked, setAsked] = useState<{ byMail: boolean; email: string } | null>(null);
  const { register, handleSubmit, formState, setError } = useForm<Fields>({ defaultValues: { email: '' } });
  const { problem, run } = useTask((error) => applyFieldError(error, ['email'], setError));

  const submit = handleSubmit(async ({ email }) => {
    await run(async () => {
      const { by_mail } = await authService.requestReset(email);
      setAsked({ byMail: by_mail, email: email.trim() });
    });
  });
  return (
    <Doorway title="Forgotten password" under={<LoginLink />}>
      {asked !== null ? (
        <Asked {...asked} />
      ) : (
        <form className="grid gap-5" noValidate onSubmit={(event) => void submit(event)}>
          {problem !== null && <Notice tone="danger" title={problem} />}
          <Input
            label="E-mail"
            type="email"
            autoComplete="username"
            inputMode="email"
            help="The address that you log in with."
            error={formState.errors.email?.message}
            {...register('email', { validate: (value) => emailProblem(value) ?? true })}
          />
          <Button type="submit" variant="primary" working={formState.isSubmitting && 'Asking'}>
            Ask for a link
          </Button>
        </form>
      )}
    </Doorway>
  );
}
