import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Handshake, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Partnership } from '../api/types';
import { useFormat } from '../app/format';
import { useKeys } from '../app/keys';
import { useCan } from '../app/queries';
import { Face } from '../parts/Face';
import { Empty, Failed, Page, SidePanel, Waiting } from '../parts/Page';
import { InvitePartner } from './InvitePartner';
import { Moves } from './Moves';
import { PartnershipTag } from './PartnershipTag';
import c from './partners.module.css';

const RANK: Partnership['state'][] = ['proposed', 'active', 'suspended', 'ending', 'ended', 'closed'];

export function PartnersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  const { open } = useSearch({ from: '/shell/partners' });
  const asked = useQuery({
    queryKey: ['partnerships'],
    queryFn: () => api.read('/partnerships'),
  });
  const go = (next?: string) => void navigate({ to: '/partners', search: { open: next }, replace: true });
  const items = [...(asked.data?.items ?? [])].sort(
    (a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state) || a.partner.name.localeCompare(b.partner.name),
  );
  const asking = items.filter((one) => one.moves.includes('accept'));
  const rest = items.filter((one) => !one.moves.includes('accept'));
  const chosen = items.find((one) => one.id === open);
  const step = (by: number) => {
    const buttons = [...document.querySelectorAll<HTMLElement>('[data-partner] button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + by))]?.focus();
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
  return (
    <Page
      wide
      title={t('nav.partners')}
      lead={t('partners.lead')}
      actions={
        can('partnership.run') && (
          <Button leftSection={<UserPlus size={15} aria-hidden />} onClick={() => go('new')}>
            {t('partners.invite')}
          </Button>
        )
      }
    >
      {asking.map((one) => (
        <Asking key={one.id} partnership={one} />
      ))}
      <div className={c.split}>
        {asked.isError ? (
          <Failed fault={asked.error} retry={() => void asked.refetch()} />
        ) : !asked.data ? (
          <div style={{ flex: 1 }}>
            <Waiting rows={5} height={60} />
          </div>
        ) : items.length === 0 ? (
          <Empty
            icon={Handshake}
            title={t('partners.none')}
            text={t('partners.none_text')}
            action={
              can('partnership.run') && <Button onClick={() => go('new')}>{t('partners.invite')}</Button>
            }
          />
        ) : (
          <ul className={c.list}>
            {rest.map((one) => (
              <Row key={one.id} one={one} open={one.id === open} onOpen={() => go(one.id)} />
            ))}
          </ul>
        )}
        {chosen && <Panel partnership={chosen} onClose={() => go()} />}
      </div>
      {open === 'new' && can('partnership.run') && <InvitePartner onClose={() => go()} onMade={go} />}
    </Page>
  );
}

function Row({ one, open, onOpen }: { one: Partnership; open: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <li className={c.row} data-partner={one.partner.domain} data-open={open || undefined} onClick={onOpen}>
      <Face name={one.partner.name || one.partner.domain} kind="organisation" size={34} />
      <div className={c.name}>
        <button type="button">{one.partner.name || one.partner.domain}</button>
        <small>{one.partner.domain}</small>
      </div>
      <span className={c.spaces}>{t('partners.spaces', { count: one.shared_spaces })}</span>
      <PartnershipTag partnership={one} />
    </li>
  );
}

/** An invitation to us: what it means, and the two answers. */
function Asking({ partnership }: { partnership: Partnership }) {
  const { t } = useTranslation();
  return (
    <section className={c.asking}>
      <Face name={partnership.partner.name} kind="organisation" size={36} />
      <div>
        <h2>{t('partners.asked', { name: partnership.partner.name })}</h2>
        {partnership.message && <blockquote>{partnership.message}</blockquote>}
        <p>{t('partners.start')}</p>
      </div>
      <Moves partnership={partnership} />
    </section>
  );
}

function Panel({ partnership, onClose }: { partnership: Partnership; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const { partner } = partnership;
  const facts: [string, string | undefined | null][] = [
    [t('field.domain'), partner.domain],
    [t('partners.since'), f.moment(partnership.created_at)],
    [t('partners.shared'), t('partners.spaces', { count: partnership.shared_spaces })],
    [t('partners.message'), partnership.message],
    [
      t('partners.expires'),
      partnership.state === 'proposed' && partnership.expires_at ? f.moment(partnership.expires_at) : null,
    ],
    [t('partners.ends'), partnership.ends_at ? f.moment(partnership.ends_at) : null],
    [t('partners.reason'), partnership.reason],
  ];
  return (
    <SidePanel title={partner.name || partner.domain} onClose={onClose}>
      <p className={c.state}>
        <PartnershipTag partnership={partnership} />
      </p>
      <p className={c.lead}>{t(`partners.means.${partnership.state}`, { name: partner.name })}</p>
      <dl className={c.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {partnership.state === 'active' && can('mapping.read') && (
        <Button
          onClick={() =>
            void navigate({ to: '/mapping/$partnership', params: { partnership: partnership.id } })
          }
          variant="default"
          fullWidth
          mt={16}
        >
          {t('mapping.title')}
        </Button>
      )}
      <Moves partnership={partnership} stacked />
    </SidePanel>
  );
}
