/* A bar for each day. The finding is written above it, in one sentence; every figure stands in the table beside it. */

const HEIGHT = 56;
const STEP = 10;

export interface DayBarsProps {
  label: string;
  /** The finding: “12 in 30 days, most on 21 November (4)”. */
  finding: string;
  values: readonly number[];
}

export function DayBars({ label, finding, values }: DayBarsProps) {
  const most = Math.max(1, ...values);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-2">
        <span className="block font-semibold">{label}</span>
        <span className="block text-xs text-ink-3">{finding}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${label}: ${finding}`}
        viewBox={`0 0 ${values.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-14 w-full"
      >
        <line x1="0" x2={values.length * STEP} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--color-chart-grid)" />
        {values.map((value, i) => {
          const height = value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - 2));
          return (
            <rect
              key={i}
              x={i * STEP + 1}
              y={HEIGHT - height}
              width={STEP - 2}
              height={height}
              fill="var(--color-series-1)"
            />
          );
        })}
      </svg>
    </figure>
  );
}
