import { useSyncExternalStore } from 'react';
import type { Density } from './theme';

const KEPT = 'entente.density';
const watchers = new Set<() => void>();
const coarse = () => matchMedia('(pointer: coarse)').matches;

let density: Density =
  (localStorage.getItem(KEPT) as Density | null) ?? (coarse() ? 'comfortable' : 'compact');
document.documentElement.dataset.density = density;

export function chooseDensity(next: Density) {
  density = next;
  localStorage.setItem(KEPT, next);
  document.documentElement.dataset.density = next;
  for (const watcher of watchers) watcher();
}

export const useDensity = () =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    () => density,
  );

/** A small choice of this browser that outlives a reload, such as which lanes are folded. */
export function remembered<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`entente.${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}
export const remember = (name: string, value: unknown) =>
  localStorage.setItem(`entente.${name}`, JSON.stringify(value));
