import { useEffect, useRef, type RefObject } from 'react';

const NEAR_PX = 60;

/**
 * Keeps the place of a log while it grows above, below or within: at the end it stays at the end, elsewhere the
 * row at the top of the window stays where it is.
 */
export function usePlace(box: RefObject<HTMLDivElement | null>, ready: boolean) {
  const held = useRef(new Place(box)).current;
  useEffect(() => {
    const inner = box.current?.firstElementChild;
    if (!inner || !ready) return;
    const watch = new ResizeObserver(() => held.keep());
    watch.observe(inner);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, [ready, box, held]);
  return held;
}

class Place {
  private end = true;
  private opened = false;
  private anchor: { row: HTMLElement; top: number } | null = null;

  constructor(private box: RefObject<HTMLDivElement | null>) {}

  atEnd = () => this.end;

  toEnd() {
    this.end = true;
  }

  /** After the reader moved: what stands at the top of the window now. */
  note() {
    const frame = this.box.current;
    if (!frame) return;
    this.end = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_PX;
    const { left, top, width } = frame.getBoundingClientRect();
    this.anchor = null;
    for (let y = top + 4; y < top + frame.clientHeight && !this.anchor; y += 24) {
      const row = document
        .elementsFromPoint(left + width / 2, y)
        .map((one) => one.closest<HTMLElement>('[data-key]'))
        .find((one) => one && frame.contains(one));
      if (row) this.anchor = { row, top: row.getBoundingClientRect().top - top };
    }
  }

  /** After the rows changed. */
  keep() {
    const frame = this.box.current;
    if (!frame) return;
    if (!this.opened) {
      this.opened = true;
      const line = frame.querySelector<HTMLElement>('[data-unread]');
      frame.scrollTop = line ? line.offsetTop - frame.offsetTop - 80 : frame.scrollHeight;
    } else if (this.end) {
      frame.scrollTop = frame.scrollHeight;
    } else if (this.anchor?.row.isConnected) {
      const now = this.anchor.row.getBoundingClientRect().top - frame.getBoundingClientRect().top;
      if (Math.abs(now - this.anchor.top) > 0.5) frame.scrollTop += now - this.anchor.top;
    }
    this.note();
  }

  /** Leads to a message; what was paged in stands on the screen a moment later. */
  lead(seq: number) {
    requestAnimationFrame(() => {
      const frame = this.box.current;
      const row = frame?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
      if (!frame || !row) return;
      this.opened = true;
      this.end = false;
      frame.querySelector('[data-found]')?.removeAttribute('data-found');
      row.scrollIntoView({ block: 'center' });
      row.focus({ preventScroll: true });
      row.setAttribute('data-found', '');
      this.note();
    });
  }

  toLine() {
    const frame = this.box.current;
    const line = frame?.querySelector<HTMLElement>('[data-unread]');
    if (!frame || !line) return;
    this.end = false;
    frame.scrollTop = line.offsetTop - frame.offsetTop - 80;
    this.note();
  }

  glide() {
    const frame = this.box.current;
    frame?.scrollTo({ top: frame.scrollHeight, behavior: 'smooth' });
  }
}
