import { ActionIcon, Button, Checkbox, Group, Menu, Modal, NativeSelect, Radio, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { CARD_FIELDS, type CardField, type Deal, type Party, type PartyMove } from '../api/types';
import { queries, useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { Tag, type Tone } from '../parts/Tag';
import c from './deal.module.css';

const TONES: Record<Party['state'], Tone> = {
  invited: 'wait',
  active: 'ok',
  left: 'plain',
  removed: 'plain',
  dropped: 'plain',
  declined: 'problem',
  cancelled: 'plain',
};
const HERE: Party['state'][] = ['active', 'invited'];

/** Who takes part, what each may read, and the ways in and out. */
export function Parties({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [inviting, invite] = useDisclosure();
  const [narrowing, setNarrowing] = useState<Party | null>(null);
  const [leaving, setLeaving] = useState<{ party: Party; move: PartyMove } | null>(null);
  const here = deal.party_list.filter((party) => HERE.includes(party.state));
  const past = deal.party_list.filter((party) => !HERE.includes(party.state));

  const make = async (party: Party, move: PartyMove) => {
    try {
      await api.post(`/deals/${deal.id}/parties/${party.id}/moves`, { move });
      setLeaving(null);
      if (move === 'leave' || move === 'decline') {
        void queries.invalidateQueries({ queryKey: ['board'] });
        void navigate({ to: '/deals' });
        return say.done(t('parties.done.leave'));
      }
      await queries.invalidateQueries({ queryKey: ['deal', deal.id] });
      say.done(t(`parties.done.${move}`, { name: party.organisation.name }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const row = (party: Party) => (
    <li key={party.id} className={c.party}>
      <Face name={party.organisation.name} kind="organisation" size={28} />
      <div>
        <b>{party.organisation.name}</b>
        <small>
          {party.role === 'host'
            ? t('parties.host')
            : t('parties.sees', {
                fields:
                  CARD_FIELDS.filter((field) => party.fields.includes(field))
                    .map((field) => t(`field.${field}`))
                    .join(', ') || t('parties.nothing'),
              })}
        </small>
      </div>
      {party.role !== 'host' && <Tag tone={TONES[party.state]}>{t(`parties.${party.state}`)}</Tag>}
      {(party.moves.length > 0 ||
        (deal.you.can_invite && party.role !== 'host' && party.state === 'active')) && (
        <Menu>
          <Menu.Target>
            <ActionIcon size={26} aria-label={t('parties.menu', { name: party.organisation.name })}>
              <Ellipsis size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {deal.you.can_invite && party.role !== 'host' && party.organisation.id !== me.organisation.id && (
              <Menu.Item onClick={() => setNarrowing(party)}>{t('parties.change_fields')}</Menu.Item>
            )}
            {party.moves.map((move) => (
              <Menu.Item
                key={move}
                color={move === 'remove' || move === 'leave' ? 'red' : undefined}
                onClick={() =>
                  move === 'remove' || move === 'leave' ? setLeaving({ party, move }) : void make(party, move)
                }
              >
                {t(`parties.do.${move}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
  return (
    <Section
      title={t('deal.parties')}
      aside={
        deal.you.can_invite && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<UserPlus size={13} aria-hidden />}
            onClick={invite.open}
          >
            {t('parties.invite')}
          </Button>
        )
      }
    >
      <ul className={c.parties}>{here.map(row)}</ul>
      {past.length > 0 && (
        <details className={c.past}>
          <summary>{t('parties.past', { count: past.length })}</summary>
          <ul className={c.parties}>{past.map(row)}</ul>
        </details>
      )}
      {inviting && <InviteParty deal={deal} onClose={invite.close} />}
      {narrowing && <FieldsOf deal={deal} party={narrowing} onClose={() => setNarrowing(null)} />}
      {leaving && (
        <Modal
          opened
          onClose={() => setLeaving(null)}
          title={t(`parties.do.${leaving.move}`)}
          closeButtonProps={{ 'aria-label': t('do.close') }}
        >
          <p className={c.consequence}>
            {t(`parties.sure.${leaving.move}`, { name: leaving.party.organisation.name })}
          </p>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setLeaving(null)}>
              {t('do.cancel')}
            </Button>
            <Button color="red" onClick={() => void make(leaving.party, leaving.move)}>
              {t(`parties.do.${leaving.move}`)}
            </Button>
          </Group>
        </Modal>
      )}
    </Section>
  );
}

function FieldChoice({ fields, onChange }: { fields: CardField[]; onChange: (fields: CardField[]) => void }) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group
      label={t('parties.fields')}
      description={t('parties.fields_lead')}
      value={fields}
      onChange={(next) => onChange(next as CardField[])}
    >
      <div className={c.checks}>
        {CARD_FIELDS.map((field) => (
          <Checkbox key={field} size="sm" value={field} label={t(`field.${field}`)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function InviteParty({ deal, onClose }: { deal: Deal; onClose: () => void }) {
  const { t } = useTranslation();
  const partners = useQuery({
    queryKey: ['partnerships'],
    queryFn: () => api.read('/partnerships'),
  });
  const taken = deal.party_list
    .filter((party) => HERE.includes(party.state))
    .map((party) => party.organisation.id);
  const free = (partners.data?.items ?? []).filter(
    (one) => one.state === 'active' && one.partner.id && !taken.includes(one.partner.id),
  );
  const [partner, setPartner] = useState('');
  const [fields, setFields] = useState<CardField[]>([...CARD_FIELDS]);
  const [history, setHistory] = useState<'all' | 'from_join'>('all');
  const [can, setCan] = useState('edit');
  const [mayExport, setMayExport] = useState(false);
  const [refusal, setRefusal] = useState('');
  const chosen = partner || free[0]?.partner.id || '';
  const send = async () => {
    const verbs = ['read', 'comment', ...(can === 'edit' ? ['edit'] : []), ...(mayExport ? ['export'] : [])];
    try {
      await api.post(`/deals/${deal.id}/parties`, { organisation: chosen, fields, verbs, history });
      await queries.invalidateQueries({ queryKey: ['deal', deal.id] });
      say.done(t('parties.done.invite'));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('parties.invite')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="md">
        {partners.data && free.length === 0 ? (
          <p className={c.consequence}>{t('parties.no_partner')}</p>
        ) : (
          <>
            <NativeSelect
              label={t('parties.partner')}
              value={chosen}
              onChange={(event) => setPartner(event.currentTarget.value)}
              data={free.map((one) => ({ value: one.partner.id!, label: one.partner.name }))}
            />
            <FieldChoice fields={fields} onChange={setFields} />
            <NativeSelect
              label={t('parties.can')}
              value={can}
              onChange={(event) => setCan(event.currentTarget.value)}
              data={[
                { value: 'edit', label: t('parties.can_edit') },
                { value: 'comment', label: t('parties.can_comment') },
              ]}
            />
            <Checkbox
              size="sm"
              label={t('parties.can_export')}
              checked={mayExport}
              onChange={(event) => setMayExport(event.currentTarget.checked)}
            />
            <Radio.Group label={t('parties.history')} value={history} onChange={setHistory}>
              <Stack gap={6} mt={4}>
                <Radio size="sm" value="all" label={t('parties.history_all')} />
                <Radio size="sm" value="from_join" label={t('parties.history_from')} />
              </Stack>
            </Radio.Group>
          </>
        )}
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button disabled={!chosen} onClick={() => void send()}>
            {t('parties.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function FieldsOf({ deal, party, onClose }: { deal: Deal; party: Party; onClose: () => void }) {
  const { t } = useTranslation();
  const [fields, setFields] = useState<CardField[]>(party.fields);
  const save = async () => {
    try {
      await api.patch(`/deals/${deal.id}/parties/${party.id}`, { fields }, party.revision);
      await queries.invalidateQueries({ queryKey: ['deal', deal.id] });
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('parties.fields_of', { name: party.organisation.name })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="md">
        <FieldChoice fields={fields} onChange={setFields} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button onClick={() => void save()}>{t('do.save')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
