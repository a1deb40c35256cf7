import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Blend, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { MappingItem, Population } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Face } from '../parts/Face';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import c from './mapping.module.css';
import { PopulationForm } from './PopulationForm';
import { StateTag } from './StateTag';

/** With whom we compare customers, and which customers we have to compare. */
export function MappingsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { view = 'partners' } = useSearch({ from: '/shell/mapping' });
  const can = useCan();
  const [editing, setEditing] = useState<Population | 'new' | null>(null);
  return (
    <Page
      title={t('mapping.title')}
      lead={t('mapping.lead')}
      tools={
        <SegmentedControl
          size="xs"
          aria-label={t('mapping.view')}
          value={view}
          onChange={(next) =>
            void navigate({ to: '/mapping', search: { view: next === 'populations' ? next : undefined } })
          }
          data={[
            { value: 'partners', label: t('mapping.partners') },
            { value: 'populations', label: t('mapping.populations') },
          ]}
        />
      }
      actions={
        can('mapping.populations') && (
          <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
            {t('mapping.new_population')}
          </Button>
        )
      }
    >
      {view === 'populations' ? <Populations onEdit={setEditing} /> : <Partners />}
      {editing && (
        <PopulationForm population={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </Page>
  );
}

function Partners() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ['mappings'], queryFn: () => api.read('/mappings') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={4} height={60} />;
  if (asked.data.items.length === 0)
    return <Empty icon={Blend} title={t('mapping.no_partner')} text={t('mapping.no_partner_text')} />;
  return (
    <ul className={c.list}>
      {asked.data.items.map((one) => (
        <Partner key={one.partnership} one={one} />
      ))}
    </ul>
  );
}

function Partner({ one }: { one: MappingItem }) {
  const { t } = useTranslation();
  const f = useFormat();
  return (
    <li className={c.row}>
      <Face name={one.partner.name} kind="organisation" size={34} />
      <div className={c.name}>
        <Link to="/mapping/$partnership" params={{ partnership: one.partnership }}>
          {one.partner.name}
        </Link>
        <small>
          {t('mapping.shown_each', { ours: f.number(one.shown), theirs: f.number(one.their_shown) })}
        </small>
      </div>
      {one.to_answer > 0 && <Tag tone="wait">{t('mapping.to_answer', { count: one.to_answer })}</Tag>}
      <StateTag state={one.state} />
    </li>
  );
}

function Populations({ onEdit }: { onEdit: (one: Population) => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan()('mapping.populations');
  const asked = useQuery({ queryKey: ['populations'], queryFn: () => api.read('/populations') });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={4} height={60} />;
  if (asked.data.items.length === 0)
    return <Empty icon={Blend} title={t('mapping.no_population')} text={t('mapping.no_population_text')} />;
  const drop = async (one: Population) => {
    try {
      await api.drop(`/populations/${one.id}`);
      await queries.invalidateQueries({ queryKey: ['populations'] });
      say.done(t('mapping.deleted', { name: one.name }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const made = (one: Population) => {
    if (one.source === 'list') return t('mapping.of_list', { file: one.filename ?? '' });
    const { segment, country, city } = one.filter;
    const parts = [segment, country, city].filter(Boolean).join(' · ');
    return parts ? t('mapping.of_filter', { filter: parts }) : t('mapping.of_all');
  };
  return (
    <ul className={c.list}>
      {asked.data.items.map((one) => (
        <li key={one.id} className={c.row} data-population={one.name}>
          <div className={c.name}>
            <b>{one.name}</b>
            <small>{made(one)}</small>
            <small>
              {t('mapping.rows', { count: one.rows, shown: f.number(one.rows), keyed: f.number(one.keyed) })}
              {' · '}
              {t('mapping.shown_to', { count: one.shown_to })}
            </small>
          </div>
          {can && (
            <div className={c.buttons}>
              <Button size="compact-sm" variant="default" onClick={() => onEdit(one)}>
                {t('mapping.edit')}
              </Button>
              <Button size="compact-sm" variant="subtle" onClick={() => void drop(one)}>
                {t('mapping.delete')}
              </Button>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
