import { Search, UserPlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ROLE_WORDS } from '../../components/Layout';
import { PageHeader } from '../../components/PageHeader';
import { Pager } from '../../components/Pager';
import { ResourceView } from '../../components/ResourceView';
import { Badge } from '../../components/ui/Badge';
import { Button } from '../../components/ui/Button';
import { Card } from '../../components/ui/Card';
import { EmptyState } from '../../components/ui/EmptyState';
import { Select } from '../../components/ui/Input';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { useAuth } from '../../contexts/AuthContext';
import type { Role, User } from '../../services/types';
import { userService } from '../../services/userService';
import { initials, relativeDayInline } from '../../utils/format';
import { useResource, useTitle } from '../../utils/hooks';
import { InviteDialog } from './InviteDialog';
import { ManageDialog } from './ManageDialog';

const SHOWN = [
  { value: '', label: 'Everybody' },
  { value: 'admin', label: 'Administrators' },
  { value: 'recruiter', label: 'Recruiters' },
  { value: 'reviewer', label: 'Reviewers' },
  { value: 'disabled', label: 'Disabled' },
];
const SEARCH_PAUSE_MS = 300;

const lastSeen = (user: User) =>
  user.last_login_at === null ? 'Never logged in' : `Logged in ${relativeDayInline(user.last_login_at)}`;

function Row({ user, onManage }: { user: User; onManage: () => void }) {
  return (
    <li className="grid grid-cols-[2rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-t border-line px-5 py-3 first:border-t-0 hover:bg-hover md:grid-cols-[2rem_minmax(0,1fr)_10rem_11rem_6rem]">
      <span className="avatar-i" aria-hidden>
        {initials(user.full_name)}
      </span>
      <div className="min-w-0">
        <p className="font-semibold [overflow-wrap:anywhere]">{user.full_name}</p>
        <p className="text-xs leading-[1.125rem] [overflow-wrap:anywhere] text-ink-3">{user.email}</p>
      </div>
      <div className="max-md:col-start-2 max-md:row-start-2">
        {user.is_active ? (
          <Badge tone={user.role === 'admin' ? 'accent' : 'plain'}>{ROLE_WORDS[user.role]}</Badge>
        ) : (
          <Badge tone="warn">Disabled</Badge>
        )}
      </div>
      <p className="text-xs text-ink-2 max-md:col-start-2 max-md:row-start-3">{lastSeen(user)}</p>
      <div className="justify-self-end max-md:col-start-3 max-md:row-start-1">
        <Button size="sm" aria-haspopup="dialog" aria-label={`Manage ${user.full_name}`} onClick={onManage}>
          Manage
        </Button>
      </div>
    </li>
  );
}

/* The box answers each key; the address, and with it the search, follows after a pause. */
function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <label className="relative block min-w-0 flex-1">
      <span className="sr-only">Search people</span>
      <Search aria-hidden className="ic absolute top-1/2 left-3 -translate-y-1/2 text-ink-3" />
      <input
        type="search"
        className="input !pl-10"
        placeholder="Name or address"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </label>
  );
}

/* The filter in the address, as the server asks for it. */
function usePeople() {
  const [params, setParams] = useSearchParams();
  const shown = params.get('show') ?? '';
  const search = params.get('search') ?? '';
  const page = Math.max(1, Number(params.get('page') ?? 1) || 1);
  const resource = useResource(`people ${shown} ${page} ${search}`, (signal) =>
    userService.list(
      {
        page,
        sort: 'full_name',
        ...(search !== '' && { search }),
        ...(shown === 'disabled' ? { active: false } : shown !== '' && { role: shown as Role }),
      },
      signal,
    ),
  );
  const change = (name: string, value: string) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (name !== 'page') next.delete('page');
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  return { shown, search, resource, change };
}

type Open = { dialog: 'invite' } | { dialog: 'manage'; user: User };

export default function People() {
  useTitle('People');
  const { user: me } = useAuth();
  const { shown, search, resource, change } = usePeople();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <div className="page">
      <PageHeader
        title="People"
        under={
          <>
            Who logs in here. Candidates need no account.{' '}
            <Link className="link" to="/people/new">
              Add with a password
            </Link>
          </>
        }
        actions={
          <Button variant="primary" icon={UserPlus} onClick={() => setOpen({ dialog: 'invite' })}>
            Invite a person
          </Button>
        }
      />
      <div className="mb-4 flex gap-2">
        <SearchBox value={search} onSearch={(text) => change('search', text)} />
        <div className="w-36">
          <Select
            label="Show"
            hideLabel
            options={SHOWN}
            value={shown}
            onChange={({ target }) => change('show', target.value)}
          />
        </div>
      </div>
      <Card className="overflow-hidden" aria-label="People">
        <ResourceView resource={resource} what="the people" skeleton={<SkeletonRows rows={5} />}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState heading="h2" title="Nobody fits">
                Change the words or the filter.
              </EmptyState>
            ) : (
              <>
                <ul>
                  {data.items.map((user) => (
                    <Row key={user.id} user={user} onManage={() => setOpen({ dialog: 'manage', user })} />
                  ))}
                </ul>
                <Pager
                  page={data.page}
                  pageSize={data.page_size}
                  total={data.total}
                  onPage={(n) => change('page', String(n))}
                />
              </>
            )
          }
        </ResourceView>
      </Card>
      {open?.dialog === 'invite' && <InviteDialog onClose={close} onInvited={resource.reload} />}
      {open?.dialog === 'manage' && (
        <ManageDialog user={open.user} own={open.user.id === me?.id} onClose={close} onChanged={resource.reload} />
      )}
    </div>
  );
}
