import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, FileSpreadsheet, Upload } from 'lucide-react';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { ACCOUNT_FIELDS, type AccountField, type ImportEntry, type ImportResult } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { Page, Section } from '../parts/Page';
import { say, told } from '../parts/say';
import { Tag } from '../parts/Tag';
import c from './imports.module.css';
import { guess } from './mapping';

interface Sheet {
  filename: string;
  csv: string;
  columns: string[];
  rows: Record<string, string>[];
}
type Mapping = Partial<Record<AccountField, string>>;

const SAMPLE =
  'Company name,Website,City,Country,Segment\nLindqvist Logistik,lindqvist.example,Malmö,SE,Logistics\nMaison Perrin,perrin.example,Lyon,FR,Retail\n';

/** A list of accounts from a CSV file: drop, check the mapping, try, apply, and take back if need be. */
export function ImportPage() {
  const { t } = useTranslation();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [tried, setTried] = useState<ImportResult | null>(null);
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);

  const read = async (file: { name: string; text: () => Promise<string> }) => {
    const csv = await file.text();
    const { parse } = (await import('papaparse')).default;
    const parsed = parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true, preview: 200 });
    const columns = (parsed.meta.fields ?? []).filter(Boolean);
    if (columns.length === 0) return setRefusal(t('imports.not_csv'));
    setRefusal('');
    setTried(null);
    setMapping(guess(columns));
    setSheet({ filename: file.name, csv, columns, rows: parsed.data });
  };
  const run = async (dry: boolean) => {
    if (!sheet) return;
    setBusy(true);
    setRefusal('');
    try {
      const result = await api.post('/accounts/imports', {
        filename: sheet.filename,
        csv: sheet.csv,
        mapping,
        dry_run: dry,
      });
      setTried(result);
      if (!dry) {
        void queries.invalidateQueries({ queryKey: ['accounts'] });
        void queries.invalidateQueries({ queryKey: ['imports'] });
        say.done(t('imports.applied', { count: result.created }));
      }
    } catch (fault) {
      setRefusal(told(fault));
    }
    setBusy(false);
  };
  const again = () => {
    setSheet(null);
    setTried(null);
  };
  return (
    <Page
      title={t('imports.title')}
      lead={t('imports.lead')}
      actions={
        <Button component={Link} to="/accounts" variant="default">
          {t('imports.back')}
        </Button>
      }
    >
      {refusal && (
        <p role="alert" className={c.refusal}>
          <CircleAlert size={15} aria-hidden /> {refusal}
        </p>
      )}
      {!sheet ? (
        <Drop
          onFile={(file) => void read(file)}
          onSample={() => void read({ name: 'sample.csv', text: () => Promise.resolve(SAMPLE) })}
        />
      ) : (
        <Section
          title={
            <span className={c.file}>
              <FileSpreadsheet size={15} aria-hidden /> {sheet.filename}
            </span>
          }
          aside={
            <Button size="compact-sm" variant="subtle" onClick={again}>
              {t('imports.other')}
            </Button>
          }
        >
          <div className={c.mapping}>
            {ACCOUNT_FIELDS.map((field) => (
              <NativeSelect
                key={field}
                label={t(`field.${field}`)}
                value={mapping[field] ?? ''}
                onChange={(event) => {
                  setMapping({ ...mapping, [field]: event.currentTarget.value || undefined });
                  setTried(null);
                }}
                data={[{ value: '', label: t('imports.skip') }, ...sheet.columns]}
                disabled={tried?.state === 'applied'}
              />
            ))}
          </div>
          <Preview sheet={sheet} mapping={mapping} tried={tried} />
          {tried && <Verdict result={tried} />}
          <div className={c.buttons}>
            {tried?.state === 'applied' ? (
              <Button component={Link} to="/accounts">
                {t('imports.look')}
              </Button>
            ) : (
              <>
                <Button
                  variant="default"
                  loading={busy}
                  disabled={!mapping.name}
                  onClick={() => void run(true)}
                >
                  {t('imports.try')}
                </Button>
                <Button
                  disabled={!tried || tried.created === 0}
                  loading={busy}
                  onClick={() => void run(false)}
                >
                  {t('imports.apply', { count: tried?.created ?? 0 })}
                </Button>
              </>
            )}
          </div>
        </Section>
      )}
      <Earlier />
    </Page>
  );
}

function Drop({ onFile, onSample }: { onFile: (file: File) => void; onSample: () => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <div
      className={c.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Upload size={22} strokeWidth={1.6} aria-hidden />
      <p>{t('imports.drop')}</p>
      <div>
        <Button onClick={() => input.current?.click()}>{t('imports.choose')}</Button>
        <Button variant="default" onClick={onSample}>
          {t('imports.sample')}
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        hidden
        aria-label={t('imports.choose')}
        onChange={(event) => event.currentTarget.files?.[0] && onFile(event.currentTarget.files[0])}
      />
    </div>
  );
}

/** The first rows as they would be filed, with each fault on its cell. */
function Preview({ sheet, mapping, tried }: { sheet: Sheet; mapping: Mapping; tried: ImportResult | null }) {
  const { t } = useTranslation();
  const fields = ACCOUNT_FIELDS.filter((field) => mapping[field]);
  // As a spreadsheet counts: the header is row 1.
  const rows = sheet.rows.map((row, place) => ({ row, number: place + 2 }));
  const faulty = new Set((tried?.errors ?? []).map((fault) => fault.row));
  const shown = [...rows.slice(0, 5), ...rows.slice(5).filter(({ number }) => faulty.has(number))].slice(
    0,
    30,
  );
  const fault = (number: number, column?: string) =>
    tried?.errors.find(
      (one) =>
        one.row === number && (one.column === column || mapping[one.column as AccountField] === column),
    );
  return (
    <div className={c.scroll} tabIndex={0} role="group" aria-label={t('imports.preview')}>
      <table className={c.table}>
        <thead>
          <tr>
            <th scope="col">{t('imports.row')}</th>
            {fields.map((field) => (
              <th key={field} scope="col">
                {t(`field.${field}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ row, number }) => (
            <tr key={number}>
              <td>{number}</td>
              {fields.map((field) => {
                const wrong = fault(number, mapping[field]);
                return (
                  <td key={field} data-wrong={wrong ? true : undefined}>
                    {row[mapping[field]!]}
                    {wrong && (
                      <small>
                        <CircleAlert size={11} aria-hidden /> {wrong.message}
                      </small>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Verdict({ result }: { result: ImportResult }) {
  const { t } = useTranslation();
  const faults = result.error_count ?? result.errors.length;
  const f = useFormat();
  return (
    <div className={c.verdict} role="status">
      <Tag tone="ok">
        {t(result.state === 'applied' ? 'imports.created' : 'imports.would', {
          count: result.created,
          shown: f.number(result.created),
        })}
      </Tag>
      {result.duplicates > 0 && <Tag tone="info">{t('imports.known', { count: result.duplicates })}</Tag>}
      {faults > 0 && <Tag tone="problem">{t('imports.faults', { count: faults })}</Tag>}
      {result.errors.length > 0 && (
        <ul>
          {result.errors.slice(0, 20).map((fault) => (
            <li key={`${fault.row}-${fault.column}`}>
              {t('imports.fault', {
                row: fault.row,
                column: fault.column,
                value: fault.value,
                message: fault.message,
              })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Earlier() {
  const { t } = useTranslation();
  const f = useFormat();
  const entries = useQuery({
    queryKey: ['imports'],
    queryFn: () => api.read('/accounts/imports'),
  });
  const undo = async (entry: ImportEntry) => {
    try {
      const { removed, kept } = await api.post(`/accounts/imports/${entry.id}/undo`);
      await queries.invalidateQueries({ queryKey: ['imports'] });
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      say.done(
        kept.length
          ? t('imports.undone_kept', { count: removed, names: kept.map((one) => one.name).join(', ') })
          : t('imports.undone', { count: removed }),
      );
    } catch (fault) {
      say.problem(fault);
    }
  };
  if (!entries.data?.items.length) return null;
  return (
    <Section title={t('imports.earlier')}>
      <ul className={c.earlier}>
        {entries.data.items.map((entry) => (
          <li key={entry.id}>
            <div>
              <b>{entry.filename}</b>
              <small>
                {t('imports.entry', {
                  count: entry.created,
                  when: f.ago(entry.at),
                  who: entry.by?.name ?? '',
                })}
              </small>
            </div>
            {entry.state === 'undone' ? (
              <Tag>{t('imports.taken_back')}</Tag>
            ) : (
              <Button size="compact-sm" variant="default" onClick={() => void undo(entry)}>
                {t('imports.undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
