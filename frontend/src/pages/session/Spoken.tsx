import { spokenRows, type SpeechFigures, type SpokenRow } from './speech';

export function SpokenList({ rows }: { rows: readonly SpokenRow[] }) {
  return (
    <dl>
      {rows.map(({ name, value, means }) => (
        <div key={name} className="grid gap-x-4 border-t border-line py-2 first:border-t-0 md:grid-cols-[13rem_1fr]">
          <dt className="text-ink-2">{name}</dt>
          <dd>
            <span className="font-semibold">{value}</span>
            <span className="hint block">{means}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** How one answer was spoken. In no score. */
export function Spoken({ speech }: { speech: SpeechFigures }) {
  return (
    <div>
      <h3 className="label">How it was spoken (not in the level)</h3>
      <p className="hint mb-1">These figures are in no score, and say nothing about what the answer is worth.</p>
      <SpokenList rows={spokenRows(speech)} />
    </div>
  );
}
