import {
  Archive,
  ArchiveRestore,
  ChartColumn,
  Copy,
  Download,
  Eye,
  Link2Off,
  Trash2,
  Users,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Button, ButtonLink } from '../../components/ui/Button';
import { Card } from '../../components/ui/Card';
import { Dialog } from '../../components/ui/Dialog';
import { useAuth } from '../../contexts/AuthContext';
import { useToast, useToldTask } from '../../contexts/ToastContext';
import { interviewService } from '../../services/interviewService';
import type { Interview } from '../../services/types';
import { ShareDialog } from './ShareDialog';

type Asking = 'remove' | 'rotate' | 'share' | null;

interface ToolProps {
  icon: LucideIcon;
  children: string;
  onClick: () => void;
}

function Tool({ icon, children, onClick }: ToolProps) {
  return (
    <li>
      <Button variant="quiet" icon={icon} className="w-full !justify-start" onClick={onClick}>
        {children}
      </Button>
    </li>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  verb: string;
  doing: string;
  safe: string;
  onYes: () => Promise<void>;
  onClose: () => void;
}

function Confirm({ title, text, verb, doing, safe, onYes, onClose }: ConfirmProps) {
  const [working, setWorking] = useState(false);
  const go = async () => {
    setWorking(true);
    await onYes();
    setWorking(false);
  };
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{safe}</Button>
          <Button variant="danger" working={working && doing} onClick={() => void go()}>
            {verb}
          </Button>
        </>
      }
    >
      <p className="text-ink-2">{text}</p>
    </Dialog>
  );
}

interface InterviewToolsProps {
  interview: Interview;
  /** Whether this person may change it: its owner and administrators. Others read. */
  mayChange: boolean;
  onChange: (interview: Interview) => void;
}

function useTools({ interview, onChange }: InterviewToolsProps) {
  const toast = useToast();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>(null);
  const { run } = useToldTask();
  const attempt = async (call: () => Promise<void>) => {
    await run(call);
    setAsking((now) => (now === 'share' ? now : null));
  };
  return {
    asking,
    setAsking,
    // the window is opened at the press: a browser blocks one that comes after an answer
    preview: () => {
      const page = window.open('', '_blank');
      void attempt(async () => {
        try {
          const { url } = await interviewService.preview(interview.id);
          if (page === null) window.location.assign(url);
          else page.location.replace(url);
        } catch (error) {
          page?.close();
          throw error;
        }
      });
    },
    duplicate: () =>
      void attempt(async () => {
        const copy = await interviewService.duplicate(interview.id);
        toast.success('Copied. The copy is a draft with a link of its own.');
        await navigate(`/interviews/${copy.id}/edit`);
      }),
    exportTable: () => void attempt(() => interviewService.exportTable(interview)),
    restore: () =>
      void attempt(async () => {
        onChange(await interviewService.restore(interview.id));
        toast.success('Back from the archive.');
      }),
    rotate: () =>
      attempt(async () => {
        onChange(await interviewService.rotateLink(interview.id));
        toast.success('There is a new link. The old one leads nowhere.');
      }),
    remove: () =>
      attempt(async () => {
        const { outcome } = await interviewService.remove(interview.id);
        toast.success(`${interview.title} is ${outcome === 'archived' ? 'in the archive' : 'deleted'}.`);
        await navigate('/interviews', { replace: true });
      }),
  };
}

function Questions({ interview, tools }: { interview: Interview; tools: ReturnType<typeof useTools> }) {
  const close = () => tools.setAsking(null);
  const kept = interview.statistics.candidates > 0;
  switch (tools.asking) {
    case 'share':
      return <ShareDialog interview={interview} onClose={close} />;
    case 'rotate':
      return (
        <Confirm
          title="Make a new link?"
          text="The link you have sent leads nowhere at once. Candidates who have registered go on."
          safe="Keep the link"
          verb="Make a new link"
          doing="Making"
          onYes={tools.rotate}
          onClose={close}
        />
      );
    case 'remove':
      return (
        <Confirm
          title={`${kept ? 'Archive' : 'Delete'} ${interview.title}?`}
          text={
            kept
              ? 'Its link takes nobody any more. Candidates and reports stay, and you can bring it back.'
              : 'The questions go for good, and the link stops working.'
          }
          safe="Keep it"
          verb={kept ? 'Archive interview' : 'Delete interview'}
          doing={kept ? 'Archiving' : 'Deleting'}
          onYes={tools.remove}
          onClose={close}
        />
      );
    case null:
      return null;
  }
}

/** What can be done with an interview beside editing it. */
export function InterviewTools(props: InterviewToolsProps) {
  const { interview, mayChange } = props;
  const { hasRole } = useAuth();
  const tools = useTools(props);
  const mayCopy = hasRole(['admin', 'recruiter']);
  const archived = interview.archived_at !== null;
  const kept = interview.statistics.candidates > 0;
  if (!mayChange && !mayCopy && !kept) return null;
  return (
    <Card className="p-5" aria-labelledby="tools">
      <h2 id="tools" className="text-base font-semibold">
        More
      </h2>
      <ul className="mt-2 -mx-3 grid">
        {mayChange && (
          <Tool icon={Eye} onClick={tools.preview}>
            Try it as a candidate
          </Tool>
        )}
        {kept && (
          <li>
            <ButtonLink
              variant="quiet"
              icon={ChartColumn}
              className="w-full !justify-start"
              to={`/interviews/${interview.id}/figures`}
            >
              Figures
            </ButtonLink>
          </li>
        )}
        {kept && (
          <Tool icon={Download} onClick={tools.exportTable}>
            Export as a table
          </Tool>
        )}
        {mayChange && (
          <Tool icon={Users} onClick={() => tools.setAsking('share')}>
            Share with colleagues
          </Tool>
        )}
        {mayCopy && (
          <Tool icon={Copy} onClick={tools.duplicate}>
            Make a copy
          </Tool>
        )}
        {mayChange && (
          <Tool icon={Link2Off} onClick={() => tools.setAsking('rotate')}>
            Make a new link
          </Tool>
        )}
        {mayChange && archived && (
          <Tool icon={ArchiveRestore} onClick={tools.restore}>
            Bring back from the archive
          </Tool>
        )}
        {mayChange && !archived && (
          <Tool icon={kept ? Archive : Trash2} onClick={() => tools.setAsking('remove')}>
            {kept ? 'Archive' : 'Delete'}
          </Tool>
        )}
      </ul>
      <Questions interview={interview} tools={tools} />
    </Card>
  );
}
