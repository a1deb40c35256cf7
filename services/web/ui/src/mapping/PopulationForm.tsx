import { Button, FileInput, Group, Modal, NativeSelect, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { guess } from '../accounts/mapping';
import { api } from '../api/client';
import { LIST_FIELDS, type ListField, type Population } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { say, told } from '../parts/say';
import c from './mapping.module.css';

interface Sheet {
  filename: string;
  csv: string;
  columns: string[];
}
type Columns = Partial<Record<ListField, string>>;

/** Which column fills which field: as imports guess it, and GLN and D-U-N-S by their names. */
function columnsOf(names: string[]): Columns {
  const { name, domain, vat, city, country } = guess(names);
  const named = (word: string) => names.find((one) => one.toLowerCase().replace(/[^a-z]/g, '').includes(word));
  return { name, domain, vat, gln: named('gln'), duns: named('duns'), city, country };
}

/** A population: which of our accounts, or a list from a file. Tells how many before it is kept. */
export function PopulationForm({
  population,
  onClose,
}: {
  population: Population | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const f = useFormat();
  const [name, setName] = useState(population?.name ?? '');
  const [source, setSource] = useState<'filter' | 'list'>(population?.source ?? 'filter');
  const [segment, setSegment] = useState(population?.filter.segment ?? '');
  const [country, setCountry] = useState(population?.filter.country ?? '');
  const [city, setCity] = useState(population?.filter.city ?? '');
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [columns, setColumns] = useState<Columns>({});
  const [refusal, setRefusal] = useState('');
  const keeps = source === 'list' && population?.source === 'list' && !sheet;
  const made =
    source === 'filter'
      ? { filter: { segment: segment || null, country: country || null, city: city || null } }
      : sheet
        ? { list: { filename: sheet.filename, csv: sheet.csv, mapping: given(columns) } }
        : {};
  const [settled] = useDebouncedValue(made, 300);
  const tried = useQuery({
    queryKey: ['population-preview', settled],
    queryFn: () => api.post('/populations/preview', settled),
    enabled: 'filter' in settled || ('list' in settled && Boolean(columns.name)),
    retry: false,
  });
  const read = async (file: File | null) => {
    if (!file) return setSheet(null);
    const csv = await file.text();
    const { parse } = (await import('papaparse')).default;
    const parsed = parse<Record<string, string>>(csv, { header: true, preview: 5 });
    const names = (parsed.meta.fields ?? []).filter(Boolean);
    if (names.length === 0) return setRefusal(t('imports.not_csv'));
    setRefusal('');
    setColumns(columnsOf(names));
    setSheet({ filename: file.name, csv, columns: names });
    if (!name) setName(file.name.replace(/\.[a-z]+$/i, ''));
  };
  const save = async () => {
    try {
      if (population) {
        await api.put(`/populations/${population.id}`, { name, revision: population.revision, ...made });
      } else {
        await api.post('/populations', { name, ...made });
      }
      await queries.invalidateQueries({ queryKey: ['populations'] });
      void queries.invalidateQueries({ queryKey: ['mapping'] });
      say.done(t('mapping.saved', { name }));
      onClose();
    } catch (fault) {
      setRefusal(told(fault));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={population ? t('mapping.edit_title', { name: population.name }) : t('mapping.new_population')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <Stack gap="md">
        <TextInput
          label={t('field.name')}
          description={t('mapping.name_lead')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          data-autofocus
        />
        <SegmentedControl
          aria-label={t('mapping.made_of')}
          value={source}
          onChange={(next) => setSource(next as 'filter')}
          data={[
            { value: 'filter', label: t('mapping.filter') },
            { value: 'list', label: t('mapping.list') },
          ]}
        />
        {source === 'filter' ? (
          <>
            <TextInput
              label={t('field.segment')}
              description={t('mapping.filter_lead')}
              value={segment}
              onChange={(event) => setSegment(event.currentTarget.value)}
            />
            <div className={c.pair}>
              <TextInput
                label={t('field.country')}
                placeholder="FR"
                value={country}
                onChange={(event) => setCountry(event.currentTarget.value.toUpperCase())}
                maxLength={2}
              />
              <TextInput
                label={t('field.city')}
                value={city}
                onChange={(event) => setCity(event.currentTarget.value)}
              />
            </div>
          </>
        ) : (
          <>
            <FileInput
              label={t('mapping.file')}
              description={t('mapping.file_lead')}
              placeholder={population?.filename ?? t('imports.choose')}
              accept=".csv,text/csv"
              onChange={(file) => void read(file)}
            />
            {sheet && (
              <div className={c.columns}>
                {LIST_FIELDS.map((field) => (
                  <NativeSelect
                    key={field}
                    label={t(`mapping.column.${field}`)}
                    value={columns[field] ?? ''}
                    onChange={(event) =>
                      setColumns({ ...columns, [field]: event.currentTarget.value || undefined })
                    }
                    data={[{ value: '', label: t('imports.skip') }, ...sheet.columns]}
                  />
                ))}
              </div>
            )}
          </>
        )}
        {tried.data && !keeps && (
          <p role="status" className={c.preview}>
            {t('mapping.would', {
              count: tried.data.rows,
              shown: f.number(tried.data.rows),
              keyed: f.number(tried.data.keyed),
            })}
            {tried.data.error_count > 0 && ` ${t('imports.faults', { count: tried.data.error_count })}`}
          </p>
        )}
        <p className={c.hint}>{t('mapping.key_lead')}</p>
        {(refusal || tried.error) && (
          <p role="alert" className={c.refusal}>
            {refusal || told(tried.error)}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button disabled={!name.trim() || (source === 'list' && !sheet && !keeps)} onClick={() => void save()}>
            {t('mapping.save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const given = (columns: Columns): Record<string, string> =>
  Object.fromEntries(Object.entries(columns).filter((pair): pair is [string, string] => Boolean(pair[1])));
