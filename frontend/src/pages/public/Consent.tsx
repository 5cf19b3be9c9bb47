/* Consent, in two ticks that stand for themselves, and the two things the organisation needs to know you by. */

import { ArrowRight } from 'lucide-react';
import { useId, useRef, useState, type SubmitEvent } from 'react';
import { Button } from '../../components/ui/Button';
import { Checkbox, Input } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { publicInterviewService } from '../../services/publicInterviewService';
import type { CandidateRegistration, PublicInterview, RegisteredSession } from '../../services/types';
import { emailProblem, errorMessage, isApiError } from '../../utils/errorHandler';
import { earlierToken } from './candidacy';
import { Frame, Heading } from './Frame';

const FIELDS = ['full_name', 'email', 'consent_recording', 'consent_ai'] as const;
type Field = (typeof FIELDS)[number];
type Problems = Partial<Record<Field, string>>;

const EMPTY: CandidateRegistration = { full_name: '', email: '', consent_recording: false, consent_ai: false };
const TICK = 'Tick this to go on, or ask for a person instead.';

function check(values: CandidateRegistration): Problems {
  const found: Problems = {};
  if (values.full_name.trim() === '') found.full_name = 'Enter your name.';
  const email = emailProblem(values.email);
  if (email !== null) found.email = email;
  if (!values.consent_recording) found.consent_recording = TICK;
  if (!values.consent_ai) found.consent_ai = TICK;
  return found;
}

/** The field a refusal names, with words; null when it is about something else. */
function refusedField(error: unknown): Problems | null {
  if (!isApiError(error)) return null;
  const field = FIELDS.find((f) => f === error.field);
  return field ? { [field]: error.message } : null;
}

export interface ConsentProps {
  interview: PublicInterview;
  link: string;
  /** Told when the session of this address is over already. */
  onCompleted: () => void;
  onRegistered: (session: RegisteredSession) => void;
  /** Why the candidate is asked again. */
  notice?: string | undefined;
}

function useRegistration({ link, onCompleted, onRegistered }: ConsentProps) {
  const [values, setValues] = useState(EMPTY);
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState('');
  const [sending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const show = (found: Problems) => {
    setProblems(found);
    const first = FIELDS.find((f) => found[f] !== undefined);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  const change = (part: Partial<CandidateRegistration>) => {
    setValues((now) => ({ ...now, ...part }));
    setProblems((now) => Object.fromEntries(Object.entries(now).filter(([name]) => !(name in part))));
  };
  const submit = async () => {
    const found = check(values);
    if (Object.keys(found).length > 0) {
      show(found);
      return;
    }
    setSending(true);
    setFailure('');
    try {
      const trimmed = {
        ...values,
        full_name: values.full_name.trim(),
        email: values.email.trim(),
        ...earlierToken(link),
      };
      onRegistered(await publicInterviewService.register(link, trimmed));
    } catch (error) {
      setSending(false);
      if (isApiError(error) && error.code === 'session_completed') onCompleted();
      else {
        const named = refusedField(error);
        if (named) show(named);
        else setFailure(errorMessage(error));
      }
    }
  };
  return { values, problems, failure, sending, form, change, submit };
}

/** The organisation's own words, lines as they were written. */
function PrivacyNotice({ text }: { text: string }) {
  return (
    <section className="card p-4 md:p-6" aria-labelledby="privacy">
      <h2 id="privacy" className="mb-2 font-semibold">
        Privacy notice
      </h2>
      <p className="max-w-[62ch] whitespace-pre-line text-ink-2">{text}</p>
    </section>
  );
}

export function Consent(props: ConsentProps) {
  const { interview, notice } = props;
  const { values, problems, failure, sending, form, change, submit } = useRegistration(props);
  const formId = useId();
  const people = interview.organisation === '' ? 'the people who sent you this link' : interview.organisation;
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!sending) void submit();
  };
  return (
    <Frame
      title="Consent"
      step="Consent"
      interview={interview}
      narrow
      aside={<>Rather talk to a person? Close this page and answer the message that brought you this link.</>}
      action={
        <Button
          variant="primary"
          type="submit"
          form={formId}
          icon={ArrowRight}
          iconAfter
          working={sending && 'Registering'}
        >
          Go on to the device check
        </Button>
      }
    >
      <Heading title="You decide what happens">
        Both ticks are needed for an interview with {interview.avatar_name}. You can withdraw at any time; your
        recordings are erased then.
      </Heading>
      <form id={formId} ref={form} noValidate onSubmit={onSubmit} className="grid gap-6">
        {notice !== undefined && <Notice title={notice} />}
        {failure !== '' && <Notice tone="danger" title={failure} />}
        {interview.privacy_notice !== '' && <PrivacyNotice text={interview.privacy_notice} />}
        <fieldset className="card grid gap-5 p-4 md:p-6">
          <legend className="sr-only">Consent</legend>
          <Checkbox
            name="consent_recording"
            checked={values.consent_recording}
            onChange={(e) => change({ consent_recording: e.target.checked })}
            error={problems.consent_recording}
            label="Record my answers"
            help={`Sound, and picture if the camera is on; when you answer before a question is over, also up to a minute before you begin. ${people} can see and hear them; nobody else.`}
          />
          <Checkbox
            name="consent_ai"
            checked={values.consent_ai}
            onChange={(e) => change({ consent_ai: e.target.checked })}
            error={problems.consent_ai}
            label="Let an AI ask, write down and compare my answers"
            help={interview.ai_notice}
          />
          <p className="border-t border-line pt-4 text-sm text-ink-2">
            Two more things are noted for {people}: when you go to another window during the interview, and how much
            text you paste into a typed answer. They change no level, and nothing else is watched.
          </p>
          <p className="text-sm text-ink-2">
            You may ask for an interview with a person instead: answer the message that brought you this link, and say
            so to {people}.{' '}
            {interview.support_email !== null && (
              <>
                Questions go to{' '}
                <a className="underline" href={`mailto:${interview.support_email}`}>
                  {interview.support_email}
                </a>
                .
              </>
            )}
          </p>
        </fieldset>
        <fieldset className="card grid gap-5 p-4 md:grid-cols-2 md:p-6">
          <legend className="sr-only">Who you are</legend>
          <Input
            name="full_name"
            label="Your name"
            autoComplete="name"
            maxLength={120}
            value={values.full_name}
            onChange={(e) => change({ full_name: e.target.value })}
            error={problems.full_name}
          />
          <Input
            name="email"
            type="email"
            label="E-mail"
            autoComplete="email"
            maxLength={254}
            value={values.email}
            onChange={(e) => change({ email: e.target.value })}
            error={problems.email}
            help="The address you were invited by. It brings you back to your session."
          />
        </fieldset>
      </form>
    </Frame>
  );
}
