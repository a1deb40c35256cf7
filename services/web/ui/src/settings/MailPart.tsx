import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { MailHabit, MailPace, OwnMail } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useMe } from '../app/queries';
import { Failed, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { choosePace, PACES, useOwnMail } from '../rooms/pace';
import c from './settings.module.css';

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Every zone that this browser knows, and the one that is kept. */
const zones = (kept: string) =>
  [...new Set([kept, here(), 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();

/** How one wants mail of what was said and not read, and mails in one's name that wait. */
export function MailPart() {
  const { t } = useTranslation();
  const asked = useOwnMail();
  return (
    <>
      <Section title={t('settings.part.mail')}>
        <p className={c.lead}>{t('pace.lead')}</p>
        {asked.isError && <Failed fault={asked.error} retry={() => void asked.refetch()} />}
        {asked.isPending && <Waiting rows={3} />}
        {asked.data && <Usual habit={asked.data} />}
      </Section>
      {!!asked.data?.rooms.length && <Exceptions habit={asked.data} />}
      <Held />
    </>
  );
}

function Usual({ habit }: { habit: MailHabit }) {
  const { t } = useTranslation();
  const me = useMe();
  const keep = async (change: Partial<MailHabit>) => {
    const { pace, hour, zone } = { ...habit, ...change };
    try {
      queries.setQueryData(['own-mail'], await api.put('/me/mail', { pace, hour, zone }));
      await queries.invalidateQueries({ queryKey: ['room-pace'] });
    } catch (fault) {
      say.problem(fault);
    }
  };
  // Whoever says for the first time that mail is wanted means the clocks around them.
  const chosen = (pace: MailPace) =>
    keep(habit.pace === 'off' && habit.zone === 'UTC' ? { pace, zone: here() } : { pace });
  return (
    <>
      <div className={c.choice}>
        <div>
          <b>{t('pace.usual')}</b>
          <small>{t('pace.usual_lead', { email: me.person.email })}</small>
        </div>
        <Select
          size="xs"
          w={210}
          aria-label={t('pace.usual')}
          allowDeselect={false}
          value={habit.pace}
          data={PACES.map((value) => ({ value, label: t(`pace.${value}`) }))}
          onChange={(pace) => pace && void chosen(pace as MailPace)}
        />
      </div>
      <div className={c.choice}>
        <div>
          <b>{t('pace.hour')}</b>
          <small>{t('pace.hour_lead')}</small>
        </div>
        <Select
          size="xs"
          w={210}
          aria-label={t('pace.hour')}
          allowDeselect={false}
          value={`${habit.hour}`}
          data={Array.from({ length: 24 }, (_, hour) => ({
            value: `${hour}`,
            label: `${String(hour).padStart(2, '0')}:00`,
          }))}
          onChange={(hour) => hour && void keep({ hour: Number(hour) })}
        />
      </div>
      <div className={c.choice}>
        <div>
          <b>{t('pace.zone')}</b>
          <small>{t('pace.zone_lead')}</small>
        </div>
        <Select
          size="xs"
          w={210}
          searchable
          aria-label={t('pace.zone')}
          allowDeselect={false}
          value={habit.zone}
          data={zones(habit.zone)}
          onChange={(zone) => zone && void keep({ zone })}
        />
      </div>
    </>
  );
}

/** The rooms with a pace of their own. */
function Exceptions({ habit }: { habit: MailHabit }) {
  const { t } = useTranslation();
  return (
    <Section title={t('pace.rooms')}>
      <ul className={c.list}>
        {habit.rooms.map((one) => (
          <li key={one.room}>
            <div>
              <b>
                {one.kind === 'direct' ? (
                  <Link to="/messages/$room" params={{ room: one.room }}>
                    {one.title || t('pace.untitled')}
                  </Link>
                ) : one.kind === 'topic' ? (
                  <Link to="/deals/$deal/topics/$room" params={{ deal: one.space, room: one.room }}>
                    {one.title}
                  </Link>
                ) : (
                  <Link to="/deals/$deal" params={{ deal: one.space }}>
                    {one.title || t('pace.untitled')}
                  </Link>
                )}
              </b>
              <small>
                {one.kind === 'internal' ? `${t('room.internal')} · ` : ''}
                {t(`pace.${one.pace}`)}
              </small>
            </div>
            <Button size="compact-sm" variant="default" onClick={() => void choosePace(one.room, null)}>
              {t('pace.as_usual')}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Mails that bear one's own name and are in doubt. */
function Held() {
  const { t } = useTranslation();
  const f = useFormat();
  const [open, setOpen] = useState<OwnMail>();
  const asked = useQuery({ queryKey: ['own-held'], queryFn: () => api.read('/me/mail/held') });
  if (!asked.data?.items.length) return null;
  return (
    <Section title={t('pace.held')}>
      <p className={c.lead}>{t('pace.held_lead')}</p>
      <ul className={c.list}>
        {asked.data.items.map((mail) => (
          <li key={mail.id}>
            <div>
              <b>{mail.subject || t('mail.no_subject')}</b>
              <small>
                {mail.from} · {f.ago(mail.at)} · {mail.reason}
              </small>
            </div>
            <Button size="compact-sm" variant="default" onClick={() => setOpen(mail)}>
              {t('pace.look')}
            </Button>
          </li>
        ))}
      </ul>
      {open && <Opened mail={open} onClose={() => setOpen(undefined)} />}
    </Section>
  );
}

function Opened({ mail, onClose }: { mail: OwnMail; onClose: () => void }) {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: ['own-held', mail.id],
    queryFn: () => api.read(`/me/mail/held/${mail.id}`),
  });
  const settle = async (how: 'release' | 'discard') => {
    try {
      await (how === 'release'
        ? api.post(`/me/mail/held/${mail.id}/release`)
        : api.post(`/me/mail/held/${mail.id}/discard`));
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
    await queries.invalidateQueries({ queryKey: ['own-held'] });
  };
  return (
    <Modal opened onClose={onClose} title={mail.subject || t('mail.no_subject')}>
      <Stack>
        <small>{mail.reason}</small>
        {asked.isPending && <Waiting rows={3} />}
        {asked.data && <p style={{ whiteSpace: 'pre-wrap', margin: 0 }}>{asked.data.text || '…'}</p>}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void settle('discard')}>
            {t('pace.discard')}
          </Button>
          <Button onClick={() => void settle('release')}>{t('pace.release')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
