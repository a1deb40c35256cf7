import { ActionIcon, Tooltip } from '@mantine/core';
import { Maximize2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallSeat } from '../api/socket';
import c from './calls.module.css';
import type { View } from './session';

/** The screen that is shared, large; one's own small, to see what others see. */
export function Screen({ own, seats }: { own: View; seats: CallSeat[] }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const shown = seats.find((one) => one.sharing && own.screens[one.seat]);
  const stream = own.own ?? (shown ? own.screens[shown.seat] : null);
  useEffect(() => {
    const screen = video.current;
    if (!screen) return;
    screen.srcObject = stream;
    if (stream) void screen.play().catch(() => {});
  }, [stream]);
  if (!stream) return null;
  const label = own.own ? t('call.own_screen') : t('call.screen', { who: shown!.name });
  return (
    <figure className={c.screen} data-own={!!own.own || undefined}>
      <video ref={video} muted playsInline autoPlay aria-label={label} />
      <figcaption>
        <span>{label}</span>
        {!own.own && (
          <Tooltip label={t('call.large')} openDelay={300}>
            <ActionIcon
              size={26}
              aria-label={t('call.large')}
              onClick={() => void video.current?.requestFullscreen?.().catch(() => {})}
            >
              <Maximize2 size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </figcaption>
    </figure>
  );
}
