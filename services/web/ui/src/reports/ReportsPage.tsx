import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Flag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Report } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import c from './reports.module.css';

/** What people found wrong, for those who answer for their side. */
export function ReportsPage() {
  const { t } = useTranslation();
  const [show, setShow] = useState<'open' | 'settled'>('open');
  const asked = useQuery({
    queryKey: ['reports', show],
    queryFn: () => api.read('/reports', { settled: show === 'settled' }),
  });
  const items = asked.data?.items ?? [];
  return (
    <Page
      title={t('nav.reports')}
      lead={t('report.lead')}
      tools={
        <SegmentedControl
          size="xs"
          aria-label={t('report.show')}
          value={show}
          onChange={(value) => setShow(value as 'open')}
          data={[
            { value: 'open', label: t('report.open') },
            { value: 'settled', label: t('report.settled') },
          ]}
        />
      }
    >
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={4} height={110} />
      ) : items.length === 0 ? (
        <Empty icon={Flag} title={t('report.none')} text={t('report.none_text')} />
      ) : (
        <ul className={c.list}>
          {items.map((one) => (
            <Row key={one.id} report={one} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Row({ report }: { report: Report }) {
  const { t } = useTranslation();
  const f = useFormat();
  const direct = report.room_kind === 'direct';
  const settle = async () => {
    try {
      await api.patch(`/reports/${report.id}`, { settled: !report.settled }, report.revision);
    } catch (fault) {
      say.problem(fault);
    }
    await queries.invalidateQueries({ queryKey: ['reports'] });
  };
  const place = direct ? t('report.direct') : (report.deal_title ?? t('field.hidden'));
  return (
    <li className={c.report}>
      <header>
        <b>{t('report.of', { name: report.author_name, organisation: report.author_organisation ?? '–' })}</b>
        <span>{place}</span>
        <time dateTime={report.at} title={f.precise(report.at)}>
          {f.ago(report.at)}
        </time>
      </header>
      <blockquote>{report.body ?? t(direct ? 'report.private' : 'report.no_words')}</blockquote>
      <p>
        {t('report.by', { name: report.reporter_name, organisation: report.reporter_organisation })}{' '}
        <q>{report.reason}</q>
      </p>
      <footer>
        {report.settled_by && report.settled_at && (
          <small>{t('report.settled_by', { name: report.settled_by, when: f.ago(report.settled_at) })}</small>
        )}
        {!direct && (
          <Button
            variant="default"
            size="compact-sm"
            component={Link}
            {...({
              to: '/deals/$deal',
              params: { deal: report.deal },
              search: { room: report.room, at: report.seq },
            } as object)}
          >
            {t('report.look')}
          </Button>
        )}
        <Button size="compact-sm" variant={report.settled ? 'default' : 'filled'} onClick={() => void settle()}>
          {t(report.settled ? 'report.reopen' : 'report.settle')}
        </Button>
      </footer>
    </li>
  );
}
