import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Phone } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { Face } from '../parts/Face';
import { calls, followCalls, useCalls } from './calls';
import c from './calls.module.css';
import { Clock } from './CallHere';
import { Controls } from './Controls';

/** A call that nobody answers rings no longer than this. */
const RINGS_MS = 45_000;

/** The call one is in while its room is not on the screen; and the calls that ring. */
export function CallDock() {
  const { t } = useTranslation();
  const { going, own, shown } = useCalls();
  useEffect(followCalls, []);
  const call = own && going[own.room];
  return (
    <>
      {own && own.room !== shown && (
        <aside className={c.dock} aria-label={t('call.title')}>
          <b>{own.title}</b>
          {call && <Clock since={call.since} />}
          <Controls own={own} sharing={call?.seats.find((one) => one.sharing)} />
        </aside>
      )}
      <Rings />
    </>
  );
}

function Rings() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { own } = useCalls();
  const asked = useQuery({ queryKey: ['rings'], queryFn: () => api.read('/calls') });
  const [passed, pass] = useState<string[]>([]);
  const [now, setNow] = useState(Date.now);
  const all = (asked.data?.items ?? []).filter(
    (one) => !passed.includes(one.call) && one.room !== own?.room && now - Date.parse(one.since) < RINGS_MS,
  );
  const ring = all[0];
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, [asked.data]);
  useRinging(!!ring);
  if (!ring) return null;
  const answer = async () => {
    pass([...passed, ring.call]);
    await navigate({ to: '/messages/$room', params: { room: ring.room } });
    calls.join(ring.room, ring.name);
  };
  return (
    <aside className={c.ring} role="alert">
      <Face name={ring.name} size={38} />
      <p>
        <b>{t('call.rings', { who: ring.name })}</b>
        <small>{ring.organisation_name}</small>
      </p>
      <Button size="compact-md" variant="default" onClick={() => pass([...passed, ring.call])}>
        {t('call.not_now')}
      </Button>
      <Button size="compact-md" leftSection={<Phone size={15} aria-hidden />} onClick={() => void answer()}>
        {t('call.answer')}
      </Button>
    </aside>
  );
}

/** Two soft tones every three seconds, where the browser lets a page sound. */
function useRinging(rings: boolean) {
  useEffect(() => {
    if (!rings || !navigator.userActivation?.hasBeenActive) return;
    const audio = new AudioContext();
    const tone = (hertz: number, after: number) => {
      const [source, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + after];
      source.frequency.value = hertz;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.08, at + 0.03);
      volume.gain.linearRampToValueAtTime(0, at + 0.35);
      source.connect(volume).connect(audio.destination);
      source.start(at);
      source.stop(at + 0.4);
    };
    const ring = () => {
      tone(660, 0);
      tone(880, 0.4);
    };
    ring();
    const timer = setInterval(ring, 3_000);
    return () => {
      clearInterval(timer);
      void audio.close();
    };
  }, [rings]);
}
