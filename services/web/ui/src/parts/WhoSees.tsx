import { Popover, UnstyledButton } from '@mantine/core';
import { Eye, Lock } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrgRef } from '../api/types';
import { Face } from './Face';
import c from './parts.module.css';

interface WhoSeesProps {
  /** The field, as its label names it. */
  field: string;
  us: OrgRef;
  /** Everybody who sees it besides us. */
  others: OrgRef[];
  /** What can be done about it, under the list. */
  children?: ReactNode;
}

/** Says on a field who can read it; opens to the full list. */
export function WhoSees({ field, us, others, children }: WhoSeesProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const shared = others.length > 0;
  const text = !shared
    ? t('sees.us')
    : others.length === 1
      ? others[0].name
      : t('sees.count', { count: others.length });
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={260}
      withinPortal
      trapFocus={!!children}
    >
      <Popover.Target>
        <UnstyledButton
          className={c.sees}
          data-shared={shared || undefined}
          onClick={() => setOpen(!open)}
          aria-label={t('sees.label', {
            field,
            who: shared ? others.map((one) => one.name).join(', ') : t('sees.us'),
          })}
        >
          {shared ? <Eye size={12} aria-hidden /> : <Lock size={12} aria-hidden />}
          <span>{text}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={c.seesList}>
        <h3>{t('sees.title', { field })}</h3>
        <ul>
          {[us, ...others].map((one) => (
            <li key={one.id}>
              <Face name={one.name} kind="organisation" size={22} />
              <span>{one.name}</span>
              {one.id === us.id && <small>{t('sees.you')}</small>}
            </li>
          ))}
        </ul>
        <p>{shared ? t('sees.shared') : t('sees.private')}</p>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
