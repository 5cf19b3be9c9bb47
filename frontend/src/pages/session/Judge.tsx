import { Check, CircleDashed, CircleHelp, Minus, type LucideIcon } from 'lucide-react';
import { Badge, type BadgeTone } from '../../components/ui/Badge';
import type { ReportJudgement } from '../../services/types';
import { Quote } from './Quote';

type Verdict = ReportJudgement['verdicts'][number];

const VERDICTS: Record<Verdict['verdict'], { tone: BadgeTone; icon: LucideIcon; word: string }> = {
  met: { tone: 'good', icon: Check, word: 'Met' },
  partial: { tone: 'accent', icon: CircleDashed, word: 'Partly' },
  missed: { tone: 'plain', icon: Minus, word: 'Missed' },
  none: { tone: 'plain', icon: CircleHelp, word: 'No majority' },
};

const KINDS = ['met', 'partial', 'missed'] as const;

/** “2 of 3 votes”; without a majority what each was for. And how many were thrown away because their quote was not said. */
function votesOf(verdict: Verdict, asked: number): string {
  const each = KINDS.filter((kind) => verdict[kind] > 0).map(
    (kind) => `${verdict[kind]} ${VERDICTS[kind].word.toLowerCase()}`,
  );
  const votes =
    verdict.verdict === 'none'
      ? `Of ${asked} votes ${each.join(', ') || 'none'}`
      : `${verdict[verdict.verdict]} of ${asked} votes`;
  const discarded = verdict.discarded === 0 ? '' : `, ${verdict.discarded} thrown away: no such words`;
  return `${votes}${discarded}`;
}

export interface JudgeProps {
  judge: ReportJudgement;
  onPlay: ((ms: number) => void) | null;
}

/** A language model's second reading, beside what the scorer said: what it moved, and by which words. */
export function Judge({ judge, onPlay }: JudgeProps) {
  return (
    <div>
      <h3 className="label mb-1">Second reading</h3>
      <p className="max-w-[62ch] text-ink-2">{judge.statement}</p>
      {judge.verdicts.length > 0 && (
        <ul className="mt-2" aria-label="Second reading, point by point">
          {judge.verdicts.map((verdict) => {
            const { tone, icon, word } = VERDICTS[verdict.verdict];
            return (
              <li
                key={verdict.text}
                className="grid gap-x-4 gap-y-1 border-t border-line py-2.5 first:border-t-0 md:grid-cols-[13rem_1fr]"
              >
                <div>
                  <span className="mb-1.5 block font-medium">{verdict.text}</span>
                  <Badge tone={tone} icon={icon}>
                    {word}
                  </Badge>
                  <span className="mt-1 block text-xs text-ink-3">{votesOf(verdict, judge.votes_asked)}</span>
                </div>
                <div>
                  {verdict.quote === null ? (
                    <span className="text-ink-3">No words in the answer were quoted for this.</span>
                  ) : (
                    <Quote text={verdict.quote} about={verdict.text} ms={verdict.start_ms} onPlay={onPlay} />
                  )}
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
