const FIRST_MS = 500;
const CAP_MS = 30_000;

/** How long to wait before the n-th try (from 0) in a row, with 0.5–1.5 × jitter; `chance` is in 0..1. */
export const backoffMs = (tries: number, chance: number) =>
  Math.round(Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(tries, 10)) * (0.5 + chance));

/** Codes from 4000 to 4499 are final: trying again would be refused again. */
export const isFatal = (code: number) => code >= 4000 && code < 4500;
