import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Mail, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { DealGuest } from '../api/types';
import { useFormat } from '../app/format';
import { useKeys } from '../app/keys';
import { queries, useMe } from '../app/queries';
import { Face } from '../parts/Face';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import { AddGuest, TONES } from '../rooms/Guests';
import c from './forum.module.css';

/** Everybody outside who takes part in a deal: who can be reached by mail, in which topic, and who cannot. */
export function GuestsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { deal } = useParams({ from: '/shell/deals/$deal/guests' });
  const [adding, setAdding] = useState(false);
  const about = useQuery({ queryKey: ['deal', deal], queryFn: () => api.read(`/deals/${deal}`) });
  const topics = useQuery({ queryKey: ['topics', deal], queryFn: () => api.read(`/deals/${deal}/topics`) });
  // Whatever tells that the deal changed makes this stale, too.
  const asked = useQuery({
    queryKey: ['deal', deal, 'guests'],
    queryFn: () => api.read(`/deals/${deal}/guests`),
  });
  const fresh = () => queries.invalidateQueries({ queryKey: ['deal', deal] });
  const may = me.can.includes('guest.manage') && about.data?.state === 'open';
  const rooms = (topics.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }));
  useKeys({ Escape: () => void navigate({ to: '/deals/$deal/topics', params: { deal } }) });
  // Whoever brought somebody in takes them out, and so does the host.
  const mine = (guest: DealGuest) =>
    [guest.sponsor.id, about.data?.host.id].includes(me.organisation.id);
  const make = may && rooms.length > 0 && (
    <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t('guest.add')}
    </Button>
  );
  const remove = async (guest: DealGuest) => {
    try {
      await api.drop(`/rooms/${guest.room}/guests/${guest.id}`);
      await fresh();
      say.done(t('guest.removed', { name: guest.name }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Page
      title={t('guest.all')}
      lead={
        <Link to="/deals/$deal" params={{ deal }}>
          {about.data?.title ?? t('search.hidden_title')}
        </Link>
      }
      actions={make}
    >
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={4} height={56} />
      ) : asked.data.items.length === 0 ? (
        <Empty icon={Mail} title={t('guest.none')} text={t('guest.none_text')} action={make} />
      ) : (
        <ul className={c.list}>
          {asked.data.items.map((guest) => (
            <li key={guest.id} className={c.guest}>
              <Face name={guest.name} kind="outside" size={30} />
              <span className={c.what}>
                <span className={c.name}>
                  <b>{guest.name}</b>
                  <span>{guest.email}</span>
                </span>
                <small>
                  <Link to="/deals/$deal/topics/$room" params={{ deal, room: guest.room }}>
                    {guest.topic}
                  </Link>
                  {' · '}
                  {t('guest.sponsor', { name: guest.sponsor.name })}
                  <LastMail guest={guest} />
                </small>
              </span>
              {guest.suppressed && <Tag tone="problem">{t('guest.suppressed')}</Tag>}
              <Tag tone={TONES[guest.state]}>{t(`guest.${guest.state}`)}</Tag>
              {may && mine(guest) && (
                <ActionIcon
                  aria-label={t('guest.remove', { name: guest.name })}
                  onClick={() => void remove(guest)}
                >
                  <X size={15} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {adding && (
        <AddGuest
          title={t('guest.add')}
          rooms={rooms}
          onClose={() => setAdding(false)}
          onSend={(guest, room) => api.post(`/rooms/${room}/guests`, guest).then(fresh)}
        />
      )}
    </Page>
  );
}

function LastMail({ guest }: { guest: DealGuest }) {
  const { t } = useTranslation();
  const f = useFormat();
  if (!guest.last_mail) return null;
  return (
    <>
      {' · '}
      <Mail size={11} aria-hidden /> {t(`mail.${guest.last_mail.state}`)} {f.ago(guest.last_mail.at)}
    </>
  );
}
