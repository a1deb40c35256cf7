import { Button, Group, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { useFormat } from '../app/format';
import { queries } from '../app/queries';
import { agent } from '../parts/agent';
import { Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { standing, turnOff, turnOn } from '../push/device';
import c from './settings.module.css';

/** Notices while the app is closed: on this browser, and on which others. */
export function DevicesPart() {
  const { t } = useTranslation();
  const f = useFormat();
  const [busy, setBusy] = useState(false);
  const here = useQuery({ queryKey: ['push', 'here'], queryFn: standing, staleTime: 0 });
  const kept = useQuery({ queryKey: ['push', 'devices'], queryFn: () => api.read('/me/push') });
  if (!here.data || !kept.data) return <Waiting rows={3} />;
  // What the browser still holds, and the hub does not know of, tells nothing.
  const on = here.data === 'on' && kept.data.devices.some((one) => one.here);
  const others = kept.data.devices.filter((one) => !one.here);
  const able = here.data === 'on' || here.data === 'off';
  const attempt = async (act: () => Promise<unknown>, done?: string) => {
    setBusy(true);
    try {
      await act();
      if (done) say.done(done);
    } catch (fault) {
      if (fault instanceof DOMException) say.problem(new Error(t('push.no_service')));
      else say.problem(fault);
    }
    await queries.invalidateQueries({ queryKey: ['push'] });
    setBusy(false);
  };
  return (
    <Section title={t('push.title')}>
      <p className={c.lead}>{t('push.lead')}</p>
      <div className={c.choice}>
        <div>
          <b id="push-here">{t('push.here')}</b>
          <small>{t(able ? (on ? 'push.on' : 'push.off') : `push.${here.data}`)}</small>
        </div>
        <Group gap="sm">
          {on && (
            <Button
              size="compact-sm"
              variant="default"
              disabled={busy}
              onClick={() => void attempt(() => api.post('/me/push/test', undefined), t('push.sent'))}
            >
              {t('push.try')}
            </Button>
          )}
          <Switch
            aria-labelledby="push-here"
            checked={on}
            disabled={busy || !able}
            onChange={() => void attempt(on ? turnOff : turnOn)}
          />
        </Group>
      </div>
      {others.map((one) => (
        <div className={c.choice} key={one.id} data-device>
          <div>
            <b>
              <MonitorSmartphone size={14} aria-hidden /> {agent(one.user_agent) ?? t('push.unknown')}
            </b>
            <small>{t('push.since', { when: f.moment(one.since) })}</small>
          </div>
          <Button
            size="compact-sm"
            variant="default"
            disabled={busy}
            onClick={() => void attempt(() => api.drop(`/me/push/${one.id}`))}
          >
            {t('push.remove')}
          </Button>
        </div>
      ))}
    </Section>
  );
}
