import { Button, Modal, NativeSelect, SegmentedControl, Textarea, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Archive } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Hold, Room } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import { HeldWords } from './HeldWords';
import c from './settings.module.css';

/** What the organisation keeps in spite of every rule, and why. */
export function HoldsPart() {
  const { t } = useTranslation();
  const [placing, place] = useDisclosure();
  const [reading, setReading] = useState<Hold | null>(null);
  const asked = useQuery({ queryKey: ['holds'], queryFn: () => api.read('/holds') });
  return (
    <Section
      title={t('hold.title')}
      aside={
        <Button size="compact-sm" variant="default" leftSection={<Archive size={13} aria-hidden />} onClick={place.open}>
          {t('hold.place')}
        </Button>
      }
    >
      <p className={c.lead}>{t('hold.lead')}</p>
      {!asked.data && <Waiting rows={2} />}
      {asked.data?.items.length === 0 && <p className={c.lead}>{t('hold.none')}</p>}
      <ul className={c.list}>
        {asked.data?.items.map((hold) => (
          <Row key={hold.id} hold={hold} onRead={() => setReading(hold)} />
        ))}
      </ul>
      {placing && <PlaceHold onClose={place.close} />}
      {reading && <HeldWords hold={reading} onClose={() => setReading(null)} />}
    </Section>
  );
}

function Row({ hold, onRead }: { hold: Hold; onRead: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [asking, ask] = useDisclosure();
  const release = async () => {
    try {
      await api.post(`/holds/${hold.id}/release`, { revision: hold.revision });
    } catch (fault) {
      say.problem(fault);
    }
    ask.close();
    await queries.invalidateQueries({ queryKey: ['holds'] });
  };
  const name = held(hold, t);
  return (
    <li className={c.hold}>
      <div>
        <b>
          {name} <Tag tone={hold.released_at ? 'plain' : 'wait'}>{t(hold.released_at ? 'hold.released' : 'hold.holds')}</Tag>
        </b>
        <small>
          <q>{hold.reason}</q> · {t('hold.by', { name: hold.placed_by, when: f.ago(hold.at) })}
          {hold.released_at &&
            ` · ${t('hold.released_by', { name: hold.released_by ?? '–', when: f.ago(hold.released_at) })}`}
        </small>
      </div>
      {!hold.released_at && (
        <Group gap="xs" wrap="nowrap">
          {hold.kept > 0 && (
            <Button size="compact-sm" variant="default" onClick={onRead} aria-label={t('hold.read_named', { name })}>
              {t('hold.kept', { count: hold.kept })}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={ask.open} aria-label={t('hold.release_named', { name })}>
            {t('hold.release')}
          </Button>
        </Group>
      )}
      {asking && (
        <Modal
          opened
          onClose={ask.close}
          title={t('hold.release_title', { name })}
          closeButtonProps={{ 'aria-label': t('do.close') }}
        >
          <p className={c.lead}>{t('hold.release_text')}</p>
          <Group justify="flex-end" mt="md" gap="sm">
            <Button variant="default" onClick={ask.close}>
              {t('do.cancel')}
            </Button>
            <Button color="red" onClick={() => void release()} data-autofocus>
              {t('hold.release')}
            </Button>
          </Group>
        </Modal>
      )}
    </li>
  );
}

type Say = (key: string, words?: Record<string, unknown>) => string;

/** What a hold is on, in words. */
export function held({ subject }: Hold, t: Say) {
  const title = subject.title ?? t('field.hidden');
  if (subject.kind === 'person') return t('hold.of_person', { name: title });
  if (subject.kind === 'space') return t('hold.of_space', { title });
  return t(`hold.of_room.${subject.room_kind ?? 'main'}`, { title });
}

function PlaceHold({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'space' | 'person'>('space');
  const [deal, setDeal] = useState('');
  const [room, setRoom] = useState('');
  const [person, setPerson] = useState('');
  const deals = useQuery({ queryKey: ['deals', 'all'], queryFn: () => api.read('/deals', { limit: 200 }) });
  const people = useQuery({ queryKey: ['people'], queryFn: () => api.read('/people') });
  const rooms = useQuery({
    queryKey: ['deal', deal, 'rooms'],
    queryFn: () => api.read(`/deals/${deal}/rooms`),
    enabled: deal !== '',
  });
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '');
    const what =
      kind === 'person'
        ? ({ kind, subject: person } as const)
        : room
          ? ({ kind: 'room', subject: room } as const)
          : ({ kind, subject: deal } as const);
    try {
      await api.post('/holds', { ...what, reason });
      await queries.invalidateQueries({ queryKey: ['holds'] });
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
  };
  const named = (one: Room) => (one.kind === 'topic' ? one.title : t(`hold.room.${one.kind}`));
  const none = { value: '', label: t('hold.choose'), disabled: true };
  return (
    <Modal opened onClose={onClose} title={t('hold.place')} closeButtonProps={{ 'aria-label': t('do.close') }}>
      <form onSubmit={(event) => void submit(event)} className={c.form}>
        <p className={c.lead}>{t(`hold.explain.${kind}`)}</p>
        <SegmentedControl
          size="xs"
          aria-label={t('hold.on')}
          value={kind}
          onChange={(value) => setKind(value as 'space')}
          data={[
            { value: 'space', label: t('hold.kind.space') },
            { value: 'person', label: t('hold.kind.person') },
          ]}
        />
        {kind === 'space' ? (
          <>
            <NativeSelect
              label={t('hold.deal')}
              required
              withAsterisk={false}
              value={deal}
              onChange={(event) => {
                setDeal(event.currentTarget.value);
                setRoom('');
              }}
              data={[
                none,
                ...(deals.data?.items ?? []).map((one) => ({ value: one.id, label: one.title ?? t('field.hidden') })),
              ]}
            />
            <NativeSelect
              label={t('hold.rooms')}
              value={room}
              disabled={deal === ''}
              onChange={(event) => setRoom(event.currentTarget.value)}
              data={[
                { value: '', label: t('hold.all_rooms') },
                ...(rooms.data?.items ?? []).map((one) => ({ value: one.id, label: named(one) })),
              ]}
            />
          </>
        ) : (
          <NativeSelect
            label={t('hold.person')}
            required
            withAsterisk={false}
            value={person}
            onChange={(event) => setPerson(event.currentTarget.value)}
            data={[none, ...(people.data?.items ?? []).map(({ person: one }) => ({ value: one.id, label: one.name }))]}
          />
        )}
        <Textarea
          name="reason"
          label={t('hold.reason')}
          description={t('hold.reason_lead')}
          required
          withAsterisk={false}
          maxLength={1000}
          autosize
          minRows={2}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button type="submit">{t('hold.place')}</Button>
        </Group>
      </form>
    </Modal>
  );
}
