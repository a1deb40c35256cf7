import { Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { MAPPING_FIELDS, type Mapping, type MappingAsk, type MappingField } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useCan } from '../app/queries';
import { Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { Tag, type Tone } from '../parts/Tag';
import c from './mapping.module.css';

const TONES: Record<MappingAsk['state'], Tone> = {
  asked: 'wait',
  granted: 'ok',
  narrowed: 'ok',
  refused: 'plain',
  expired: 'plain',
  revoked: 'plain',
};

/** Who asked for which names, and what became of it. */
export function Asks({ mapping }: { mapping: Mapping }) {
  const { t } = useTranslation();
  const f = useFormat();
  const can = useCan()('mapping.levels');
  const [answering, setAnswering] = useState<MappingAsk | null>(null);
  if (mapping.asks.length === 0) return null;
  const name = mapping.partner.name;
  const move = async (ask: MappingAsk, step: 'refuse' | 'revoke') => {
    try {
      const path = `/mappings/${mapping.partnership}/asks/${ask.id}/moves` as const;
      const now = await api.post(path, { move: step, revision: ask.revision });
      queries.setQueryData(['mapping', mapping.partnership], now);
      say.done(t(`mapping.done.${step}`, { name }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Section title={t('mapping.asks')}>
      <ul className={c.asks}>
        {mapping.asks.map((ask) => (
          <li key={ask.id} data-ask={ask.state}>
            <div className={c.name}>
              <b>
                {t(ask.asked_by === 'yours' ? 'mapping.we_asked' : 'mapping.they_asked', {
                  name,
                  ours: ask.your_name,
                  theirs: ask.their_name,
                })}
              </b>
              {ask.message && <q>{ask.message}</q>}
              <small>
                {f.ago(ask.asked_at)}
                {ask.fields.length > 0 &&
                  ` · ${t('mapping.shows', { fields: ask.fields.map((one) => t(`field.${one}`)).join(', ') })}`}
              </small>
            </div>
            <Tag tone={TONES[ask.state]}>{t(`mapping.ask_state.${ask.state}`)}</Tag>
            {can && ask.moves.length > 0 && (
              <div className={c.buttons}>
                {ask.moves.includes('grant') && (
                  <Button size="compact-sm" onClick={() => setAnswering(ask)}>
                    {t('mapping.move.grant')}
                  </Button>
                )}
                {ask.moves.includes('narrow') && ask.fields.length > 1 && (
                  <Button size="compact-sm" variant="default" onClick={() => setAnswering(ask)}>
                    {t('mapping.move.narrow')}
                  </Button>
                )}
                {ask.moves.includes('refuse') && (
                  <Button size="compact-sm" variant="default" onClick={() => void move(ask, 'refuse')}>
                    {t('mapping.move.refuse')}
                  </Button>
                )}
                {ask.moves.includes('revoke') && (
                  <Button size="compact-sm" variant="default" onClick={() => void move(ask, 'revoke')}>
                    {t('mapping.move.revoke')}
                  </Button>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      {answering && <Answer mapping={mapping} ask={answering} onClose={() => setAnswering(null)} />}
    </Section>
  );
}

/** Which fields the partner sees of the customers in common. */
function Answer({ mapping, ask, onClose }: { mapping: Mapping; ask: MappingAsk; onClose: () => void }) {
  const { t } = useTranslation();
  const narrows = ask.moves.includes('narrow');
  const offered = MAPPING_FIELDS.filter((field) => !narrows || ask.fields.includes(field));
  const [fields, setFields] = useState<MappingField[]>(narrows ? offered : ['name']);
  const [refusal, setRefusal] = useState('');
  const name = mapping.partner.name;
  const send = async () => {
    try {
      const path = `/mappings/${mapping.partnership}/asks/${ask.id}/moves` as const;
      const step = narrows ? 'narrow' : 'grant';
      const now = await api.post(path, { move: step, revision: ask.revision, fields });
      queries.setQueryData(['mapping', mapping.partnership], now);
      say.done(t(`mapping.done.${step}`, { name }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('mapping.answer_title', { name })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="md">
        <p className={c.hint}>{t('mapping.answer_lead', { ours: ask.your_name, theirs: ask.their_name })}</p>
        <Checkbox.Group
          label={t('mapping.fields', { name })}
          value={fields}
          onChange={(next) => setFields(next as MappingField[])}
        >
          <div className={c.checks}>
            {offered.map((field) => (
              <Checkbox key={field} size="sm" value={field} label={t(`field.${field}`)} />
            ))}
          </div>
        </Checkbox.Group>
        {refusal && (
          <p role="alert" className={c.refusal}>
            {refusal}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button disabled={fields.length === 0} onClick={() => void send()}>
            {t('mapping.show_fields', { count: fields.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
