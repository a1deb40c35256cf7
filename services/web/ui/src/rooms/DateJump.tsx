import { ActionIcon, Button, Popover, TextInput, Tooltip } from '@mantine/core';
import { CalendarDays } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../api/types';
import { say } from '../parts/say';
import c from './room.module.css';

const iso = (day: Date) =>
  `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;

/** Leads to what was said from a day on, in the reader's own time. */
export function DateJump({
  room,
  onJump,
}: {
  room: Room;
  onJump: (ms: number) => Promise<void>;
}) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [day, setDay] = useState(() => iso(new Date()));
  const go = async (from: Date) => {
    setOpened(false);
    try {
      await onJump(from.getTime());
    } catch (fault) {
      say.problem(fault);
    }
  };
  const ago = (days: number) => {
    const date = new Date();
    date.setHours(0, 0, 0, 0);
    date.setDate(date.getDate() - days);
    return date;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [year, month, date] = day.split('-').map(Number);
    if (year && month && date) void go(new Date(year, month - 1, date));
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('date.jump')} openDelay={300} disabled={opened}>
          <ActionIcon size={24} aria-label={t('date.jump')} onClick={() => setOpened(!opened)}>
            <CalendarDays size={14} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('date.jump')}>
        <form className={c.dates} onSubmit={submit} key={room.id}>
          <TextInput
            type="date"
            label={t('date.day')}
            value={day}
            max={iso(new Date())}
            onChange={(event) => setDay(event.currentTarget.value)}
            required
            data-autofocus
          />
          <div>
            <Button size="compact-sm" variant="default" onClick={() => void go(ago(1))}>
              {t('date.yesterday')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => void go(ago(7))}>
              {t('date.week')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => void go(new Date(0))}>
              {t('date.start')}
            </Button>
          </div>
          <Button type="submit" fullWidth>
            {t('date.go')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
