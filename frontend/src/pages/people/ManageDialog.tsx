import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import { Select } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { useToast } from '../../contexts/ToastContext';
import type { LinkMade, Role, User } from '../../services/types';
import { userService } from '../../services/userService';
import { errorMessage } from '../../utils/errorHandler';
import { LinkShown } from './LinkShown';
import { ROLES } from './roles';

type Verb = 'role' | 'link' | 'logout' | 'active' | 'delete';

interface Step {
  verb: Verb;
  title: string;
  under: string;
  button: string;
  working: string;
  danger?: boolean;
}

/* What can be done to an account beside its role, mildest first. */
function stepsFor(user: User, own: boolean): Step[] {
  const steps: Step[] = [
    {
      verb: 'logout',
      title: 'Log out everywhere',
      under: 'Ends every log-in at once. They can log in again.',
      button: 'Log out',
      working: 'Logging out',
    },
  ];
  if (user.is_active)
    steps.unshift({
      verb: 'link',
      title: 'Link to set a password',
      under: 'Works once. A password that they have stays until it is used.',
      button: 'Make a link',
      working: 'Making it',
    });
  if (!own)
    steps.push(
      user.is_active
        ? {
            verb: 'active',
            title: 'Disable',
            under: 'They are out at once and cannot log in. Their interviews stay.',
            button: 'Disable',
            working: 'Disabling',
            danger: true,
          }
        : { verb: 'active', title: 'Enable', under: 'They can log in again.', button: 'Enable', working: 'Enabling' },
      {
        verb: 'delete',
        title: 'Delete',
        under: 'For good. Their interviews must be somebody else’s first.',
        button: 'Delete',
        working: 'Deleting',
        danger: true,
      },
    );
  return steps;
}

export interface ManageDialogProps {
  user: User;
  /** The administrator's own account: it is neither disabled nor deleted. */
  own: boolean;
  onClose: () => void;
  onChanged: () => void;
}

interface Running {
  verb: Verb | null;
  problem: string | null;
  made: LinkMade | null;
  /** A dangerous step that was pressed once. */
  sure: Verb | null;
}

/** One person: role, links, log-ins, and whether they may come in. Stands only while it is open. */
export function ManageDialog({ user: given, own, onClose, onChanged }: ManageDialogProps) {
  const toast = useToast();
  const [user, setUser] = useState(given);
  const [role, setRole] = useState<Role>(given.role);
  const [now, setNow] = useState<Running>({ verb: null, problem: null, made: null, sure: null });
  const name = user.full_name;

  const act: Record<Verb, () => Promise<string>> = {
    role: async () => {
      setUser(await userService.update(user, { role }));
      return `${name} has another role now.`;
    },
    link: async () => {
      const made = await userService.makeLink(user.id);
      setNow((state) => ({ ...state, made }));
      return made.url === null ? 'The link is on its way.' : 'The link is made.';
    },
    logout: async () => {
      await userService.logOut(user.id);
      return `${name} is logged out everywhere.`;
    },
    active: async () => {
      const changed = await userService.update(user, { is_active: !user.is_active });
      setUser(changed);
      return changed.is_active ? `${name} can log in again.` : `${name} is disabled.`;
    },
    delete: async () => {
      await userService.remove(user.id);
      onClose();
      return `${name} is deleted.`;
    },
  };

  const run = async (verb: Verb, danger = false) => {
    if (danger && now.sure !== verb) {
      setNow({ verb: null, problem: null, made: null, sure: verb });
      return;
    }
    setNow({ verb, problem: null, made: null, sure: null });
    try {
      toast.success(await act[verb]());
      onChanged();
    } catch (error) {
      setNow((state) => ({ ...state, problem: errorMessage(error) }));
    }
    setNow((state) => ({ ...state, verb: null }));
  };
  return (
    <Dialog open title={name} onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
      <p className="text-ink-2 [overflow-wrap:anywhere]">{user.email}</p>
      {now.problem !== null && <Notice tone="danger" title={now.problem} />}
      {now.made !== null && <LinkShown made={now.made} />}
      <div className="mt-2 grid gap-2">
        <Select label="Role" options={ROLES} value={role} onChange={({ target }) => setRole(target.value as Role)} />
        {role !== user.role && (
          <span>
            <Button size="sm" working={now.verb === 'role' && 'Changing'} onClick={() => void run('role')}>
              Change the role
            </Button>
          </span>
        )}
      </div>
      <ul className="mt-2">
        {stepsFor(user, own).map(({ verb, title, under, button, working, danger }) => (
          <li key={verb} className="flex items-center gap-4 border-t border-line py-3">
            <div className="min-w-0 flex-1">
              <p className="font-semibold">{title}</p>
              <p className="text-xs leading-[1.125rem] text-ink-3">{under}</p>
            </div>
            <Button
              size="sm"
              variant={now.sure === verb ? 'danger' : 'secondary'}
              working={now.verb === verb && working}
              onClick={() => void run(verb, danger)}
            >
              {now.sure === verb ? `Yes, ${button.toLowerCase()}` : button}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
