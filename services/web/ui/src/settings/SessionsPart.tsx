import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Session } from '../api/types';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { agent } from '../parts/agent';
import { Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import c from './settings.module.css';

export function SessionsPart() {
  const { t } = useTranslation();
  const f = useFormat();
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: () => api.read('/sessions'),
  });
  const end = async (session: Session) => {
    try {
      await api.drop(`/sessions/${session.id}`);
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Section title={t('settings.part.sessions')}>
      <p className={c.lead}>{t('sessions.lead')}</p>
      {!sessions.data && <Waiting rows={3} />}
      <ul className={c.list}>
        {sessions.data?.items.map((session) => (
          <li key={session.id}>
            <div>
              <b>{agent(session.user_agent) ?? t('sessions.unknown')}</b>
              <small>
                {t('sessions.seen', { when: f.ago(session.seen_at), since: f.moment(session.created_at) })}
              </small>
            </div>
            {session.current ? (
              <Tag tone="ok">{t('sessions.current')}</Tag>
            ) : (
              <Button size="compact-sm" variant="default" onClick={() => void end(session)}>
                {t('sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
