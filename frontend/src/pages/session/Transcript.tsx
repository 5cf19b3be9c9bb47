import { useEffect, useRef, useState } from 'react';
import { Switch } from '../../components/ui/Input';
import type { Answer, ReportPoint, Utterance } from '../../services/types';
import { languageName, timecode } from '../../utils/format';
import { markQuotes } from '../../utils/quotes';
import { cutAtWords, timedWords, type TimedWord } from '../../utils/words';
import { playable } from './playback';
import type { Playback } from './usePlayback';

/** A word that is less likely to be right is shown as one that may be misheard. */
const UNSURE = 0.5;

interface MarkedProps {
  text: string;
  quotes: readonly string[];
  words?: readonly TimedWord[];
  /** Where the player stands in this text; null: elsewhere. */
  nowMs?: number | null;
}

function Marked({ text, quotes, words = [], nowMs = null }: MarkedProps) {
  let at = 0;
  return markQuotes(text, quotes).map((part, i) => {
    const from = at;
    at += part.text.length;
    const runs = cutAtWords(text, from, at, words).map(({ text: shown, word }, k) =>
      word === null ? (
        shown
      ) : (
        <span
          key={k}
          data-ms={word.startMs}
          className={word.sure < UNSURE ? 'unsure' : undefined}
          title={word.sure < UNSURE ? 'Perhaps misheard' : undefined}
          data-now={nowMs !== null && nowMs >= word.startMs && nowMs < word.endMs ? '' : undefined}
        >
          {shown}
        </span>
      ),
    );
    return part.marked ? (
      <mark key={i} className="mark">
        {runs}
      </mark>
    ) : (
      <span key={i}>{runs}</span>
    );
  });
}

/** When the word under the pointer was said. By key there is none, and the sentence plays from its beginning. */
function clickedMs(target: EventTarget): number | null {
  const ms = target instanceof Element ? target.closest<HTMLElement>('[data-ms]')?.dataset.ms : undefined;
  return ms === undefined ? null : Number(ms);
}

/** The utterance that is heard at a moment; between two of them, the earlier one. */
const currentOf = (utterances: readonly Utterance[], ms: number): string | null =>
  utterances.findLast((utterance) => utterance.start_ms <= ms)?.id ?? null;

interface SentencesProps {
  answer: Answer;
  positionMs: number;
  quotes: readonly string[];
  currentId: string | null;
  interviewer: string;
  follow: boolean;
  onPlay: (ms: number) => void;
}

function Sentences({ answer, positionMs, quotes, currentId, interviewer, follow, onPlay }: SentencesProps) {
  const current = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (follow && currentId !== null) current.current?.scrollIntoView({ block: 'nearest' });
  }, [follow, currentId]);
  const recorded = playable(answer).length > 0;
  return answer.utterances.map((utterance) => {
    /* what was said before the answer began, its question above all, is in no recording */
    const before = utterance.start_ms < 0;
    const heard = recorded && !before && !utterance.typed;
    const isCurrent = utterance.id === currentId;
    const fromInterviewer = utterance.speaker === 'interviewer';
    return (
      <button
        key={utterance.id}
        ref={isCurrent ? current : null}
        type="button"
        className="sent"
        aria-current={isCurrent ? 'true' : undefined}
        aria-disabled={heard ? undefined : true}
        onClick={(event) => {
          if (heard) onPlay(clickedMs(event.target) ?? utterance.start_ms);
        }}
      >
        <span>{!before && timecode(utterance.start_ms)}</span>
        <span className={fromInterviewer ? 'text-ink-3' : undefined}>
          {fromInterviewer && (
            <span className="block font-ui text-xs">
              {interviewer}
              {utterance.follow_up !== null && ', a follow-up'}
            </span>
          )}
          {utterance.typed && <span className="block font-ui text-xs text-ink-3">Typed</span>}
          {utterance.other_language !== null && (
            <span className="block font-ui text-xs text-warn-ink">
              Sounds like {languageName(utterance.other_language)}: the text may be wrong
            </span>
          )}
          <Marked
            text={utterance.text}
            quotes={fromInterviewer ? [] : quotes}
            words={timedWords(utterance.text, utterance.words)}
            nowMs={isCurrent ? positionMs : null}
          />
        </span>
      </button>
    );
  });
}

export interface TranscriptProps {
  playback: Playback;
  points: readonly ReportPoint[];
  interviewer: string;
}

/** What was said in the answer that is shown; each sentence plays from its moment, each word from its own. */
export function Transcript({ playback, points, interviewer }: TranscriptProps) {
  const [follow, setFollow] = useState(true);
  const { answer, positionMs, playing, play } = playback;
  if (answer === null) return null;
  const quotes = points.flatMap((point) => point.quote ?? []);
  const started = playing || positionMs > 0;
  return (
    <>
      <div className="flex items-center justify-between gap-2 border-b border-line px-4 pt-3 pb-2">
        <h2 className="font-semibold">Transcript</h2>
        <span className="flex items-center gap-2 text-xs text-ink-2">
          <span aria-hidden>Follow along</span>
          <Switch label="Follow along" checked={follow} onChange={setFollow} />
        </span>
      </div>
      <div
        className="min-h-0 overflow-auto px-1.5 pb-3 max-md:max-h-[26rem] md:max-xl:[contain:size]"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by keys
        tabIndex={0}
        role="region"
        aria-label={`Transcript, question ${answer.position}`}
      >
        <p className="label px-3 pt-3 pb-1">
          Question {answer.position}
          {answer.mode === 'text' && ', typed'}
        </p>
        {answer.utterances.length > 0 && (
          <Sentences
            answer={answer}
            positionMs={positionMs}
            quotes={quotes}
            currentId={started ? currentOf(answer.utterances, positionMs) : null}
            interviewer={interviewer}
            follow={follow && playing}
            onPlay={(ms) => play(answer.id, ms)}
          />
        )}
        {answer.utterances.some((utterance) => utterance.speaker === 'candidate') ? null : answer.text.trim() !== '' ? (
          <p className="voice px-3 py-1.5 text-[1.0625rem] leading-normal whitespace-pre-wrap">
            <Marked text={answer.text} quotes={quotes} />
          </p>
        ) : (
          <p className="px-3 py-2 text-ink-2">Nothing was said here.</p>
        )}
      </div>
    </>
  );
}
