/* The voluntary questions after an interview. Loaded by itself, so that it weighs on no interview; nothing of it shows
 * where nobody asks, or when it cannot be loaded. */

import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Select } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { errorMessage } from '../../utils/errorHandler';
import { useResource } from '../../utils/hooks';
import { aboutYouService, CATEGORIES, NAMES, NOTHING, type AboutYou, type Said } from './aboutYou';
import type { Candidacy } from './candidacy';

/* Without whether it is asked. */
const saidOf = ({ gender, age_band, ethnicity, disability }: AboutYou): Said => ({
  gender,
  age_band,
  ethnicity,
  disability,
});
const isSaid = (said: Said) => NAMES.some((name) => said[name] !== 'not_given');

function Promises({ people }: { people: string }) {
  return (
    <ul className="mt-3 grid list-disc gap-1.5 pl-5 text-ink-2">
      <li>You can leave out all of it, or any part. Nothing depends on it.</li>
      <li>The people who decide never see your answers. At {people} they are read only as counts of many people.</li>
      <li>What suggests the levels never reads them.</li>
      <li>You can take them back on this page at any time. They are erased with your interview.</li>
    </ul>
  );
}

interface GivenProps {
  said: Said;
  /** They came to stand here by a press: the focus goes to them. */
  focus: boolean;
  working: boolean;
  /** Null where they are no longer asked for. */
  onChange: (() => void) | null;
  onBack: () => void;
}

function Given({ said, focus, onChange, onBack, working }: GivenProps) {
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <div className="mt-4">
      <p ref={heading} tabIndex={-1} className="font-semibold outline-none">
        Thank you. These are your answers.
      </p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
        {NAMES.map((name) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{CATEGORIES[name].label}</dt>
            <dd>
              {said[name] === 'not_given'
                ? 'Left out'
                : (CATEGORIES[name].options as Record<string, string>)[said[name]]}
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-5 flex flex-wrap gap-3">
        {onChange !== null && <Button onClick={onChange}>Change them</Button>}
        <Button variant="quiet" working={working && 'Erasing'} onClick={onBack}>
          Take them back
        </Button>
      </div>
    </div>
  );
}

interface QuestionsProps {
  said: Said;
  focus: boolean;
  working: boolean;
  onSend: (said: Said) => void;
  /** Leaves them as they were given; null where none were. */
  onKeep: (() => void) | null;
}

function Questions({ said, focus, working, onSend, onKeep }: QuestionsProps) {
  const [values, setValues] = useState<Said>(said);
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (focus) first.current?.focus();
  }, [focus]);
  return (
    <form
      className="mt-5 grid gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isSaid(values)) onSend(values);
      }}
    >
      <div className="grid gap-5 md:grid-cols-2">
        {NAMES.map((name, i) => (
          <Select
            key={name}
            ref={i === 0 ? first : undefined}
            label={CATEGORIES[name].label}
            options={Object.entries(CATEGORIES[name].options).map(([value, label]) => ({ value, label }))}
            value={values[name]}
            onChange={({ target }) => setValues({ ...values, [name]: target.value })}
          />
        ))}
      </div>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" working={working && 'Sending'} notYet={!isSaid(values) && 'Nothing is chosen.'}>
          Send these answers
        </Button>
        {onKeep !== null && (
          <Button variant="quiet" onClick={onKeep}>
            Leave them as they were
          </Button>
        )}
      </div>
    </form>
  );
}

function About({ candidacy, people, at }: { candidacy: Candidacy; people: string; at: AboutYou }) {
  const [said, setSaid] = useState<Said>(saidOf(at));
  const [working, setWorking] = useState(false);
  const [changing, setChanging] = useState(false);
  const [pressed, setPressed] = useState(false);
  const [news, setNews] = useState<{ good: boolean; text: string } | null>(null);
  const act = async (what: () => Promise<Said>, done: string | null) => {
    setWorking(true);
    setNews(null);
    try {
      setSaid(await what());
      setChanging(false);
      setPressed(true);
      setNews(done === null ? null : { good: true, text: done });
    } catch (error) {
      setNews({ good: false, text: errorMessage(error) });
    }
    setWorking(false);
  };
  const change = (on: boolean) => {
    setPressed(true);
    setNews(null);
    setChanging(on);
  };
  return (
    <section className="card mt-6 p-5 md:p-6" aria-labelledby="about-you">
      <p className="label">Voluntary, and apart from your interview</p>
      <h2 id="about-you" className="mt-0.5 font-semibold">
        Help to see whether interviews are fair
      </h2>
      <Promises people={people} />
      {isSaid(said) && !changing ? (
        <Given
          said={said}
          focus={pressed}
          working={working}
          onChange={at.asked ? () => change(true) : null}
          onBack={() =>
            void act(() => aboutYouService.takeBack(candidacy).then(() => NOTHING), 'Your answers are erased.')
          }
        />
      ) : (
        at.asked && (
          <Questions
            said={said}
            focus={pressed}
            working={working}
            onSend={(next) => void act(() => aboutYouService.give(candidacy, next).then(saidOf), null)}
            onKeep={changing ? () => change(false) : null}
          />
        )
      )}
      {news !== null && (
        <div className="mt-4">
          <Notice tone={news.good ? 'good' : 'danger'} title={news.text} />
        </div>
      )}
    </section>
  );
}

export default function AboutYouForm({ candidacy, people }: { candidacy: Candidacy; people: string }) {
  const resource = useResource(`about ${candidacy.sessionId}`, (signal) => aboutYouService.get(candidacy, signal));
  if (resource.status !== 'ready' || (!resource.data.asked && !isSaid(resource.data))) return null;
  return <About candidacy={candidacy} people={people} at={resource.data} />;
}
