import { CopyLink } from '../../components/CopyLink';
import { Notice } from '../../components/ui/Notice';
import type { LinkMade } from '../../services/types';
import { absoluteUrl } from '../../utils/clipboard';
import { longTime } from '../../utils/format';

/** What became of a link: it is on its way by mail, or it is here, this once, to be handed over. */
export function LinkShown({ made }: { made: LinkMade }) {
  const { user, url } = made;
  if (url === null)
    return (
      <Notice tone="good" title="On its way by mail">
        <span className="[overflow-wrap:anywhere]">
          {user.full_name} gets it at {user.email}.
        </span>
      </Notice>
    );
  return (
    <div className="grid gap-3">
      <p className="text-ink-2">
        Send this link to {user.full_name}, in private. It is shown once, works once, and ends on{' '}
        {longTime(made.expires_at)}.
      </p>
      <p className="well p-3 text-xs [overflow-wrap:anywhere] select-all">{absoluteUrl(url)}</p>
      <span>
        <CopyLink url={url} variant="primary" said={`Link copied. Send it to ${user.full_name}.`} />
      </span>
    </div>
  );
}
