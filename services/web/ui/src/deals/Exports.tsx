import { ActionIcon, Button, Group, Menu, Modal, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Download, Ellipsis } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Deal } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useMe } from '../app/queries';
import { Failed, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag, type Tone } from '../parts/Tag';
import c from './exports.module.css';

const ROLES = ['owner', 'admin', 'channel_manager', 'seller'];
const TONES: Record<'waiting' | 'ready' | 'refused' | 'removed', Tone> = {
  waiting: 'wait',
  ready: 'ok',
  refused: 'problem',
  removed: 'plain',
};

/** What else can be done with a deal: taking it out as a file. */
export function ExportMenu({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const me = useMe();
  const [opened, { open, close }] = useDisclosure();
  if (!ROLES.includes(me.role)) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('deal.menu')}>
            <Ellipsis size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Download size={15} aria-hidden />} onClick={open}>
            {t('exports.take')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened && <Exports deal={deal} onClose={close} />}
    </>
  );
}

function Exports({ deal, onClose }: { deal: Deal; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const asked = useQuery({
    queryKey: ['exports', deal.id],
    queryFn: () => api.read(`/deals/${deal.id}/exports`),
  });
  const rows = asked.data?.items ?? [];
  const busy = rows.some((row) => row.state === 'waiting');
  const make = async () => {
    try {
      await api.post(`/deals/${deal.id}/exports`, undefined);
    } catch (fault) {
      say.problem(fault);
    }
    await queries.invalidateQueries({ queryKey: ['exports', deal.id] });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('exports.title')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="md">
        <p className={c.lead}>{t('exports.lead')}</p>
        {asked.isError ? (
          <Failed fault={asked.error} retry={() => void asked.refetch()} />
        ) : !asked.data ? (
          <Waiting rows={2} height={44} />
        ) : rows.length === 0 ? (
          <p className={c.none}>{t('exports.none')}</p>
        ) : (
          <ul className={c.list}>
            {rows.slice(0, 5).map((row) => (
              <li key={row.id}>
                <div>
                  <Tag tone={TONES[row.state]}>{t(`exports.${row.state}`)}</Tag>
                  <small>{t('exports.by', { name: row.asked_by, when: f.moment(row.asked_at) })}</small>
                  {row.state === 'ready' && row.expires_at && (
                    <small>
                      {t('exports.until', { size: f.bytes(row.bytes ?? 0), when: f.moment(row.expires_at) })}
                    </small>
                  )}
                </div>
                {row.state === 'ready' && (
                  <Button
                    component="a"
                    size="xs"
                    variant="default"
                    leftSection={<Download size={14} aria-hidden />}
                    href={`/api/v1/deals/${deal.id}/exports/${row.id}/file`}
                    download
                  >
                    {t('exports.fetch')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.close')}
          </Button>
          <Button disabled={busy || !asked.data} onClick={() => void make()}>
            {t('exports.ask')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
