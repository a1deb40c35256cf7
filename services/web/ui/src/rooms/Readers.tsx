import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Face } from '../parts/Face';
import type { Reader } from './readers';
import c from './room.module.css';

const MOST_FACES = 3;

/** Who has read up to here. Takes no room of its own, so that nothing moves when they read on. */
export function Readers({ readers }: { readers: Reader[] }) {
  const { t, i18n } = useTranslation();
  const names = new Intl.ListFormat(i18n.language).format(readers.map((one) => one.name));
  return (
    <Tooltip label={t('room.read_by', { names })} openDelay={200} multiline maw={260}>
      <span className={c.readers} role="img" aria-label={t('room.read_by', { names })}>
        {readers.slice(0, MOST_FACES).map((one) => (
          <Face key={one.user} name={one.name} size={18} />
        ))}
        {readers.length > MOST_FACES && `+${readers.length - MOST_FACES}`}
      </span>
    </Tooltip>
  );
}
