/** `Firefox · Linux` out of a user agent. */
export function agent(told: string | null) {
  if (!told) return undefined;
  const browser = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'].find((name) => told.includes(`${name}/`));
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'].find((name) =>
    told.includes(name),
  );
  const named = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser;
  return [named, system].filter(Boolean).join(' · ') || told.slice(0, 40);
}
