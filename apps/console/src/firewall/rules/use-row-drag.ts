import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';

interface RowDragOptions {
  scroller: RefObject<HTMLElement | null>;
  /** the line that shows where the rows would go; moved without a render, or 10,000 rules would not keep up */
  marker: RefObject<HTMLElement | null>;
  rowHeight: number;
  /** of what stands above the first row inside the scroller */
  top: number;
  count: number;
  onDrop: (index: number) => void;
}

// near an edge the rows scroll by themselves: slowly enough to stop at one, fast enough for a long chain
const edge = 44;
const fastest = 28;

/** Dragging of rows by their handle. Escape puts them back. */
export function useRowDrag(options: RowDragOptions) {
  const [dragging, setDragging] = useState(false);
  const latest = useRef(options);
  latest.current = options;
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const start = (event: PointerEvent) => {
    const { scroller } = latest.current;
    const element = scroller.current;
    if (event.button !== 0 || !element || stop.current) return;
    event.preventDefault();
    let y = event.clientY;
    let index = 0;
    let frame = 0;
    const place = () => {
      const { marker, rowHeight, top, count } = latest.current;
      const box = element.getBoundingClientRect();
      const nearTop = box.top + top + edge - y;
      const nearBottom = y - (box.bottom - edge);
      const speed = Math.min(Math.max(nearTop, nearBottom, 0) / 2, fastest);
      if (speed > 0) element.scrollTop += nearTop > 0 ? -speed : speed;
      index = Math.min(Math.max(Math.round((y - box.top + element.scrollTop - top) / rowHeight), 0), count);
      if (marker.current) marker.current.style.transform = `translateY(${index * rowHeight}px)`;
      frame = requestAnimationFrame(place);
    };
    const move = (next: globalThis.PointerEvent) => {
      y = next.clientY;
    };
    const key = (next: KeyboardEvent) => {
      if (next.code !== 'Escape') return;
      next.preventDefault();
      next.stopPropagation();
      end(false);
    };
    const end = (drop: boolean) => {
      cancelAnimationFrame(frame);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', cancel);
      window.removeEventListener('keydown', key, true);
      stop.current = null;
      setDragging(false);
      if (drop) latest.current.onDrop(index);
    };
    const up = () => end(true);
    const cancel = () => end(false);
    stop.current = cancel;
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', cancel);
    window.addEventListener('keydown', key, true);
    setDragging(true);
    frame = requestAnimationFrame(place);
  };
  return { dragging, start };
}
