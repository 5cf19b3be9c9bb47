import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import { Input, Select } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import type { Invitation, LinkMade } from '../../services/types';
import { userService } from '../../services/userService';
import { applyFieldError, emailProblem } from '../../utils/errorHandler';
import { useTask } from '../../utils/hooks';
import { LinkShown } from './LinkShown';
import { ROLES } from './roles';

const FORM = 'invite';

function InviteForm({ onMade, onWorking }: { onMade: (made: LinkMade) => void; onWorking: (on: boolean) => void }) {
  const { register, handleSubmit, formState, setError } = useForm<Required<Invitation>>({
    defaultValues: { full_name: '', email: '', role: 'recruiter' },
  });
  const { errors } = formState;
  const { problem, run } = useTask((error) => applyFieldError(error, ['full_name', 'email', 'role'], setError));

  const submit = handleSubmit(async (input) => {
    onWorking(true);
    await run(async () =>
      onMade(await userService.invite({ ...input, full_name: input.full_name.trim(), email: input.email.trim() })),
    );
    onWorking(false);
  });
  return (
    <form id={FORM} className="mt-2 grid gap-5" noValidate onSubmit={(event) => void submit(event)}>
      {problem !== null && <Notice tone="danger" title={problem} />}
      <Input
        label="Name"
        autoComplete="off"
        error={errors.full_name?.message}
        {...register('full_name', { validate: (value) => value.trim() !== '' || 'Enter a name.' })}
      />
      <Input
        label="E-mail"
        type="email"
        autoComplete="off"
        error={errors.email?.message}
        {...register('email', { validate: (value) => emailProblem(value) ?? true })}
      />
      <Select label="Role" options={ROLES} error={errors.role?.message} {...register('role')} />
    </form>
  );
}

export interface InviteDialogProps {
  onClose: () => void;
  /** Somebody was added: the list has changed. */
  onInvited: () => void;
}

/** A new account, whose owner chooses the password by a link. Stands only while it is open. */
export function InviteDialog({ onClose, onInvited }: InviteDialogProps) {
  const [made, setMade] = useState<LinkMade | null>(null);
  const [working, setWorking] = useState(false);
  return (
    <Dialog
      open
      title={made === null ? 'Invite a person' : `${made.user.full_name} is invited`}
      onClose={onClose}
      actions={
        made === null ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={FORM} variant="primary" working={working && 'Inviting'}>
              Invite
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>Done</Button>
        )
      }
    >
      {made === null ? (
        <InviteForm
          onWorking={setWorking}
          onMade={(link) => {
            setMade(link);
            onInvited();
          }}
        />
      ) : (
        <LinkShown made={made} />
      )}
    </Dialog>
  );
}
