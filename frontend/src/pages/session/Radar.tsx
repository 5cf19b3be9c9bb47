import type { ReportCompetency } from '../../services/types';
import { level } from '../../utils/format';

const MIN_AXES = 3;
const MAX_AXES = 8;
const RINGS = [1, 2, 3, 4, 5];
const X = 190;
const Y = 158;
const RADIUS = 92;
const LINE_CHARS = 13;
const FONT = 14; /* 12 px where it is drawn */
const LINE = 16;
const GRID = 'var(--color-chart-grid)';
const SERIES = 'var(--color-series-1)';

interface Point {
  x: number;
  y: number;
}

/** The place of a level on one of `n` axes; the first axis points up. */
function place(axis: number, n: number, value: number): Point {
  const angle = (2 * Math.PI * axis) / n - Math.PI / 2;
  const r = (RADIUS * value) / 5;
  return { x: X + r * Math.cos(angle), y: Y + r * Math.sin(angle) };
}

const at = ({ x, y }: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`;
const ring = (n: number, value: number): string =>
  Array.from({ length: n }, (_, axis) => at(place(axis, n, value))).join(' ');

/** At most two lines; the table has the whole name. */
function lines(name: string): string[] {
  const done: string[] = [];
  for (const word of name.split(' ')) {
    const last = done.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE_CHARS) done[done.length - 1] = `${last} ${word}`;
    else done.push(word);
  }
  return done
    .slice(0, 2)
    .map((line, i) =>
      line.length > LINE_CHARS + 3 || (i === 1 && done.length > 2) ? `${line.slice(0, LINE_CHARS)}…` : line,
    );
}

function Label({ competency, axis, n }: { competency: ReportCompetency; axis: number; n: number }) {
  const { x, y } = place(axis, n, 5.7);
  const side = Math.abs(x - X) < 12 ? 'middle' : x > X ? 'start' : 'end';
  const text = lines(competency.name);
  // above the centre the lines grow upwards, below it downwards, beside it both ways
  const top = y - (text.length * LINE * (1 - (y - Y) / RADIUS)) / 2 + 4;
  return (
    <text x={x} y={top} textAnchor={side} fontSize={FONT} fill="var(--color-ink-2)">
      {text.map((line, i) => (
        <tspan key={line} x={x} dy={i === 0 ? 0 : LINE}>
          {line}
        </tspan>
      ))}
      <tspan x={x} dy={LINE} fontWeight="650" fill="var(--color-ink)">
        {competency.score === null ? '–' : level(competency.score)}
      </tspan>
    </text>
  );
}

/** The table's figures as a shape, for three to eight competencies; a broken line is one that was not scored. */
export function Radar({ competencies }: { competencies: readonly ReportCompetency[] }) {
  const n = competencies.length;
  if (n < MIN_AXES || n > MAX_AXES) return null;
  const points = competencies.map(({ score }, axis) => (score === null ? null : place(axis, n, score)));
  const edges = points.map((from, axis) => {
    const to = points[(axis + 1) % n] ?? null;
    return from === null || to === null ? '' : `M${at(from)}L${at(to)}`;
  });
  return (
    <svg aria-hidden viewBox="-16 4 412 308" className="mx-auto h-auto w-full max-w-[24rem]">
      {RINGS.map((value) => (
        <polygon
          key={value}
          points={ring(n, value)}
          fill="none"
          stroke={GRID}
          strokeWidth={value === 5 ? 1.25 : 0.75}
        />
      ))}
      {competencies.map(({ name, score }, axis) => {
        const end = place(axis, n, 5);
        return (
          <line
            key={name}
            x1={X}
            y1={Y}
            x2={end.x}
            y2={end.y}
            stroke={GRID}
            strokeWidth="0.75"
            strokeDasharray={score === null ? '3 3' : undefined}
          />
        );
      })}
      <polygon points={points.map((point) => at(point ?? { x: X, y: Y })).join(' ')} fill={SERIES} opacity="0.13" />
      <path d={edges.join('')} fill="none" stroke={SERIES} strokeWidth="2.25" strokeLinecap="round" />
      {points.map(
        (point, axis) =>
          point !== null && (
            <circle
              key={competencies[axis]?.name}
              cx={point.x}
              cy={point.y}
              r="4"
              fill={SERIES}
              stroke="var(--color-surface)"
              strokeWidth="1.5"
            />
          ),
      )}
      {competencies.map((competency, axis) => (
        <Label key={competency.name} competency={competency} axis={axis} n={n} />
      ))}
    </svg>
  );
}
