import { initials } from '../app/format';
import c from './parts.module.css';

/** Initials of a person (round) or of an organisation (square). Decorative: the name stands beside it. */
export function Face({
  name,
  kind = 'person',
  size = 28,
}: {
  name: string;
  kind?: 'person' | 'organisation' | 'outside' | 'system';
  size?: number;
}) {
  return (
    <span
      className={c.face}
      data-kind={kind}
      style={{ width: size, height: size, fontSize: Math.max(10, size * 0.38) }}
      aria-hidden
    >
      {initials(name) || '·'}
    </span>
  );
}
