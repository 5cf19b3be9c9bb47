import { useId } from 'react';

/** The room behind the interviewer: sliced to fill its box. The window's light follows the voice (see candidate.css). */
export function Room() {
  const id = useId();
  return (
    <svg viewBox="0 0 1200 760" preserveAspectRatio="xMidYMax slice" aria-hidden>
      <defs>
        <linearGradient id={`${id}w`} x1="0" y1="0" x2="1" y2=".5">
          <stop offset="0" stopColor="var(--color-wall)" />
          <stop offset=".55" stopColor="var(--color-wall)" />
          <stop offset="1" stopColor="var(--color-wall-deep)" />
        </linearGradient>
        <radialGradient id={`${id}h`} cx=".5" cy=".5" r=".5">
          <stop offset="0" stopColor="var(--color-wall-lit)" />
          <stop offset="1" stopColor="var(--color-wall-lit)" stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect width="1200" height="760" fill={`url(#${id}w)`} />
      <ellipse cx="520" cy="330" rx="560" ry="430" fill={`url(#${id}h)`} opacity=".55" />
      <g className="window" fill="var(--color-wall-lit)" opacity=".9">
        <path d="M96 70l132 26v196l-132-14zM248 100l118 23v182l-118-13zM96 300l132 13v196l-132-2zM248 316l118 11v182l-118-1z" />
      </g>
      <path d="M880 250h250v10H880zM880 262h250v5H880z" fill="var(--color-desk)" opacity=".55" />
      <g fill="var(--color-desk)" opacity=".42">
        <path d="M912 158h24v92h-24zM940 172h18v78h-18zM962 150h28v100h-28zM996 182l16-5 22 70-16 4z" />
        <path d="M1062 206h44l-6 44h-32z" />
      </g>
      <g stroke="var(--color-desk)" strokeWidth="7" strokeLinecap="round" fill="none" opacity=".42">
        <path d="M1084 206c-2-30-14-46-30-56M1084 206c2-36 12-58 34-70M1084 206c0-40-2-60-4-86" />
      </g>
    </svg>
  );
}
