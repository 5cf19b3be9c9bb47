import type { ReportCompetency } from '../../services/types';
import { level } from '../../utils/format';

export interface CompetenciesProps {
  competencies: readonly ReportCompetency[];
  /** The same with people's levels; null when nobody set one. */
  human: readonly ReportCompetency[] | null;
  weightsSet: boolean;
}

const NONE = 'repeating-linear-gradient(135deg,var(--color-chart-grid) 0 1.5px,transparent 1.5px 5px)';
const HEAD = 'pb-1.5 font-medium';
const share = (value: number): string => `${(value / 5) * 100}%`;

/** The machine's level as a bar, a person's as a tick over it. The figures stand beside it. */
function Bar({ score, person }: { score: number | null; person: number | null }) {
  return (
    <span
      aria-hidden
      className="relative block h-2.5 rounded-xs bg-chart-track"
      style={{ background: score === null ? NONE : undefined }}
    >
      {score !== null && (
        <span className="absolute inset-y-0 left-0 rounded-xs bg-accent" style={{ width: share(score) }} />
      )}
      <span className="cuts absolute inset-0" />
      {person !== null && (
        <span
          className="absolute -top-1 -bottom-1 -ml-px w-0.5 bg-ink outline outline-1 outline-surface"
          style={{ left: share(person) }}
        />
      )}
    </span>
  );
}

function Level({ score }: { score: number | null }) {
  if (score !== null) return <>{level(score)}</>;
  return (
    <span className="font-normal text-ink-3">
      <span aria-hidden>–</span>
      <span className="sr-only">Not scored</span>
    </span>
  );
}

/** Every competency with its level: the radar's figures, to be read. */
export function Competencies({ competencies, human, weightsSet }: CompetenciesProps) {
  if (competencies.length === 0) return null;
  return (
    <div className="mt-4 border-t border-line pt-4">
      <table className="w-full text-sm">
        <caption className="sr-only">Level by competency</caption>
        <thead>
          <tr className="label text-left">
            <th scope="col" className={HEAD}>
              Competency
            </th>
            {weightsSet && (
              <th scope="col" className={`${HEAD} pr-4 text-right max-sm:hidden`}>
                Weight
              </th>
            )}
            <td className={`${HEAD} max-sm:hidden`}>
              <span aria-hidden className="grid grid-cols-5 pr-3 text-right">
                {[1, 2, 3, 4, 5].map((n) => (
                  <span key={n}>{n}</span>
                ))}
              </span>
            </td>
            <th scope="col" className={`${HEAD} text-right`}>
              Level
            </th>
            {human !== null && (
              <th scope="col" className={`${HEAD} pl-3 text-right`}>
                People’s
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {competencies.map(({ name, weight, score, questions, scored }) => {
            const person = human?.find((one) => one.name === name)?.score ?? null;
            return (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="py-2 pr-3 text-left font-medium [overflow-wrap:anywhere]">
                  {name}
                  {scored < questions && (
                    <span className="block text-xs font-normal text-ink-3">
                      {scored} of {questions} scored
                    </span>
                  )}
                </th>
                {weightsSet && (
                  <td className="pr-4 text-right text-ink-3 max-sm:hidden">{Math.round(weight * 100)} %</td>
                )}
                <td className="w-[38%] pr-3 max-sm:hidden">
                  <Bar score={score} person={person} />
                </td>
                <td className="text-right font-semibold whitespace-nowrap">
                  <Level score={score} />
                </td>
                {human !== null && (
                  <td className="pl-3 text-right font-semibold whitespace-nowrap">
                    <Level score={person} />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {human !== null && (
        <p className="hint mt-2 flex items-center gap-2 max-sm:hidden">
          <span aria-hidden className="inline-block h-3.5 w-0.5 bg-ink" />
          With the levels that people set.
        </p>
      )}
      {!weightsSet && <p className="hint mt-2">Every question counts the same.</p>}
    </div>
  );
}
