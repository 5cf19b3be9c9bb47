import { Check, Minus } from 'lucide-react';
import { Badge } from '../../components/ui/Badge';
import type { ReportQuestion } from '../../services/types';
import { humanise } from '../../utils/format';
import { Quote } from './Quote';

export interface StructureProps {
  parts: NonNullable<ReportQuestion['structure']>;
  onPlay: ((ms: number) => void) | null;
}

/** Situation, task, action and result of a told story. */
export function Structure({ parts, onPlay }: StructureProps) {
  if (parts.length === 0) return null;
  return (
    <div>
      <h3 className="label">How the story was told (not in the level)</h3>
      <ul>
        {parts.map(({ part, found, quote, start_ms: start }) => (
          <li
            key={part}
            className="grid gap-x-4 gap-y-1 border-t border-line py-2.5 first:border-t-0 md:grid-cols-[13rem_1fr]"
          >
            <span className="flex items-center gap-2 self-start font-medium">
              {humanise(part)}
              <Badge tone={found ? 'good' : 'plain'} icon={found ? Check : Minus}>
                {found ? 'Found' : 'Not heard'}
              </Badge>
            </span>
            <span>{quote !== null && <Quote text={quote} about={humanise(part)} ms={start} onPlay={onPlay} />}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
