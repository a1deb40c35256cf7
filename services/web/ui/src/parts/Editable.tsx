import { NativeSelect, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import { Pencil } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Met } from '../api/merge';
import { Meeting } from './Meeting';
import c from './parts.module.css';
import { say } from './say';

interface EditableProps {
  label: string;
  /** As it is edited; what is shown may look nicer. */
  value: string;
  shown?: ReactNode;
  kind?: 'text' | 'date' | 'lines' | 'choice';
  choices?: { value: string; label: string }[];
  /** Who sees the field. */
  sees?: ReactNode;
  locked?: boolean;
  /** Who changed it last; asked for when somebody did so while it was being edited here. */
  changer?: () => Promise<string | undefined>;
  onSave: (value: string) => Promise<unknown> | void;
}

/** A field that is edited where it stands: Enter or Tab keeps, Esc forgets. */
export function Editable({
  label,
  value,
  shown,
  kind = 'text',
  choices = [],
  sees,
  locked,
  changer,
  onSave,
}: EditableProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  /** What stood there when editing began. */
  const [base, setBase] = useState(value);
  const [busy, setBusy] = useState(false);
  const met = draft !== null && !busy && draft !== base && value !== base && value !== draft;
  // Whoever has typed nothing yet goes on from the newest.
  useEffect(() => {
    if (draft === null || draft !== base || value === base) return;
    setBase(value);
    setDraft(value);
  }, [draft, base, value]);
  const back = useRef<HTMLButtonElement>(null);
  const returned = useRef(false);
  const id = useId();

  useEffect(() => {
    if (draft !== null || !returned.current) return;
    returned.current = false;
    back.current?.focus();
  }, [draft]);

  const begin = () => {
    setBase(value);
    setDraft(value);
  };
  const keep = async (text: string, over = base) => {
    if (busy) return;
    if (text === value || text === base) return setDraft(null);
    if (value !== over) return;
    setBusy(true);
    try {
      await onSave(text);
    } catch (fault) {
      if (fault instanceof Met) return setBusy(false);
      say.problem(fault);
    }
    setBusy(false);
    setDraft(null);
  };
  const insist = () => {
    setBase(value);
    returned.current = true;
    void keep(draft ?? '', value);
  };
  const yieldTo = () => {
    returned.current = true;
    setDraft(null);
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const text = (event.target as HTMLInputElement).value;
    if (event.key === 'Escape') {
      event.stopPropagation();
      returned.current = true;
      setDraft(null);
    }
    if (event.key === 'Enter' && (kind !== 'lines' || event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      returned.current = true;
      void keep(text);
    }
  };
  const field = {
    id,
    'aria-label': label,
    value: draft ?? value,
    autoFocus: true,
    onKeyDown: press,
    onBlur: () => draft !== null && void keep(draft),
    onChange: (event: { currentTarget: { value: string } }) => setDraft(event.currentTarget.value),
  };
  return (
    <div className={c.field}>
      <div className={c.fieldHead}>
        <span className={c.fieldName}>{label}</span>
        {sees}
      </div>
      {draft === null ? (
        locked ? (
          <div className={c.fieldValue}>{shown ?? (value || <Blank />)}</div>
        ) : (
          <UnstyledButton
            ref={back}
            className={c.fieldValue}
            data-edit
            aria-label={t('do.edit_field', { field: label })}
            onClick={begin}
          >
            <span>{shown ?? (value || <Blank />)}</span>
            <Pencil size={12} aria-hidden />
          </UnstyledButton>
        )
      ) : kind === 'lines' ? (
        <Textarea
          {...field}
          autosize
          minRows={3}
          maxRows={10}
          description={t('do.keep_lines')}
          inputWrapperOrder={['input', 'description']}
        />
      ) : kind === 'choice' ? (
        <NativeSelect {...field} data={choices} onChange={(event) => void keep(event.currentTarget.value)} />
      ) : (
        <TextInput {...field} type={kind} />
      )}
      {met && (
        <Meeting
          theirs={value && typeof shown === 'string' ? shown : value}
          changer={changer}
          onKeep={insist}
          onTake={yieldTo}
        />
      )}
    </div>
  );
}

const Blank = () => <span className={c.blank}>—</span>;
