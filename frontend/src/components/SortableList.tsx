import { GripVertical } from 'lucide-react';
import { clsx } from 'clsx';
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject } from 'react';
import { dropIndex } from '../utils/reorder';

/*
 * A list whose rows move: drag by the six dots, or focus them and use the arrow keys. Rows hold still while one is
 * dragged; a line shows where it will go.
 */
interface Drag {
  from: number;
  to: number;
  dy: number;
  startY: number;
  /** Middle of each row, in page coordinates, taken when the drag began. */
  middles: number[];
}

interface Sorting {
  drag: Drag | null;
  gripProps: (index: number) => {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

function useSorting(
  count: number,
  list: RefObject<HTMLElement | null>,
  onMove: (from: number, to: number) => void,
): Sorting {
  const [drag, setDrag] = useState<Drag | null>(null);

  const begin = (index: number, event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || list.current === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const middles = Array.from(list.current.children, (row) => {
      const box = row.getBoundingClientRect();
      return box.top + window.scrollY + box.height / 2;
    });
    setDrag({ from: index, to: index, dy: 0, startY: event.pageY, middles });
  };
  const move = (event: PointerEvent<HTMLElement>) =>
    setDrag((now) => {
      if (now === null) return null;
      const dy = event.pageY - now.startY;
      return { ...now, dy, to: dropIndex(now.middles, now.from, dy) };
    });
  const drop = () => {
    if (drag !== null && drag.to !== drag.from) onMove(drag.from, drag.to);
    setDrag(null);
  };
  const keys = (index: number, event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape') setDrag(null);
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const to = index + step;
    if (step === 0 || to < 0 || to >= count) return;
    event.preventDefault();
    onMove(index, to);
  };
  return {
    drag,
    gripProps: (index) => ({
      onPointerDown: (event) => begin(index, event),
      onPointerMove: move,
      onPointerUp: drop,
      onPointerCancel: () => setDrag(null),
      onKeyDown: (event) => keys(index, event),
    }),
  };
}

export interface SortableListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** What a row is called, for its grip: “question 3”. */
  nameOf: (index: number) => string;
  onMove: (from: number, to: number) => void;
  /** Draws a row; the grip is the row's to place. */
  children: (item: T, index: number, grip: ReactNode) => ReactNode;
  rowClassName?: (item: T, index: number) => string;
  className?: string;
  label: string;
}

export function SortableList<T>(props: SortableListProps<T>) {
  const { items, keyOf, nameOf, children, rowClassName, className, label } = props;
  const list = useRef<HTMLOListElement>(null);
  const [news, setNews] = useState('');
  const move = (from: number, to: number) => {
    setNews(`${nameOf(from)} is now ${to + 1} of ${items.length}`);
    props.onMove(from, to);
  };
  const { drag, gripProps } = useSorting(items.length, list, move);
  return (
    <>
      <ol ref={list} className={clsx('sortable', className)} aria-label={label}>
        {items.map((item, index) => (
          <li
            key={keyOf(item)}
            className={clsx(
              rowClassName?.(item, index),
              drag?.from === index && 'is-lifted',
              drag !== null && drag.to === index && drag.to < drag.from && 'drop-before',
              drag !== null && drag.to === index && drag.to > drag.from && 'drop-after',
            )}
            style={drag?.from === index ? { transform: `translateY(${drag.dy}px)` } : undefined}
          >
            {children(
              item,
              index,
              <button
                type="button"
                className="grip"
                aria-label={`Move ${nameOf(index)}; use arrow keys`}
                title="Drag, or use the arrow keys"
                {...gripProps(index)}
              >
                <GripVertical aria-hidden className="ic ic-sm" />
              </button>,
            )}
          </li>
        ))}
      </ol>
      <span className="sr-only" role="status">
        {news}
      </span>
    </>
  );
}
