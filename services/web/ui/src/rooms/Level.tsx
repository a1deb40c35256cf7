import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { AtSign, Bell, BellOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MailPace } from '../api/types';
import { chooseLevel, useRoomOwn } from './own';
import { choosePace, PACES, useRoomPace } from './pace';

export const LEVELS = [
  { level: 'all', Icon: Bell },
  { level: 'mentions', Icon: AtSign },
  { level: 'nothing', Icon: BellOff },
] as const;

/** Which notices come of a room: of any message, of mentions, or none; and how soon mail tells of it. */
export function Level({ room }: { room: string }) {
  const { t } = useTranslation();
  const { data } = useRoomOwn(room);
  const [open, setOpen] = useState(false);
  const pace = useRoomPace(room, open);
  const current = LEVELS.find((one) => one.level === data?.level) ?? LEVELS[0];
  const label = t('level.now', { level: t(`level.${current.level}`) });
  return (
    <Menu position="bottom-end" opened={open} onChange={setOpen}>
      <Menu.Target>
        <Tooltip label={label} openDelay={300}>
          <ActionIcon size={24} aria-label={label}>
            <current.Icon size={14} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('level.title')}</Menu.Label>
        <Menu.RadioGroup
          value={current.level}
          onChange={(level) => void chooseLevel(room, level as (typeof LEVELS)[number]['level'])}
        >
          {LEVELS.map(({ level, Icon }) => (
            <Menu.RadioItem
              key={level}
              value={level}
              closeMenuOnClick
              rightSection={<Icon size={14} aria-hidden />}
            >
              {t(`level.${level}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {pace.data && (
          <>
            <Menu.Divider />
            <Menu.Label>{t('pace.title')}</Menu.Label>
            <Menu.RadioGroup
              value={pace.data.pace ?? ''}
              onChange={(chosen) => void choosePace(room, (chosen || null) as MailPace | null)}
            >
              <Menu.RadioItem value="" closeMenuOnClick>
                {t('pace.usually', { pace: t(`pace.${pace.data.usual}`) })}
              </Menu.RadioItem>
              {PACES.map((one) => (
                <Menu.RadioItem key={one} value={one} closeMenuOnClick>
                  {t(`pace.${one}`)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
