import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { queries } from '../app/queries';
import { say } from '../parts/say';
import c from './mending.module.css';
import { editsOf, type Changes } from './mending';
import type { Segment } from './segments';

interface MendingProps {
  id: string;
  sha256: string;
  raw: string;
  segments: Segment[];
  changes: Changes;
  onClose: () => void;
}

/** What mending an interchange would come to, with why it is done, below its segments. */
export function Mending({ id, sha256, raw, segments, changes, onClose }: MendingProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const edits = useMemo(() => editsOf(raw, segments, changes), [raw, segments, changes]);
  const [settled] = useDebouncedValue(edits, 300);
  const look = useQuery({
    queryKey: ['mend', id, sha256, settled],
    queryFn: () => api.post(`/edi/interchanges/${id}/mend/preview`, { sha256, edits: settled, reason: '' }),
    enabled: settled.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const mend = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const { items } = await api.post(`/edi/interchanges/${id}/mend`, { sha256, edits, reason });
      await queries.invalidateQueries({ queryKey: ['interchange', id] });
      void queries.invalidateQueries({ queryKey: ['interchanges'] });
      void queries.invalidateQueries({ queryKey: ['orders'] });
      const still = items.some(({ state }) => state === 'quarantined' || state === 'rejected');
      if (still) say.note(t('edi.mended_still'));
      else say.done(t('edi.mended'));
      onClose();
    } catch (fault) {
      setProblem(fault instanceof Problem ? fault.detail : String(fault));
    } finally {
      setBusy(false);
    }
  };
  const faults = edits.length > 0 ? (look.data?.faults ?? []) : [];
  const clean = edits.length > 0 && look.data && faults.length === 0;
  return (
    <form className={c.bar} aria-label={t('edi.mend')} onSubmit={(event) => void mend(event)}>
      <div role="status">
        {edits.length === 0 && <p>{t('edi.mend_how')}</p>}
        {clean && (
          <p data-ok>
            <CircleCheck size={15} aria-hidden /> {t('edi.mend_clean', { count: edits.length })}
          </p>
        )}
        {look.error instanceof Problem && <p data-problem>{look.error.detail}</p>}
        {faults.slice(0, 3).map((fault, place) => (
          <p key={place} data-problem>
            <TriangleAlert size={15} aria-hidden />
            <span>
              {fault.segment && <code>{fault.segment}</code>} {fault.text}
            </span>
          </p>
        ))}
        {faults.length > 3 && <p>{t('edi.mend_more', { count: faults.length - 3 })}</p>}
      </div>
      <TextInput
        required
        label={t('edi.mend_reason')}
        placeholder={t('edi.mend_reason_like')}
        maxLength={500}
        value={reason}
        error={problem}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('do.cancel')}
        </Button>
        <Button type="submit" disabled={edits.length === 0 || !reason.trim()} loading={busy}>
          {t('edi.mend_apply')}
        </Button>
      </Group>
    </form>
  );
}
