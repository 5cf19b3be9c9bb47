import { ArrowRight, Bot, Clock, Ear, Scale } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/ui/Button';
import { Notice } from '../../components/ui/Notice';
import type { PublicInterview } from '../../services/types';
import { plural } from '../../utils/format';
import { Frame, Heading } from './Frame';

function Point({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[2.5rem_1fr] gap-x-4 border-b border-line py-5 last:border-0">
      <span className="grid h-10 w-10 place-items-center rounded-md bg-chip text-ink-2">
        <Icon aria-hidden className="ic ic-lg" />
      </span>
      <div className="min-w-0">
        <h2 className="font-semibold">{title}</h2>
        <p className="mt-0.5 text-ink-2">{children}</p>
      </div>
    </li>
  );
}

export interface WelcomeProps {
  interview: PublicInterview;
  /** The owner's own walk through it. */
  preview?: boolean;
  onNext: () => void;
}

/* Why somebody new cannot register; who has registered before goes on with the same address. */
const SHUT: Record<Exclude<PublicInterview['registration'], 'open'>, string> = {
  expired: 'The time to register is over',
  full: 'All places are taken',
};

function Notices({ interview, preview }: { interview: PublicInterview; preview: boolean }) {
  const { registration, avatar_name: name } = interview;
  return (
    <div className="mb-6 grid gap-3 empty:hidden">
      {preview && (
        <Notice title="This is a preview">
          You see what candidates see, without the consent page. It counts nowhere, nobody assesses it, and it is erased
          after four hours.
        </Notice>
      )}
      {!preview && registration !== 'open' && (
        <Notice tone="warn" title={SHUT[registration]}>
          If you have registered before, go on with the same e-mail address. Otherwise answer the message that brought
          you this link.
        </Notice>
      )}
      {!interview.engines_ready && (
        <Notice tone="warn" title="Speech is not available right now">
          {name} cannot hear or speak at the moment. You can type your answers today, or open the same link later.
        </Notice>
      )}
    </div>
  );
}

export function Welcome({ interview, preview = false, onNext }: WelcomeProps) {
  const { organisation, avatar_name: name, question_count: questions, minutes_estimate: minutes } = interview;
  const people = organisation === '' ? 'the organisation' : organisation;
  const role = interview.job_role || interview.title;
  return (
    <Frame
      title="Welcome"
      step="Welcome"
      interview={interview}
      narrow
      aside="Nothing is recorded yet."
      action={
        <Button variant="primary" icon={ArrowRight} iconAfter onClick={onNext}>
          {preview ? 'Go on to the device check' : 'Go on to consent'}
        </Button>
      }
    >
      <Heading title={`Your interview: ${role}`}>
        {organisation !== '' && `${organisation} invites you. `}
        {name} asks, you answer aloud, in your own words and your own time.
      </Heading>
      <Notices interview={interview} preview={preview} />
      <ul className="card px-4 md:px-6">
        <Point icon={Bot} title={`${name} is an AI`}>
          You talk to an animated figure with a computer voice. It asks prepared questions and writes down what you say.
        </Point>
        <Point icon={Clock} title={`About ${plural(minutes, 'minute')}, ${plural(questions, 'question')}`}>
          Take the time you need. A pause does not end your answer. If the page closes, the same link brings you back to
          the same question.
        </Point>
        <Point icon={Ear} title="Sound, picture and text">
          Your answers are recorded. You can leave the camera off, and you can type any answer instead of saying it.
        </Point>
        <Point icon={Scale} title="People decide">
          Viva suggests a level for each answer, with the words it rests on. A person at {people} reads every answer and
          decides. Face, voice and accent are never scored.
        </Point>
      </ul>
    </Frame>
  );
}
