/* Links by which somebody without an account reads the report, until a day that is set. */

import { Link2, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { CopyLink } from '../../components/CopyLink';
import { ResourceView } from '../../components/ResourceView';
import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import { Checkbox, Select } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { reportService } from '../../services/reportService';
import type { ReportShare, ReportShareCreate } from '../../services/types';
import { absoluteUrl } from '../../utils/clipboard';
import { longDate, longTime, plural, relativeDayInline } from '../../utils/format';
import { useResource, useTask } from '../../utils/hooks';

const DAYS = [1, 7, 14, 30, 90];
const DAYS_FIRST = 14;

/** Whether a link works, and until when; ended and expired ones stay in the list as a record. */
function stateOf(share: ReportShare, now = Date.now()): { works: boolean; words: string } {
  if (share.revoked_at !== null) return { works: false, words: `Ended ${relativeDayInline(share.revoked_at)}` };
  if (Date.parse(share.expires_at) <= now) return { works: false, words: `Expired on ${longDate(share.expires_at)}` };
  return { works: true, words: `Works until ${longTime(share.expires_at)}` };
}

function Made({ share }: { share: ReportShare }) {
  /* The button that was pressed is gone: the focus goes to what came of it. */
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  if (share.url === null) return null;
  return (
    <div ref={box} tabIndex={-1} className="outline-none">
      <Notice
        tone="good"
        title="The link is made"
        action={
          <CopyLink url={share.url} variant="primary" size="sm" said="Link copied. Whoever has it reads the report." />
        }
      >
        <p>It is shown this once. Copy it now; a lost one is ended, and another made.</p>
        <p className="well mt-2 p-3 text-xs [overflow-wrap:anywhere] select-all">{absoluteUrl(share.url)}</p>
      </Notice>
    </div>
  );
}

interface LinksProps {
  shares: readonly ReportShare[];
  ending: string | null;
  onEnd: (share: ReportShare) => void;
}

function Links({ shares, ending, onEnd }: LinksProps) {
  if (shares.length === 0) return <p className="text-ink-3">No link was made yet.</p>;
  return (
    <ul>
      {shares.map((share) => {
        const { works, words } = stateOf(share);
        const used =
          share.last_used_at === null ? 'Not read yet' : `Last read ${relativeDayInline(share.last_used_at)}`;
        return (
          <li key={share.id} className="flex items-center justify-between gap-3 border-t border-line py-2.5">
            <span className="min-w-0">
              <span className={works ? 'block font-medium' : 'block text-ink-3'}>
                {words}
                {share.hide_names && ', names hidden'}
                {share.recordings && ', with recordings'}
              </span>
              <span className="block text-xs text-ink-3">
                Made {relativeDayInline(share.created_at)}. {used}.
              </span>
            </span>
            {works && (
              <Button
                size="sm"
                icon={X}
                working={ending === share.id && 'Ending'}
                aria-label={`End the link made ${relativeDayInline(share.created_at)}`}
                onClick={() => onEnd(share)}
              >
                End
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Maker({ working, onMake }: { working: boolean; onMake: (wanted: ReportShareCreate) => void }) {
  const [days, setDays] = useState(DAYS_FIRST);
  const [hideNames, setHideNames] = useState(false);
  const [recordings, setRecordings] = useState(false);
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!working) onMake({ days, hide_names: hideNames, recordings });
      }}
    >
      <Select
        label="It works for"
        options={DAYS.map((n) => ({ value: String(n), label: plural(n, 'day') }))}
        value={String(days)}
        onChange={({ target }) => setDays(Number(target.value))}
      />
      <Checkbox
        label="Hide names"
        help="Of the candidate and of those who reviewed. What was said stays as it was said."
        checked={hideNames}
        onChange={({ target }) => setHideNames(target.checked)}
      />
      <Checkbox
        label="Let the recordings be heard"
        help={`The candidate agreed that your organisation hears and sees them, and nobody else: give the link to its people only.${
          hideNames ? ' A voice and a face tell who somebody is, whatever names are hidden.' : ''
        }`}
        checked={recordings}
        onChange={({ target }) => setRecordings(target.checked)}
      />
      <span>
        <Button type="submit" icon={Link2} working={working && 'Making'}>
          Make a link
        </Button>
      </span>
    </form>
  );
}

function ShareDialog({ reportId, onClose }: { reportId: string; onClose: () => void }) {
  const links = useResource(`shares ${reportId}`, (signal) => reportService.shares(reportId, signal));
  const [made, setMade] = useState<ReportShare | null>(null);
  const [asked, setAsked] = useState('');
  const { working, problem, run } = useTask();
  const change = (what: string, call: () => Promise<ReportShare | null>) => {
    setAsked(what);
    void run(async () => {
      setMade(await call());
      links.reload();
    });
  };
  return (
    <Dialog
      open
      title="Share this report by a link"
      onClose={onClose}
      actions={<Button onClick={onClose}>Done</Button>}
    >
      <p className="text-ink-2">
        Whoever has the link reads levels, quotes and transcript without an account, and changes nothing. Notes are not
        shown, recordings only if you say so.
      </p>
      <div className="mt-2 grid gap-4">
        {problem !== null && <Notice tone="danger" title={problem} />}
        {made === null ? (
          <Maker
            working={working && asked === 'make'}
            onMake={(wanted) => change('make', () => reportService.share(reportId, wanted))}
          />
        ) : (
          <>
            <Made share={made} />
            <span>
              <Button size="sm" onClick={() => setMade(null)}>
                Make another link
              </Button>
            </span>
          </>
        )}
        <section aria-label="Links made">
          <h3 className="label mb-1">Links</h3>
          <ResourceView resource={links} what="the links" skeleton={<SkeletonRows rows={1} />}>
            {(page) => (
              <Links
                shares={page.items}
                ending={working ? asked : null}
                onEnd={(share) =>
                  change(share.id, async () => {
                    await reportService.endShare(reportId, share.id);
                    return made?.id === share.id ? null : made;
                  })
                }
              />
            )}
          </ResourceView>
        </section>
      </div>
    </Dialog>
  );
}

export function Share({ reportId }: { reportId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={Link2} onClick={() => setOpen(true)}>
        Share
      </Button>
      {open && <ShareDialog reportId={reportId} onClose={() => setOpen(false)} />}
    </>
  );
}
