import { useForm } from 'react-hook-form';
import { Navigate, useNavigate } from 'react-router';
import { LoadingSpinner } from '../components/LoadingSpinner';
import { PageHeader } from '../components/PageHeader';
import { LoadFailure } from '../components/ResourceView';
import { Button } from '../components/ui/Button';
import { Card, CardBody } from '../components/ui/Card';
import { Input, Select } from '../components/ui/Input';
import { Notice } from '../components/ui/Notice';
import { useAuth } from '../contexts/AuthContext';
import { useToast } from '../contexts/ToastContext';
import { authService } from '../services/authService';
import type { RegisterInput } from '../services/types';
import { applyFieldError, emailProblem } from '../utils/errorHandler';
import { useResource, useTask, useTitle } from '../utils/hooks';
import { NewPassword } from './account/NewPassword';
import { Doorway, LoginLink } from './Login';
import { ROLES } from './people/roles';

const FIELDS = ['email', 'password', 'full_name', 'role'] as const;

interface FormProps {
  first: boolean;
  onDone: (input: RegisterInput) => Promise<void> | void;
}

function RegisterForm({ first, onDone }: FormProps) {
  const { register, handleSubmit, formState, setError } = useForm<Required<RegisterInput>>({
    defaultValues: { full_name: '', email: '', password: '', role: 'recruiter' },
  });
  const { errors } = formState;
  const { problem, run } = useTask((error) => applyFieldError(error, FIELDS, setError));

  const submit = handleSubmit(async ({ role, ...person }) => {
    const input: RegisterInput = { ...person, email: person.email.trim(), ...(first ? {} : { role }) };
    await run(async () => {
      await authService.register(input);
      await onDone(input);
    });
  });
  return (
    <form className="grid gap-5" noValidate onSubmit={(event) => void submit(event)}>
      {problem !== null && <Notice tone="danger" title={problem} />}
      <Input
        label="Name"
        autoComplete={first ? 'name' : 'off'}
        error={errors.full_name?.message}
        {...register('full_name', { validate: (value) => value.trim() !== '' || 'Enter a name.' })}
      />
      <Input
        label="E-mail"
        type="email"
        autoComplete={first ? 'username' : 'off'}
        error={errors.email?.message}
        {...register('email', { validate: (value) => emailProblem(value) ?? true })}
      />
      <NewPassword name="password" label="Password" errors={errors} register={register} />
      {!first && <Select label="Role" options={ROLES} error={errors.role?.message} {...register('role')} />}
      <Button type="submit" variant="primary" working={formState.isSubmitting && 'Adding'}>
        {first ? 'Create the administrator' : 'Add this person'}
      </Button>
    </form>
  );
}

/** The very first account. The server takes it without a log-in only while it has nobody. */
function FirstUser() {
  const { login } = useAuth();
  const navigate = useNavigate();
  return (
    <Doorway title="Set up your Viva" under={<LoginLink />}>
      <p className="mb-5 text-ink-2">
        You are the first one here. This account runs the place: it adds people and sees everything.
      </p>
      <RegisterForm
        first
        onDone={async ({ email, password }) => {
          await login(email, password);
          await navigate('/', { replace: true });
        }}
      />
    </Doorway>
  );
}

function AddPerson() {
  const toast = useToast();
  const navigate = useNavigate();
  return (
    <div className="page !max-w-[40rem]">
      <PageHeader title="Add a person" under="They log in with this e-mail and password. Tell them both in private." />
      <Card>
        <CardBody>
          <RegisterForm
            first={false}
            onDone={async ({ full_name }) => {
              toast.success(`${full_name} can log in now.`);
              await navigate('/people');
            }}
          />
        </CardBody>
      </Card>
    </div>
  );
}

export default function Register() {
  const { state, hasRole } = useAuth();
  const adding = hasRole(['admin']);
  useTitle(adding ? 'Add a person' : 'Set up');
  const setup = useResource('setup', (signal) => authService.setup(signal));

  if (adding) return <AddPerson />;
  if (state.status === 'authenticated') return <Navigate to="/forbidden" replace />;
  if (setup.status === 'loading') return <LoadingSpinner fullScreen />;
  if (setup.status === 'error')
    return (
      <div className="page">
        <LoadFailure error={setup.error} what="the set-up" onRetry={setup.reload} />
      </div>
    );
  return setup.data.needs_first_user ? <FirstUser /> : <Navigate to="/login" replace />;
}
