import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Hold } from '../api/types';
import { useFormat } from '../app/format';
import { Failed, Waiting } from '../parts/Page';
import { held } from './HoldsPart';
import c from './settings.module.css';

/** What was taken back under a hold. Each reading is in the audit log. */
export function HeldWords({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const asked = useQuery({
    queryKey: ['holds', hold.id, 'words'],
    queryFn: () => api.read(`/holds/${hold.id}/words`),
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('hold.words', { name: held(hold, t) })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <p className={c.lead}>{t('hold.words_lead')}</p>
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={3} />
      ) : (
        <ul className={c.list}>
          {asked.data.items.map((word) => (
            <li key={`${word.room}-${word.seq}`} className={c.word}>
              <div>
                <b>
                  {word.author_name}
                  {word.author_organisation && `, ${word.author_organisation}`}
                </b>
                <small>
                  <time dateTime={word.at}>{f.precise(word.at)}</time>
                  {word.seq !== word.message && ` · ${t('hold.better')}`} ·{' '}
                  {t('hold.taken_back', { when: f.precise(word.taken_back_at) })}
                </small>
                <blockquote>{word.body}</blockquote>
                {word.files.map((file) => (
                  <a key={file.id} href={`/api/v1/holds/${hold.id}/files/${file.id}`} download={file.name}>
                    {file.name}
                  </a>
                ))}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}
