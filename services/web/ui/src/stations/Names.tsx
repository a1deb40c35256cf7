import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { meant } from './ours';
import c from './stations.module.css';

/** With what an id of each kind begins. */
const BEGINS = { x12: 'ZZ:', edifact: 'ZZZ:', gln: '14:' } as const;

interface NamesProps {
  names: string[];
  error?: string;
  onChange: (names: string[]) => void;
}

/** The ids of a partner beside its first, each with the syntax that it is for. */
export function Names({ names, error, onChange }: NamesProps) {
  const { t } = useTranslation();
  const kinds = Object.keys(BEGINS) as (keyof typeof BEGINS)[];
  return (
    <Input.Wrapper
      labelElement="div"
      label={t('as2.also')}
      description={t('as2.also_text')}
      error={error}
      errorProps={{ role: 'alert' }}
    >
      <Stack gap={6} mt={6}>
        {names.map((name, place) => (
          <Group key={place} gap={6} wrap="nowrap">
            <TextInput
              flex={1}
              maxLength={40}
              aria-label={t('as2.also_nth', { n: place + 1 })}
              value={name}
              rightSectionWidth={108}
              rightSection={<span className={c.meant}>{t(`as2.id_${meant(name)}`)}</span>}
              onChange={(event) => onChange(names.with(place, event.currentTarget.value))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('as2.also_drop', { id: name })}
              onClick={() => onChange(names.toSpliced(place, 1))}
            >
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group gap={6}>
          <span className={c.meant}>{t('as2.also_add')}</span>
          {kinds.map((kind) => (
            <Button
              key={kind}
              size="compact-xs"
              variant="default"
              leftSection={<Plus size={12} aria-hidden />}
              onClick={() => onChange([...names, BEGINS[kind]])}
            >
              {t(`as2.id_${kind}`)}
            </Button>
          ))}
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}

/** All ids of a partner, with what each is for. */
export function NamesOf({ first, further }: { first: string; further: string[] }) {
  const { t } = useTranslation();
  return (
    <>
      {[first, ...further].map((name) => (
        <div key={name}>
          <code>{name}</code> <span className={c.meant}>{t(`as2.id_${meant(name)}`)}</span>
        </div>
      ))}
    </>
  );
}

/** The first id of a partner in a list, and how many more there are. */
export function FirstName({ first, further }: { first: string; further: string[] }) {
  return (
    <span title={[first, ...further].join(', ')}>
      <code>{first}</code>
      {further.length > 0 && <span className={c.meant}> +{further.length}</span>}
    </span>
  );
}
