import { UserPlus, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import { Input } from '../../components/ui/Input';
import { interviewService } from '../../services/interviewService';
import type { Interview, Reviewer } from '../../services/types';
import { emailProblem, errorMessage } from '../../utils/errorHandler';
import { useTask } from '../../utils/hooks';

interface ShareDialogProps {
  interview: Interview;
  onClose: () => void;
}

function People({ people, onRemove }: { people: Reviewer[]; onRemove: (person: Reviewer) => void }) {
  if (people.length === 0) return <p className="text-ink-3">Nobody yet.</p>;
  return (
    <ul aria-label="Shared with">
      {people.map((person) => (
        <li key={person.id} className="flex items-center justify-between gap-3 border-t border-line py-2">
          <span className="min-w-0">
            <span className="block font-medium [overflow-wrap:anywhere]">{person.full_name}</span>
            <span className="block text-xs text-ink-3 [overflow-wrap:anywhere]">{person.email}</span>
          </span>
          <IconButton
            className="!flex-none"
            icon={X}
            name={`Take it back from ${person.full_name}`}
            onClick={() => onRemove(person)}
          />
        </li>
      ))}
    </ul>
  );
}

/** With whom an interview is shared; colleagues read it and all that comes in by it, and change nothing. */
export function ShareDialog({ interview, onClose }: ShareDialogProps) {
  const [people, setPeople] = useState<Reviewer[] | null>(null);
  const [email, setEmail] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const { working, problem, run } = useTask();

  useEffect(() => {
    const gone = new AbortController();
    interviewService
      .reviewers(interview.id, gone.signal)
      .then((page) => setPeople(page.items))
      .catch((error: unknown) => {
        if (!gone.signal.aborted) setWrong(errorMessage(error));
      });
    return () => gone.abort();
  }, [interview.id]);

  const change = (call: () => Promise<Reviewer[]>) => {
    setWrong(null);
    void run(async () => {
      setPeople(await call());
      setEmail('');
    });
  };
  const add = () => {
    const bad = emailProblem(email);
    if (bad === null) change(async () => (await interviewService.share(interview.id, { email: email.trim() })).items);
    else setWrong(bad);
  };
  const remove = (person: Reviewer) =>
    change(async () => {
      await interviewService.unshare(interview.id, person.id);
      return (people ?? []).filter((one) => one.id !== person.id);
    });
  return (
    <Dialog open title={`Share ${interview.title}`} onClose={onClose} actions={<Button onClick={onClose}>Done</Button>}>
      <p className="text-ink-2">Colleagues see the interview, its candidates and their reports. They change nothing.</p>
      <form
        noValidate
        className="mt-2 grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!working) add();
        }}
      >
        <Input
          label="E-mail of a colleague with an account"
          type="email"
          value={email}
          error={wrong ?? problem ?? undefined}
          onChange={(event) => setEmail(event.target.value)}
        />
        <div>
          <Button type="submit" icon={UserPlus} working={working && 'Sharing'}>
            Share
          </Button>
        </div>
      </form>
      <div className="mt-2">{people !== null && <People people={people} onRemove={remove} />}</div>
    </Dialog>
  );
}
