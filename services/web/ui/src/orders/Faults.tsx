import { Button, CopyButton } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EdiFault } from '../api/types';
import { useFormat } from '../app/format';
import c from './orders.module.css';

interface FaultsProps {
  faults: EdiFault[];
  onShow: (fault: EdiFault) => void;
}

/** What is wrong with an interchange; each leads to its place, and all can be sent to the partner. */
export function Faults({ faults, onShow }: FaultsProps) {
  const { t } = useTranslation();
  const f = useFormat();
  const report = faults
    .map((fault) =>
      [
        fault.text,
        advice(fault),
        place(fault),
        fault.byte != null && `byte ${fault.byte}`,
        fault.value && `"${fault.value}"`,
      ]
        .filter(Boolean)
        .join(' · '),
    )
    .join('\n');
  return (
    <section className={c.faults} aria-label={t('edi.faults', { count: faults.length })}>
      <header>
        <h2>{t('edi.faults', { count: faults.length })}</h2>
        <CopyButton value={report}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Copy size={13} aria-hidden />}
              onClick={copy}
            >
              {t(copied ? 'do.copied' : 'edi.copy')}
            </Button>
          )}
        </CopyButton>
      </header>
      <ul>
        {faults.map((fault, ordinal) => (
          <li key={ordinal}>
            <button type="button" onClick={() => onShow(fault)}>
              <b>{sentence(fault.text)}</b>
              {advice(fault) && <span className={c.mend}>{sentence(advice(fault))}</span>}
              <small>
                {fault.segment && <code>{place(fault)}</code>}
                {fault.byte != null && <span>{t('edi.byte', { byte: f.number(fault.byte) })}</span>}
                {fault.value && <code>“{fault.value}”</code>}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const place = ({ segment, element }: EdiFault) =>
  segment && `${segment}${element ? `-${String(element).padStart(2, '0')}` : ''}`;
/** What to write instead, unless the fault says so already. */
const advice = ({ text, mend }: EdiFault) => (mend && !text.includes(mend) ? mend : '');
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
