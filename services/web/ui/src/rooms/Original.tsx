import { Group, Modal, SegmentedControl, Stack, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { RoomEvent } from '../api/types';
import { useFormat } from '../app/format';
import { Failed } from '../parts/Page';
import { Tag, type Tone } from '../parts/Tag';
import c from './files.module.css';

const CHECKS = ['spf', 'dkim', 'dmarc'] as const;
const TONES: Record<string, Tone> = { pass: 'ok', fail: 'problem', none: 'plain', unknown: 'plain' };

interface ByMail {
  verified?: boolean;
  sender?: string;
}

/** Beside a message that came by mail: whether its sender is proven, and the mail itself. */
export function ByMail({ event }: { event: RoomEvent }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure();
  const detail = (event.detail ?? {}) as ByMail;
  return (
    <span className={c.original}>
      {detail.verified === false && <Tag tone="wait">{t('mail.unverified')}</Tag>}
      {detail.sender && <span>{t('mail.sent_by', { address: detail.sender })}</span>}
      <UnstyledButton fz={12} td="underline" onClick={open}>
        {t('mail.original')}
      </UnstyledButton>
      {opened && <Original room={event.room} seq={event.seq} onClose={close} />}
    </span>
  );
}

type Side = 'page' | 'text' | 'header';

/** The mail behind a message. Its page stands in a frame in which nothing runs. */
function Original({ room, seq, onClose }: { room: string; seq: number; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [chosen, setChosen] = useState<Side>();
  const asked = useQuery({
    queryKey: ['original', room, seq],
    queryFn: ({ signal }) => api.read(`/rooms/${room}/mails/${String(seq)}`, undefined, signal),
  });
  const mail = asked.data;
  const side = chosen ?? (mail?.has_page ? 'page' : 'text');
  const sides: Side[] = mail?.has_page ? ['page', 'text', 'header'] : ['text', 'header'];
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={mail?.subject || t('mail.original')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {asked.isError && <Failed fault={asked.error} retry={() => void asked.refetch()} />}
      {mail && (
        <Stack gap="sm">
          <Group justify="space-between" gap="sm">
            <span>
              {t('mail.from')} <b>{mail.from}</b> · {f.moment(mail.at)}
            </span>
            <Group gap={6}>
              {CHECKS.map((check) => (
                <Tag key={check} tone={TONES[mail.checks[check]]}>
                  {check.toUpperCase()} {t(`mail.verdict.${mail.checks[check]}`)}
                </Tag>
              ))}
            </Group>
          </Group>
          <SegmentedControl
            size="xs"
            value={side}
            onChange={(value) => setChosen(value as Side)}
            data={sides.map((value) => ({ value, label: t(`mail.side.${value}`) }))}
          />
          {side === 'page' && (
            <>
              <iframe
                className={c.frame}
                sandbox=""
                referrerPolicy="no-referrer"
                title={t('mail.side.page')}
                src={`/api/v1/rooms/${room}/mails/${seq}/page`}
              />
              <small>{t('mail.page_lead')}</small>
            </>
          )}
          {side === 'text' && (
            <pre className={c.text} tabIndex={0}>
              {mail.text}
            </pre>
          )}
          {side === 'header' && (
            <dl className={c.header} tabIndex={0}>
              {mail.headers.map((line, at) => (
                <div key={at} style={{ display: 'contents' }}>
                  <dt>{line.name}</dt>
                  <dd>{line.value}</dd>
                </div>
              ))}
            </dl>
          )}
        </Stack>
      )}
    </Modal>
  );
}
