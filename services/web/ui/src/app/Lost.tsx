import { Button } from '@mantine/core';
import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Empty, Failed } from '../parts/Page';

/** An address that leads nowhere, or to something that is not ours to see. */
export function Lost() {
  const { t } = useTranslation();
  return (
    <main style={{ display: 'flex', minHeight: '80%' }}>
      <Empty
        icon={Compass}
        title={t('lost.title')}
        text={t('lost.text')}
        action={
          <Button component="a" href="/deals" variant="default">
            {t('lost.home')}
          </Button>
        }
      />
    </main>
  );
}

export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <main style={{ display: 'flex', minHeight: '80%' }}>
      <Failed fault={error} retry={reset} />
    </main>
  );
}
