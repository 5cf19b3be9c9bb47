import { clsx } from 'clsx';

/* The five bars of the V: the logo, and in VBars the sign of the one who speaks. */
const BARS = [
  { x: 0, height: 9 },
  { x: 5.5, height: 16 },
  { x: 11, height: 22 },
  { x: 16.5, height: 16 },
  { x: 22, height: 9 },
];

export function LogoMark({ className, firstOnly = false }: { className?: string; firstOnly?: boolean }) {
  return (
    <svg aria-hidden className={className} width="26" height="24" viewBox="0 0 26 24" fill="currentColor">
      {BARS.map(({ x, height }, i) => (
        <rect
          key={x}
          x={x}
          y="1"
          width="4"
          height={height}
          rx="2"
          className={clsx(firstOnly && i === 0 && 'fill-accent')}
        />
      ))}
    </svg>
  );
}

export function Logo({ word = true }: { word?: boolean }) {
  return (
    <span className="flex items-center gap-2.5">
      <LogoMark className="text-accent" />
      <span className={word ? 'text-xl font-bold tracking-[-.02em]' : 'sr-only'}>Viva</span>
    </span>
  );
}
