import { Button, Group } from '@mantine/core';
import { GitMerge } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import c from './parts.module.css';

interface MeetingProps {
  /** Their value as it reads; empty where they emptied it. */
  theirs: string;
  changer?: () => Promise<string | undefined>;
  onKeep: () => void;
  onTake: () => void;
}

/** Of a long text, the beginning says which it is. */
const MOST = 240;

/** Two met in one field: who the other is, what they wrote, and whose shall stand. */
export function Meeting({ theirs, changer, onKeep, onTake }: MeetingProps) {
  const { t } = useTranslation();
  const [who, setWho] = useState<string>();
  useEffect(() => {
    let here = true;
    void changer?.()
      .then((name) => here && setWho(name))
      .catch(() => {});
    return () => {
      here = false;
    };
    // Asked once for each value of theirs.
  }, [theirs]);
  const name = who ?? t('met.somebody');
  return (
    // The field must not lose its draft because a button of its own was pressed.
    <div className={c.met} role="alert" onMouseDown={(event) => event.preventDefault()}>
      <p>
        <GitMerge size={14} aria-hidden />
        <span>
          {theirs
            ? t('met.changed', {
                who: name,
                value: theirs.length > MOST ? `${theirs.slice(0, MOST)}…` : theirs,
              })
            : t('met.emptied', { who: name })}
        </span>
      </p>
      <Group gap={6}>
        <Button size="compact-sm" onClick={onKeep}>
          {t('met.keep')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onTake}>
          {t('met.take')}
        </Button>
      </Group>
    </div>
  );
}
