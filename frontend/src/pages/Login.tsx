import { useState, type ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { Link, Navigate, useLocation } from 'react-router';
import { Logo } from '../components/Logo';
import { Button } from '../components/ui/Button';
import { Card, CardBody } from '../components/ui/Card';
import { Input, PasswordInput } from '../components/ui/Input';
import { Notice } from '../components/ui/Notice';
import { useAuth } from '../contexts/AuthContext';
import { authService } from '../services/authService';
import { emailProblem, errorMessage, isApiError } from '../utils/errorHandler';
import { useResource, useTitle } from '../utils/hooks';

interface Fields {
  email: string;
  password: string;
}

/** The frame of the two screens that people see before they are in. */
export function Doorway({ title, children, under }: { title: string; children: ReactNode; under?: ReactNode }) {
  return (
    <main id="main" className="page grid min-h-dvh !max-w-[26rem] content-center gap-6">
      <Logo />
      <h1 className="text-2xl font-bold">{title}</h1>
      <Card>
        <CardBody>{children}</CardBody>
      </Card>
      {under}
    </main>
  );
}

/** A way back only within this site. */
function destination(state: unknown): string {
  const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : null;
  return typeof from === 'string' && /^\/(?![/\\])/.test(from) ? from : '/';
}

const problemOf = (error: unknown): string => {
  const refused = isApiError(error) && (error.status === 401 || error.status === 400 || error.status === 422);
  return refused ? 'This e-mail and password do not belong together. Check both, then try again.' : errorMessage(error);
};

export default function Login() {
  useTitle('Log in');
  const { state, login } = useAuth();
  const location = useLocation();
  const [problem, setProblem] = useState<string | null>(null);
  const { register, handleSubmit, formState } = useForm<Fields>({ defaultValues: { email: '', password: '' } });
  const setup = useResource('setup', (signal) => authService.setup(signal));

  if (state.status === 'authenticated') return <Navigate to={destination(location.state)} replace />;
  if (setup.status === 'ready' && setup.data.needs_first_user) return <Navigate to="/register" replace />;

  const submit = handleSubmit(async ({ email, password }) => {
    setProblem(null);
    try {
      await login(email, password);
    } catch (error) {
      setProblem(problemOf(error));
    }
  });
  return (
    <Doorway title="Log in">
      <form className="grid gap-5" noValidate onSubmit={(event) => void submit(event)}>
        {problem !== null && <Notice tone="danger" title={problem} />}
        <Input
          label="E-mail"
          type="email"
          autoComplete="username"
          inputMode="email"
          error={formState.errors.email?.message}
          {...register('email', { validate: (value) => emailProblem(value) ?? true })}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          error={formState.errors.password?.message}
          {...register('password', { required: 'Enter your password.' })}
        />
        <Button type="submit" variant="primary" working={formState.isSubmitting && 'Logging in'}>
          Log in
        </Button>
        <p>
          <Link className="link" to="/forgot">
            Forgotten password
          </Link>
        </p>
        <p className="hint">
          No account yet? An administrator of this Viva adds you. Candidates need none: use the{' '}
          <span className="whitespace-nowrap">link from your invitation.</span>
        </p>
      </form>
    </Doorway>
  );
}

export const LoginLink = () => (
  <Link className="link justify-self-start" to="/login">
    Log in instead
  </Link>
);
