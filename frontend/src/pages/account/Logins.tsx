import { useState } from 'react';
import { Pager } from '../../components/Pager';
import { ResourceView } from '../../components/ResourceView';
import { Badge } from '../../components/ui/Badge';
import { Button } from '../../components/ui/Button';
import { Card, CardHeader } from '../../components/ui/Card';
import { Dialog } from '../../components/ui/Dialog';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { useToldTask } from '../../contexts/ToastContext';
import { authService } from '../../services/authService';
import type { LoginSession, Page } from '../../services/types';
import { relativeDayInline } from '../../utils/format';
import { useResource } from '../../utils/hooks';
import { browserWords } from '../../utils/userAgent';

function Row({ login, onEnded }: { login: LoginSession; onEnded: () => void }) {
  const { working, run } = useToldTask();
  const name = browserWords(login.user_agent);
  const end = async () => {
    await run(() => authService.endSession(login.id), `${name} is logged out.`);
    onEnded();
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
        <p className="text-xs leading-[1.125rem] text-ink-3 [overflow-wrap:anywhere]">
          {login.address !== '' && `${login.address}, `}
          since {relativeDayInline(login.created_at)}, last used {relativeDayInline(login.last_used_at)}
        </p>
      </div>
      {login.current ? (
        <Badge tone="good">This one</Badge>
      ) : (
        <Button size="sm" working={working && 'Ending'} aria-label={`Log out ${name}`} onClick={() => void end()}>
          Log out
        </Button>
      )}
    </li>
  );
}

function EndOthers({ open, onClose, onDone }: { open: boolean; onClose: () => void; onDone: () => void }) {
  const { working, run } = useToldTask();
  const end = async () => {
    if (await run(() => authService.endOtherSessions(), 'You are logged out everywhere else.')) onDone();
    onClose();
  };
  return (
    <Dialog
      open={open}
      title="Log out everywhere else?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep them</Button>
          <Button variant="danger" working={working && 'Logging out'} onClick={() => void end()}>
            Log out everywhere else
          </Button>
        </>
      }
    >
      <p className="text-ink-2">Only this browser stays logged in. What is not saved elsewhere may be lost there.</p>
    </Dialog>
  );
}

/** Where this account is logged in; each can be ended, at once. */
export function Logins() {
  const [page, setPage] = useState(1);
  const [asking, setAsking] = useState(false);
  const resource = useResource(`logins ${page}`, (signal) => authService.sessions(page, signal));
  const others = (data: Page<LoginSession>) => data.total > 1;
  return (
    <Card className="overflow-hidden" aria-labelledby="logins">
      <CardHeader
        id="logins"
        title="Where you are logged in"
        aside={
          resource.status === 'ready' &&
          others(resource.data) && (
            <Button size="sm" onClick={() => setAsking(true)}>
              Log out everywhere else
            </Button>
          )
        }
      />
      <ResourceView resource={resource} what="your log-ins" skeleton={<SkeletonRows rows={2} />}>
        {(data) => (
          <>
            <ul>
              {data.items.map((login) => (
                <Row key={login.id} login={login} onEnded={resource.reload} />
              ))}
            </ul>
            <Pager page={data.page} pageSize={data.page_size} total={data.total} onPage={setPage} />
          </>
        )}
      </ResourceView>
      <EndOthers open={asking} onClose={() => setAsking(false)} onDone={resource.reload} />
    </Card>
  );
}
