import { ExternalLink, Send } from 'lucide-react';
import { CopyLink } from '../../components/CopyLink';
import { Button } from '../../components/ui/Button';
import { Card, CardBody } from '../../components/ui/Card';
import { Notice } from '../../components/ui/Notice';
import { useToast, useToldTask } from '../../contexts/ToastContext';
import { interviewService } from '../../services/interviewService';
import type { Interview } from '../../services/types';
import { absoluteUrl, copyText } from '../../utils/clipboard';
import { InterviewTools } from '../interview/InterviewTools';
import { checksOf } from './checks';
import type { QuestionDrafts } from './useQuestionDrafts';
import { CheckList } from './Preview';

interface InviteStepProps {
  interview: Interview;
  drafts: QuestionDrafts;
  onChange: (interview: Interview) => void;
}

function OpenLink({ interview }: { interview: Interview }) {
  return (
    <div className="grid gap-3">
      <h2 className="text-base font-semibold">Candidates can come in by this link</h2>
      <p className="well px-4 py-3 font-semibold [overflow-wrap:anywhere] select-all">
        {absoluteUrl(interview.candidate_url)}
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyLink variant="primary" url={interview.candidate_url} />
        <a className="btn btn-secondary" href={interview.candidate_url} target="_blank" rel="noreferrer">
          <ExternalLink aria-hidden className="ic" />
          Open it
        </a>
      </div>
      <p className="hint">The same link serves everybody; each person registers with a name and an e-mail address.</p>
    </div>
  );
}

export function InviteStep({ interview, drafts, onChange }: InviteStepProps) {
  const toast = useToast();
  const { working, run } = useToldTask();
  const blocked = checksOf(drafts.questions).find((check) => check.blocks);

  const publish = () =>
    run(async () => {
      if (!(await drafts.flush())) {
        toast.error('The questions are not saved yet. Look at the message above them.');
        return;
      }
      const open = await (interview.status === 'closed'
        ? interviewService.reopen(interview.id)
        : interviewService.publish(interview.id));
      onChange(open);
      const copied = await copyText(absoluteUrl(open.candidate_url));
      toast.success(copied ? 'The interview is open, and the link is copied.' : 'The interview is open.');
    });
  return (
    <div className="mx-auto grid w-full max-w-[44rem] gap-5">
      <Card>
        <CardBody className="grid gap-5">
          {interview.status === 'open' ? (
            <OpenLink interview={interview} />
          ) : (
            <>
              <div>
                <h2 className="text-base font-semibold">Before you invite</h2>
                <CheckList questions={drafts.questions} />
              </div>
              {interview.status === 'closed' && (
                <Notice tone="warn" title="This interview is closed. Its link tells candidates so." />
              )}
              <div className="flex flex-wrap gap-3">
                <Button
                  variant="primary"
                  icon={Send}
                  working={working && 'Opening'}
                  notYet={blocked !== undefined && `${blocked.text}.`}
                  onClick={() => void publish()}
                >
                  {interview.status === 'closed' ? 'Open again' : 'Open and copy the link'}
                </Button>
              </div>
              <p className="hint">From then on everybody with the link can be interviewed, until you close it.</p>
            </>
          )}
        </CardBody>
      </Card>
      <InterviewTools interview={interview} mayChange onChange={onChange} />
    </div>
  );
}
