import { plural } from '../../utils/format';
import { minutesOf, unfinished, type DraftQuestion } from './drafts';

export interface Check {
  ok: boolean;
  /** A link cannot be made while this stands. */
  blocks: boolean;
  text: string;
}

const LONG_MINUTES = 45;

const listOf = (numbers: readonly number[]): string =>
  numbers.length === 1
    ? `Question ${numbers[0]}`
    : `Questions ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;

/** What to know before candidates get the link. */
export function checksOf(questions: readonly DraftQuestion[]): Check[] {
  if (questions.length === 0) return [{ ok: false, blocks: true, text: 'There is no question yet' }];
  const checks: Check[] = [];
  const empty = unfinished(questions);
  if (empty !== -1) checks.push({ ok: false, blocks: true, text: `Question ${empty + 1} has no words` });
  const scored = questions.filter((question) => question.category !== 'warmup' && question.category !== 'closing');
  const bare = scored
    .filter((question) => question.points.length === 0)
    .map((question) => questions.indexOf(question) + 1);
  if (bare.length > 0)
    checks.push({
      ok: false,
      blocks: false,
      text: `${listOf(bare)} ${bare.length === 1 ? 'has' : 'have'} no points: recorded, not scored`,
    });
  else checks.push({ ok: true, blocks: false, text: 'Each question says what a good answer contains' });
  const minutes = minutesOf(questions);
  checks.push(
    minutes > LONG_MINUTES
      ? {
          ok: false,
          blocks: false,
          text: `About ${minutes} minutes: many people stop before the end of a long interview`,
        }
      : { ok: true, blocks: false, text: `About ${plural(minutes, 'minute')}` },
  );
  return checks;
}
