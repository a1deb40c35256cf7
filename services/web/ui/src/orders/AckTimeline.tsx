import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ArrowDownLeft, ArrowUpRight, Download } from 'lucide-react';
import { ActionIcon } from '@mantine/core';
import type { Interchange } from '../api/types';
import { useFormat } from '../app/format';
import { InterchangeTag } from './OrderTag';
import c from './orders.module.css';

/** Papers in the order of time, with what was acknowledged and, of an order, whether its answer is awaited. */
export function AckTimeline({ documents, awaits = true }: { documents: Interchange[]; awaits?: boolean }) {
  const { t } = useTranslation();
  const f = useFormat();
  const sorted = [...documents].sort((a, b) => a.at.localeCompare(b.at));
  const answered = sorted.some((one) => one.kind === '855' || one.kind === 'ORDRSP');
  return (
    <ol className={c.acks}>
      {sorted.map((one) => (
        <li key={one.id} data-state={one.state}>
          <span className={c.ackIcon}>
            {one.direction === 'in' ? (
              <ArrowDownLeft size={12} aria-label={t('interchange.in')} />
            ) : (
              <ArrowUpRight size={12} aria-label={t('interchange.out')} />
            )}
          </span>
          <div>
            <Link to="/edi/$interchange" params={{ interchange: one.id }}>
              {t(`document.${one.kind}`)}
            </Link>
            <small>{f.moment(one.at)}</small>
            {one.acknowledge_by && (
              <small>
                {t(one.overdue ? 'edi.overdue_since' : 'edi.awaited_until', {
                  time: f.moment(one.acknowledge_by),
                })}
              </small>
            )}
          </div>
          <InterchangeTag state={one.state} overdue={one.overdue} />
          <ActionIcon
            component="a"
            href={`/api/v1/edi/interchanges/${one.id}/raw`}
            download={`${one.kind}-${one.control_number ?? one.id}.edi`}
            size={26}
            aria-label={t('interchange.download', { kind: one.kind })}
          >
            <Download size={14} />
          </ActionIcon>
        </li>
      ))}
      {awaits && !answered && sorted.length > 0 && (
        <li data-state="awaited">
          <span className={c.ackIcon} />
          <div>
            <span>{t('document.855')}</span>
            <small>{t('interchange.awaited')}</small>
          </div>
        </li>
      )}
    </ol>
  );
}
