import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';
import { Outbox } from './Outbox';
import { Quarantine } from './Quarantine';
import { Setup } from './Setup';
import { Suppressed } from './Suppressed';

const VIEWS = { outbox: Outbox, quarantine: Quarantine, suppressed: Suppressed, setup: Setup };
type View = keyof typeof VIEWS;
const NAMES = Object.keys(VIEWS) as View[];

/** Mails on their way out, those that came in and were not trusted, and who gets no more. */
export function MailPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const view: View = useSearch({ from: '/shell/mail' }).view ?? 'outbox';
  const Shown = VIEWS[view];
  return (
    <Page
      wide
      title={t('nav.mail')}
      lead={t(`mail.${view}_lead`)}
      tools={
        <SegmentedControl
          size="xs"
          aria-label={t('mail.which')}
          value={view}
          onChange={(next) => {
            const other = NAMES.find((name) => name === next && name !== 'outbox');
            void navigate({ to: '/mail', search: { view: other as Exclude<View, 'outbox'> | undefined } });
          }}
          data={NAMES.map((value) => ({ value, label: t(`mail.show.${value}`) }))}
        />
      }
    >
      <Shown />
    </Page>
  );
}
