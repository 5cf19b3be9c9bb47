import { useForm } from 'react-hook-form';
import { Link, useNavigate, useParams } from 'react-router';
import { Loading, Skeleton } from '../../components/ui/Skeleton';
import { Button } from '../../components/ui/Button';
import { Notice } from '../../components/ui/Notice';
import { authService } from '../../services/authService';
import type { LinkState } from '../../services/types';
import { applyFieldError, errorMessage, isApiError } from '../../utils/errorHandler';
import { longTime } from '../../utils/format';
import { useResource, useTask, useTitle } from '../../utils/hooks';
import { Doorway, LoginLink } from '../Login';
import { NewPassword } from './NewPassword';

interface Fields {
  password: string;
}

/* An ended link opens nothing: whoever comes by it hears why, and what to do. */
function Ended({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const code = isApiError(error) ? error.code : '';
  if (code === 'link_used')
    return (
      <Notice tone="warn" title="This link was used already">
        <p>It works once. Log in with the password that was set by it.</p>
        <p className="mt-2">
          Was it not you? <AnotherWay />
        </p>
      </Notice>
    );
  if (code === 'link_expired')
    return (
      <Notice tone="warn" title="This link has ended">
        <p>It was not used in time, or a newer one took its place.</p>
        <p className="mt-2">
          <AnotherWay />
        </p>
      </Notice>
    );
  if (code === 'link_unknown')
    return (
      <Notice tone="warn" title="This link is not complete">
        Mail programmes sometimes cut long addresses. Copy the whole link into the address bar.
      </Notice>
    );
  return (
    <Notice tone="danger" title="We could not look at this link" action={<Button onClick={onRetry}>Try again</Button>}>
      {errorMessage(error)}
    </Notice>
  );
}

const AnotherWay = () => (
  <>
    <Link className="link" to="/forgot">
      Ask for a new link
    </Link>{' '}
    or ask an administrator for one.
  </>
);

function SetPassword({ token, link, onEnded }: { token: string; link: LinkState; onEnded: () => void }) {
  const navigate = useNavigate();
  const { register, handleSubmit, formState, setError } = useForm<Fields>({ defaultValues: { password: '' } });
  const { error, problem, run } = useTask((thrown) => applyFieldError(thrown, ['password'], setError));
  const invited = link.kind === 'invitation';

  const submit = handleSubmit(async ({ password }) => {
    await run(async () => {
      await authService.useLink(token, password);
      await navigate('/', { replace: true });
    });
  });
  const gone = isApiError(error) && (error.status === 410 || error.status === 404);
  if (gone) return <Ended error={error} onRetry={onEnded} />;
  return (
    <form className="grid gap-5" noValidate onSubmit={(event) => void submit(event)}>
      {problem !== null && <Notice tone="danger" title={problem} />}
      <p className="text-ink-2 [overflow-wrap:anywhere]">
        {invited
          ? `Hello ${link.full_name}. You have an account here under ${link.email}. Choose a password; then you are in.`
          : `This sets a new password for ${link.email}. Everywhere else, this account is logged out.`}
      </p>
      <NewPassword
        name="password"
        label={invited ? 'Password' : 'New password'}
        errors={formState.errors}
        register={register}
      />
      <Button type="submit" variant="primary" working={formState.isSubmitting && 'Setting it'}>
        {invited ? 'Set the password and begin' : 'Set the new password'}
      </Button>
      <p className="hint">The link works once, until {longTime(link.expires_at)}.</p>
    </form>
  );
}

/** Where a one-time link leads: an invitation's first password, or a new one. */
export default function OneTimeLink() {
  const { token = '' } = useParams();
  const resource = useResource(`link ${token}`, (signal) => authService.link(token, signal));
  const kind = resource.data?.kind;
  const title = kind === undefined ? 'One moment' : kind === 'invitation' ? 'Welcome to Viva' : 'Set a new password';
  const failed = resource.status === 'error';
  useTitle(failed ? 'Link' : title);
  return (
    <Doorway title={failed ? 'Your link' : title} under={<LoginLink />}>
      {resource.status === 'loading' && (
        <Loading what="your link">
          <div className="grid gap-4">
            <Skeleton className="h-4 w-full" />
            <Skeleton className="h-4 w-[60%]" />
            <Skeleton className="h-10" />
            <Skeleton className="h-10 w-[50%]" />
          </div>
        </Loading>
      )}
      {failed && <Ended error={resource.error} onRetry={resource.reload} />}
      {resource.status === 'ready' && <SetPassword token={token} link={resource.data} onEnded={resource.reload} />}
    </Doorway>
  );
}
