import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Blend, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Mapping, MappingCell } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { AskForNames } from './AskForNames';
import { Asks } from './Asks';
import { Levels } from './Levels';
import c from './mapping.module.css';
import { Overlap } from './Overlap';
import { StateTag } from './StateTag';

/** What we and one partner have in common, and how far each of us goes. */
export function MappingPage() {
  const { partnership } = useParams({ from: '/shell/mapping/$partnership' });
  const asked = useQuery({
    queryKey: ['mapping', partnership],
    queryFn: () => api.read(`/mappings/${partnership}`),
  });
  if (asked.isError) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={6} height={60} />;
  return <Whole mapping={asked.data} />;
}

function Whole({ mapping }: { mapping: Mapping }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan();
  const name = mapping.partner.name;
  const compare = async () => {
    try {
      await api.post(`/mappings/${mapping.partnership}/compare`);
      await queries.invalidateQueries({ queryKey: ['mapping', mapping.partnership] });
      say.done(t('mapping.compare_asked'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Page
      title={t('mapping.with', { name })}
      lead={t(`mapping.means.${mapping.live ? mapping.state : 'dark'}`, { name })}
      tools={<StateTag state={mapping.state} />}
      actions={
        <>
          {can('mapping.ask') && mapping.cells.length > 0 && (
            <Button
              variant="default"
              leftSection={<RefreshCw size={15} aria-hidden />}
              disabled={mapping.comparing || Boolean(mapping.next_ask_at)}
              onClick={() => void compare()}
            >
              {t('mapping.compare')}
            </Button>
          )}
          <Button component={Link} to="/mapping" variant="default">
            {t('mapping.all')}
          </Button>
        </>
      }
    >
      <div className={c.stack}>
        <Section
          title={t('mapping.matrix')}
          aside={
            mapping.compared_at && (
              <small className={c.hint}>{t('mapping.compared', { when: f.ago(mapping.compared_at) })}</small>
            )
          }
        >
          {mapping.cells.length === 0 ? (
            <Empty icon={Blend} title={t('mapping.no_cell')} text={t('mapping.no_cell_text', { name })} />
          ) : (
            <Matrix mapping={mapping} />
          )}
        </Section>
        <Chosen mapping={mapping} />
        <Asks mapping={mapping} />
        <Levels mapping={mapping} />
        <Section title={t('mapping.leaves')}>
          <ul className={c.plain}>
            <li>{t('mapping.leaves_levels', { name })}</li>
            <li>{t('mapping.leaves_never')}</li>
            <li>{t('mapping.leaves_numbers')}</li>
          </ul>
        </Section>
      </div>
    </Page>
  );
}

const nameOf = (list: { id: string; name: string }[], id: string) => list.find((one) => one.id === id)?.name ?? '';

/** Our populations down, theirs across: how many they have in common. */
function Matrix({ mapping }: { mapping: Mapping }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { cell } = useSearch({ from: '/shell/mapping/$partnership' });
  const ours = mapping.yours.filter((one) => mapping.cells.some((it) => it.yours === one.id));
  const open = (one: MappingCell) =>
    void navigate({
      to: '/mapping/$partnership',
      params: { partnership: mapping.partnership },
      search: { cell: `${one.yours}.${one.theirs}` },
      replace: true,
    });
  return (
    <div className={c.scroll} tabIndex={0} role="group" aria-label={t('mapping.matrix')}>
      <table className={c.matrix}>
        <thead>
          <tr>
            <td />
            {mapping.theirs.map((one) => (
              <th key={one.id} scope="col">
                {one.name}
                <small>{t('mapping.of_partner', { name: mapping.partner.name })}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ours.map((own) => (
            <tr key={own.id}>
              <th scope="row">
                {own.name}
                <small>{t('mapping.of_us')}</small>
              </th>
              {mapping.theirs.map((their) => {
                const one = mapping.cells.find((it) => it.yours === own.id && it.theirs === their.id);
                return (
                  <td key={their.id}>
                    {one && (
                      <button
                        type="button"
                        className={c.cell}
                        aria-pressed={cell === `${one.yours}.${one.theirs}`}
                        onClick={() => open(one)}
                      >
                        <Common cell={one} />
                        <small>{t(`mapping.level.${one.level}`)}</small>
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Common({ cell }: { cell: MappingCell }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (cell.common.is === 'waiting') return <b>{t('mapping.waiting')}</b>;
  if (cell.common.is === 'few') return <b>{t('mapping.few')}</b>;
  return <b>{t('mapping.common', { count: cell.common.number, shown: f.number(cell.common.number) })}</b>;
}

/** The cell that was chosen: its customers, or the way to ask for them. */
function Chosen({ mapping }: { mapping: Mapping }) {
  const { t } = useTranslation();
  const { cell } = useSearch({ from: '/shell/mapping/$partnership' });
  const can = useCan()('mapping.ask');
  const [asking, setAsking] = useState(false);
  const one = mapping.cells.find((it) => `${it.yours}.${it.theirs}` === cell) ?? mapping.cells.find((it) => it.fields);
  if (!one) return null;
  const title = t('mapping.cell', {
    ours: nameOf(mapping.yours, one.yours),
    theirs: nameOf(mapping.theirs, one.theirs),
    name: mapping.partner.name,
  });
  const open = mapping.asks.some(
    (it) => it.asked_by === 'yours' && it.state === 'asked' && it.yours === one.yours && it.theirs === one.theirs,
  );
  return (
    <Section title={title}>
      {one.fields ? (
        <Overlap mapping={mapping} cell={one} fields={one.fields} />
      ) : (
        <div className={c.ask}>
          <p>{t('mapping.number_only', { name: mapping.partner.name })}</p>
          {open ? (
            <p className={c.hint}>{t('mapping.ask_waits', { name: mapping.partner.name })}</p>
          ) : (
            can && <Button onClick={() => setAsking(true)}>{t('mapping.ask')}</Button>
          )}
        </div>
      )}
      {asking && <AskForNames mapping={mapping} cell={one} onClose={() => setAsking(false)} />}
    </Section>
  );
}
