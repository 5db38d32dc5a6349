import type { JSX } from 'react';
import { cx } from './cx.ts';

const solid = { fill: 'currentColor', stroke: 'none' } as const;

/** Drawn on a 16 unit grid with a stroke of 1.5; filled shapes carry state (● kept, ▲ unknown, ■ lost). */
const shapes = {
  accept: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.2 2 2 3.6-4.1" />
    </>
  ),
  arrow: <path d="M2.8 8h10M9.3 4.5 12.8 8l-3.5 3.5" />,
  check: <path d="m3 8.3 3.2 3.2L13 4.8" />,
  chevronDown: <path d="m4.5 6.3 3.5 3.5 3.5-3.5" />,
  chevronRight: <path d="m6.3 4.5 3.5 3.5-3.5 3.5" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 4.8V8l2.2 1.5" />
    </>
  ),
  close: <path d="m4 4 8 8m0-8-8 8" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.2" />
      <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </>
  ),
  drop: <rect x="1.8" y="1.8" width="12.4" height="12.4" rx="1" {...solid} />,
  globe: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M2.2 8h11.6M8 2.2c2 1.8 2.7 3.7 2.7 5.8S10 12 8 13.8M8 2.2C6 4 5.3 5.9 5.3 8S6 12 8 13.8" />
    </>
  ),
  edit: <path d="M10.6 2.9 13.1 5.4 5.6 12.9l-3.1.6.6-3.1zM9 4.5 11.5 7" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.3" />
      <path d="M8 2.7a5.3 5.3 0 0 1 0 10.6z" {...solid} />
    </>
  ),
  handle: (
    <g {...solid}>
      <circle cx="5.6" cy="3.5" r="1.15" />
      <circle cx="10.4" cy="3.5" r="1.15" />
      <circle cx="5.6" cy="8" r="1.15" />
      <circle cx="10.4" cy="8" r="1.15" />
      <circle cx="5.6" cy="12.5" r="1.15" />
      <circle cx="10.4" cy="12.5" r="1.15" />
    </g>
  ),
  columns: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1" />
      <path d="M6 3v10M10 3v10" />
    </>
  ),
  funnel: <path d="M2.3 3h11.4L9.5 8.3v4.2l-3-1.5V8.3z" />,
  info: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 7.3v3.6M8 5.1h.01" />
    </>
  ),
  jump: <path d="M2.5 3v4.2a2 2 0 0 0 2 2h8M9.7 6.4l2.8 2.8-2.8 2.8" />,
  link: (
    <path d="M6.8 9.2a2.7 2.7 0 0 0 3.9 0l2-2a2.75 2.75 0 0 0-3.9-3.9l-.8.8M9.2 6.8a2.7 2.7 0 0 0-3.9 0l-2 2a2.75 2.75 0 0 0 3.9 3.9l.8-.8" />
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  lost: <rect x="2.2" y="2.2" width="11.6" height="11.6" {...solid} />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  more: (
    <g {...solid}>
      <circle cx="3.5" cy="8" r="1.3" />
      <circle cx="8" cy="8" r="1.3" />
      <circle cx="12.5" cy="8" r="1.3" />
    </g>
  ),
  ok: <circle cx="8" cy="8" r="6" {...solid} />,
  plus: <path d="M8 3v10M3 8h10" />,
  power: (
    <>
      <path d="M8 2v5.5" />
      <path d="M4.6 4.2a5.2 5.2 0 1 0 6.8 0" />
    </>
  ),
  redo: <path d="M13 6.5H6.2a3.4 3.4 0 0 0 0 6.8h2.3M13 6.5 9.9 3.4M13 6.5 9.9 9.6" />,
  reject: (
    <>
      <path d="M8 1.2 14.8 8 8 14.8 1.2 8z" />
      <path d="M5.6 8h4.8" />
    </>
  ),
  ring: <circle cx="8" cy="8" r="5" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  server: (
    <>
      <rect x="2" y="2.5" width="12" height="4.6" rx="1" />
      <rect x="2" y="8.9" width="12" height="4.6" rx="1" />
      <path d="M4.6 4.8h.01M4.6 11.2h.01M8 4.8h3.5M8 11.2h3.5" />
    </>
  ),
  shield: (
    <>
      <path d="M8 1.7 13.4 3.6v4.2c0 3.1-2.2 5.4-5.4 6.5-3.2-1.1-5.4-3.4-5.4-6.5V3.6z" />
      <path d="M5.3 7.8h5.4" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1" />
    </>
  ),
  sync: <path d="M13.2 7.2A5.3 5.3 0 0 0 3.6 5M2.8 8.8A5.3 5.3 0 0 0 12.4 11M3.4 2.4V5H6M12.6 13.6V11H10" />,
  terminal: <path d="m3 4.3 3.6 3.6L3 11.5M8.2 11.8h5" />,
  trash: <path d="M2.8 4.3h10.4M6.3 4.3V2.8h3.4v1.5M4.2 4.3l.6 9.2h6.4l.6-9.2M6.7 7v4M9.3 7v4" />,
  unfold: <path d="M3 3v10M6.5 8h6.8M10.2 4.9 13.3 8l-3.1 3.1" />,
  fold: <path d="M13 3v10M9.5 8H2.7M5.8 4.9 2.7 8l3.1 3.1" />,
  unknown: <path d="M8 1.8 15 14.2H1z" {...solid} />,
  undo: <path d="M3 6.5h6.8a3.4 3.4 0 0 1 0 6.8H7.5M3 6.5l3.1-3.1M3 6.5l3.1 3.1" />,
  unlink: (
    <path d="m9 4.1.8-.8a2.75 2.75 0 0 1 3.9 3.9l-1.6 1.6M7 11.9l-.8.8a2.75 2.75 0 0 1-3.9-3.9l1.6-1.6M3 3l10 10" />
  ),
  wall: <path d="M2.3 3h11.4v10H2.3zM2.3 6.3h11.4M2.3 9.7h11.4M8 3v3.3M5 6.3v3.4M11 6.3v3.4M8 9.7V13" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof shapes;

const sizes = {
  11: 'size-[11px]',
  12: 'size-3',
  13: 'size-[13px]',
  16: 'size-4',
  20: 'size-5',
  22: 'size-[22px]',
};

interface IconProps {
  name: IconName;
  /** pixels */
  size?: keyof typeof sizes;
  className?: string;
}

/** A picture beside words that say the same: always hidden from assistive technology. */
export function Icon({ name, size = 16, className }: IconProps) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={cx(
        'inline-block flex-none fill-none stroke-current stroke-[1.5] [stroke-linecap:round] [stroke-linejoin:round]',
        sizes[size],
        className,
      )}
    >
      {shapes[name]}
    </svg>
  );
}
