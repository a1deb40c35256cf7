import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Handshake, Pencil, Plus, Unplug } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { TradingPartner } from '../api/types';
import { useCan } from '../app/queries';
import { Empty, Failed, SidePanel, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Table, type Column } from '../parts/Table';
import { CertificateFacts, Until } from './CertificateFacts';
import { FirstName, NamesOf } from './Names';
import { fresh } from './ours';
import { PartnerWizard } from './PartnerWizard';
import { TermsOf } from './TermsOf';
import { Trial } from './Trial';
import c from './stations.module.css';

/** Trading partners, and one of them beside the list. */
export function Partners({ onAdd }: { onAdd: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const [open, setOpen] = useState<string>();
  const asked = useQuery({ queryKey: ['as2', 'partners'], queryFn: () => api.read('/as2/partners') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={6} />;
  const rows = asked.data.items;
  if (rows.length === 0)
    return (
      <Empty
        icon={Handshake}
        title={t('as2.partners_none')}
        text={t('as2.partners_none_text')}
        action={
          can('as2.manage') && (
            <Button variant="default" leftSection={<Plus size={15} aria-hidden />} onClick={onAdd}>
              {t('as2.add_partner')}
            </Button>
          )
        }
      />
    );
  const columns: Column<TradingPartner>[] = [
    { key: 'name', title: t('as2.name'), width: 'minmax(130px, 1.2fr)', cell: (row) => row.name },
    {
      key: 'identifier',
      title: t('as2.identifier'),
      width: 'minmax(110px, 1fr)',
      minor: true,
      cell: (row) => <FirstName first={row.identifier} further={row.further} />,
    },
    {
      key: 'url',
      title: t('as2.url'),
      width: 'minmax(150px, 2fr)',
      minor: true,
      cell: (row) => row.url || t('as2.no_url'),
    },
    {
      key: 'until',
      title: t('as2.until'),
      width: '190px',
      cell: (row) => <Until certificate={row.certificates[0]} />,
    },
  ];
  const shown = rows.find((row) => row.id === open);
  return (
    <div className={c.split}>
      <Table
        label={t('as2.show.partners')}
        rows={rows}
        id={(row) => row.id}
        columns={columns}
        open={open}
        onOpen={(row) => setOpen(row.id)}
      />
      {shown && <Partner key={shown.id} partner={shown} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

function Partner({ partner, onClose }: { partner: TradingPartner; onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const [editing, setEditing] = useState(false);
  const [sure, setSure] = useState(false);
  const leave = async () => {
    try {
      await api.drop(`/as2/partners/${partner.id}`);
      say.done(t('as2.left', { name: partner.name }));
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
    await fresh();
  };
  return (
    <SidePanel title={partner.name} onClose={onClose}>
      <dl className={c.facts}>
        <dt>{t('as2.identifier')}</dt>
        <dd>
          <NamesOf first={partner.identifier} further={partner.further} />
        </dd>
        <dt>{t('as2.url')}</dt>
        <dd>{partner.url ? <code>{partner.url}</code> : t('as2.no_url')}</dd>
      </dl>
      {can('as2.manage') && partner.url && <Trial run={() => api.post(`/as2/partners/${partner.id}/test`)} words="as2" />}
      <h3 className={c.sub}>{t('as2.agreed')}</h3>
      <TermsOf terms={partner.terms} />
      <h3 className={c.sub}>{t('as2.certificates')}</h3>
      {partner.certificates.map((one, place) => (
        <CertificateFacts
          key={one.fingerprint}
          certificate={one}
          use={place === 0 ? t('as2.encrypts') : t('as2.verifies')}
        />
      ))}
      {can('as2.manage') && (
        <Group gap="xs" mt="md">
          <Button
            size="xs"
            variant="default"
            leftSection={<Pencil size={13} aria-hidden />}
            onClick={() => setEditing(true)}
          >
            {t('as2.change')}
          </Button>
          <Button
            size="xs"
            variant={sure ? 'filled' : 'subtle'}
            color="red"
            leftSection={<Unplug size={13} aria-hidden />}
            onClick={() => (sure ? void leave() : setSure(true))}
          >
            {t(sure ? 'as2.leave_sure' : 'as2.leave')}
          </Button>
        </Group>
      )}
      {editing && <PartnerWizard partner={partner} onClose={() => setEditing(false)} />}
    </SidePanel>
  );
}
