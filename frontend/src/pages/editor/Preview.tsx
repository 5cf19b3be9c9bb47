import { Check, CircleAlert } from 'lucide-react';
import { clsx } from 'clsx';
import { AvatarStill } from '../../components/AvatarStill';
import { Card } from '../../components/ui/Card';
import type { Interview } from '../../services/types';
import { checksOf } from './checks';
import type { DraftQuestion } from './drafts';

export function CheckList({ questions }: { questions: readonly DraftQuestion[] }) {
  return (
    <ul className="mt-2 grid gap-2 text-ink-2">
      {checksOf(questions).map(({ ok, text }) => {
        const Icon = ok ? Check : CircleAlert;
        return (
          <li key={text} className="flex gap-2.5">
            <Icon aria-hidden className={clsx('ic ic-sm mt-0.5', ok ? 'text-good' : 'text-warn')} />
            <span>{text}</span>
          </li>
        );
      })}
    </ul>
  );
}

export interface PreviewProps {
  interview: Interview;
  interviewer: string;
  questions: readonly DraftQuestion[];
  text: string;
}

/** The stage as a candidate meets it, with the question that is being edited. */
export function Preview({ interview, interviewer, questions, text }: PreviewProps) {
  return (
    <aside
      className="grid items-start gap-3 md:grid-cols-2 lg:col-start-2 2xl:sticky 2xl:top-24 2xl:col-start-3 2xl:grid-cols-1"
      aria-label="Preview"
    >
      <div className="grid gap-2">
        <h2 className="font-semibold">As candidates see it</h2>
        <div className="stage !flex !rounded-lg" style={{ gridArea: 'auto' }}>
          <div className="scene aspect-[4/3] !min-h-0">
            <AvatarStill avatar={interview.avatar} label={`${interviewer}, the AI interviewer`} />
            <span className="tag absolute top-2.5 left-2.5 !min-h-7 !px-2 !text-xs">
              {interviewer} <span className="-ml-1 font-normal text-on-plate-2">is speaking</span>
            </span>
          </div>
          <div className="plate !p-4">
            <p className="voice text-lg leading-6">{text.trim() === '' ? 'What is asked appears here.' : text}</p>
          </div>
        </div>
      </div>
      <Card className="p-4 md:mt-[1.875rem] 2xl:mt-0" aria-labelledby="before">
        <h2 id="before" className="font-semibold">
          Before you invite
        </h2>
        <CheckList questions={questions} />
      </Card>
    </aside>
  );
}
