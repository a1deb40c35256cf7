import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { AckTimeline } from '../orders/AckTimeline';
import { Section } from '../parts/Page';
import c from './quotes.module.css';

/** The papers by EDI of a quote or of a request; nothing where it was written by hand alone. */
export function Papers({ of, id }: { of: 'quote' | 'rfq'; id: string }) {
  const { t } = useTranslation();
  const papers = useQuery({
    queryKey: ['papers', of, id],
    queryFn: () => (of === 'quote' ? api.read(`/quotes/${id}/papers`) : api.read(`/rfqs/${id}/papers`)),
  });
  const all = papers.data?.items ?? [];
  if (all.length === 0) return null;
  const left = all.reduce((sum, one) => sum + one.not_carried.length, 0);
  return (
    <Section title={t('order.papers')}>
      <AckTimeline documents={all} awaits={false} />
      {left > 0 && <p className={c.lead}>{t('edi.not_carried', { count: left })}</p>}
    </Section>
  );
}
