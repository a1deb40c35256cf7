import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Route } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Lead } from '../api/types';
import { queries } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import { keep } from './keep';
import c from './leads.module.css';

/** To whom a lead would go by the rules, and why not to others. */
export function ByRules({ it }: { it: Lead }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const asked = useQuery({
    queryKey: ['lead', it.id, 'routing', it.revision],
    queryFn: () => api.read(`/leads/${it.id}/routing`),
    staleTime: 0,
  });
  if (!asked.data) return null;
  const { is_on: on, rule, partner, passed } = asked.data;
  if (!on && !partner && passed.length === 0) return null;
  const back = it.events?.at(-1)?.move === 'withdraw';
  const offer = async (organisation: string) => {
    setBusy(true);
    try {
      keep(await api.post(`/leads/${it.id}/offers`, { organisation, revision: it.revision }));
    } catch (fault) {
      say.problem(fault);
      void queries.invalidateQueries({ queryKey: ['lead', it.id] });
    }
    setBusy(false);
  };
  return (
    <Section title={t('lead.by_rules')}>
      <p className={c.means}>
        {partner ? t('lead.next', { partner: partner.name, rule }) : t('lead.next_none')}{' '}
        {partner && on && !back && t('lead.next_soon')}
      </p>
      <ul className={c.list}>
        {passed.map((one) => (
          <li key={one.rule + one.partner.id}>
            {t(`lead.passed.${one.why}`, { partner: one.partner.name })} <small>{one.rule}</small>
          </li>
        ))}
      </ul>
      {partner && (
        <Button
          mt="xs"
          variant="default"
          loading={busy}
          leftSection={<Route size={15} aria-hidden />}
          onClick={() => void offer(partner.id)}
        >
          {t('lead.next_offer', { partner: partner.name })}
        </Button>
      )}
    </Section>
  );
}
