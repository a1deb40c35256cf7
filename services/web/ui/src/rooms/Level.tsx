import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { AtSign, Bell, BellOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { chooseLevel, useRoomOwn } from './own';

export const LEVELS = [
  { level: 'all', Icon: Bell },
  { level: 'mentions', Icon: AtSign },
  { level: 'nothing', Icon: BellOff },
] as const;

/** Which notices come of a room: of any message, of mentions, or none. */
export function Level({ room }: { room: string }) {
  const { t } = useTranslation();
  const { data } = useRoomOwn(room);
  const current = LEVELS.find((one) => one.level === data?.level) ?? LEVELS[0];
  const label = t('level.now', { level: t(`level.${current.level}`) });
  return (
    <Menu position="bottom-end">
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
      </Menu.Dropdown>
    </Menu>
  );
}
