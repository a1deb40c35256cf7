import { CircleAlert, CircleCheck, CircleDashed, CircleDot, Clock3 } from 'lucide-react';
import type { ReactNode } from 'react';
import c from './parts.module.css';

export type Tone = 'ok' | 'wait' | 'problem' | 'info' | 'plain';
const ICONS = { ok: CircleCheck, wait: Clock3, problem: CircleAlert, info: CircleDot, plain: CircleDashed };

/** A state: always a word with an icon, never a colour alone. */
export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <span className={c.tag} data-tone={tone}>
      <Icon size={13} aria-hidden />
      {children}
    </span>
  );
}

/** A quiet label without a meaning of its own. */
export const Label = ({ children }: { children: ReactNode }) => <span className={c.label}>{children}</span>;

export const StageDot = ({ stage }: { stage: string }) => (
  <span className={c.dot} style={{ background: `var(--stage-${stage})` }} aria-hidden />
);
