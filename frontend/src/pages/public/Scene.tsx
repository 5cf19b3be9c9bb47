/* The interviewer's room: a window that is bright while the voice speaks. Sliced to fill; the figure stands before it. */

const WINDOW =
  'M96 70l132 26v196l-132-14zM248 100l118 23v182l-118-13zM96 300l132 13v196l-132-2zM248 316l118 11v182l-118-1z';
const SHELF = 'M880 250h250v10H880zM880 262h250v5H880z';
const BOOKS = 'M912 158h24v92h-24zM940 172h18v78h-18zM962 150h28v100h-28zM996 182l16-5 22 70-16 4z';
const LEAVES = 'M1084 206c-2-30-14-46-30-56M1084 206c2-36 12-58 34-70M1084 206c0-40-2-60-4-86';

export function Scene() {
  return (
    <svg viewBox="0 0 1200 760" preserveAspectRatio="xMidYMax slice" aria-hidden className="room-bg">
      <defs>
        <linearGradient id="room-wall" x1="0" y1="0" x2="1" y2=".5">
          <stop offset="0" stopColor="var(--color-wall)" />
          <stop offset=".55" stopColor="var(--color-wall)" />
          <stop offset="1" stopColor="var(--color-wall-deep)" />
        </linearGradient>
        <radialGradient id="room-glow" cx=".5" cy=".5" r=".5">
          <stop offset="0" stopColor="var(--color-wall-lit)" />
          <stop offset="1" stopColor="var(--color-wall-lit)" stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect width="1200" height="760" fill="url(#room-wall)" />
      <ellipse cx="520" cy="330" rx="560" ry="430" fill="url(#room-glow)" opacity=".55" />
      <g className="window" fill="var(--color-wall-lit)" opacity=".9">
        <path d={WINDOW} />
      </g>
      <path d={SHELF} fill="var(--color-desk)" opacity=".55" />
      <g fill="var(--color-desk)" opacity=".42">
        <path d={BOOKS} />
        <path d="M1062 206h44l-6 44h-32z" />
      </g>
      <g stroke="var(--color-desk)" strokeWidth="7" strokeLinecap="round" fill="none" opacity=".42">
        <path d={LEAVES} />
      </g>
    </svg>
  );
}
