import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { Lock, LockOpen, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Room } from '../api/types';
import { queries, useMe } from '../app/queries';
import { say } from '../parts/say';

const WAITS_S = [0, 10, 30, 60, 300];

/** What the host of a room decides: whether one writes in it, and how often. */
export function Rules({ room }: { room: Room }) {
  const { t } = useTranslation();
  const me = useMe();
  if (!room.hosted || !me.can.includes('room.moderate')) return null;
  const change = async (form: { locked?: boolean; slow_s?: number }) => {
    try {
      await api.patch(`/rooms/${room.id}/rules`, form, room.revision);
    } catch (fault) {
      say.problem(fault);
    }
    for (const queryKey of [['deal', room.deal], ['room', room.id]]) void queries.invalidateQueries({ queryKey });
  };
  const waits = WAITS_S.includes(room.slow_s) ? WAITS_S : [...WAITS_S, room.slow_s];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('rules.title')} openDelay={300}>
          <ActionIcon size={24} aria-label={t('rules.title')}>
            <ShieldCheck size={14} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {room.kind !== 'topic' && (
          <>
            <Menu.Item
              leftSection={room.locked ? <LockOpen size={14} aria-hidden /> : <Lock size={14} aria-hidden />}
              onClick={() => void change({ locked: !room.locked })}
            >
              {t(room.locked ? 'rules.unlock' : 'rules.lock')}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Label>{t('rules.slow')}</Menu.Label>
        <Menu.RadioGroup
          value={String(room.slow_s)}
          onChange={(value) => void change({ slow_s: Number(value) })}
          aria-label={t('rules.slow')}
        >
          {waits.map((seconds) => (
            <Menu.RadioItem key={seconds} value={String(seconds)} closeMenuOnClick>
              {seconds === 0 ? t('rules.off') : t('rules.seconds', { count: seconds })}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
