import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { ChevronDown, Headphones, HeadphoneOff, Mic, MicOff, MonitorUp, MonitorX, PhoneOff } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallSeat } from '../api/socket';
import { calls } from './calls';
import c from './calls.module.css';
import type { View } from './session';

/** What one can do in a call. */
export function Controls({ own, sharing }: { own: View; sharing?: CallSeat }) {
  const { t } = useTranslation();
  const taken = !!sharing && sharing.seat !== own.seat;
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  return (
    <span className={c.controls} role="toolbar" aria-label={t('call.controls')}>
      <Tool
        label={t(own.muted ? 'call.unmute' : 'call.mute')}
        pressed={own.muted}
        disabled={own.noMicrophone}
        act={() => calls.mute(!own.muted)}
      >
        {own.muted ? <MicOff size={16} /> : <Mic size={16} />}
      </Tool>
      <Microphones own={own} />
      <Tool label={t(own.deaf ? 'call.undeafen' : 'call.deafen')} pressed={own.deaf} act={() => calls.deafen(!own.deaf)}>
        {own.deaf ? <HeadphoneOff size={16} /> : <Headphones size={16} />}
      </Tool>
      {canShare && (
        <Tool
          label={own.own ? t('call.unshare') : taken ? t('call.shares', { who: sharing.name }) : t('call.share')}
          pressed={!!own.own}
          disabled={taken && !own.own}
          act={() => void (own.own ? calls.unshare() : calls.share())}
        >
          {own.own ? <MonitorX size={16} /> : <MonitorUp size={16} />}
        </Tool>
      )}
      <Tooltip label={t('call.leave')} openDelay={300}>
        <ActionIcon
          size={30}
          variant="filled"
          color="red"
          className={c.leave}
          aria-label={t('call.leave')}
          onClick={() => calls.leave()}
        >
          <PhoneOff size={16} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}

function Tool({
  label,
  pressed,
  disabled,
  act,
  children,
}: {
  label: string;
  pressed: boolean;
  disabled?: boolean;
  act: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon
        size={30}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        className={c.tool}
        onClick={act}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Which microphone: asked when the list is opened, since devices come and go. */
function Microphones({ own }: { own: View }) {
  const { t } = useTranslation();
  const [found, setFound] = useState<MediaDeviceInfo[]>([]);
  const look = async () => {
    const all = await navigator.mediaDevices.enumerateDevices();
    setFound(all.filter((one) => one.kind === 'audioinput' && one.deviceId));
  };
  return (
    <Menu position="bottom-end" onOpen={() => void look()}>
      <Menu.Target>
        <ActionIcon size={22} aria-label={t('call.microphone')}>
          <ChevronDown size={13} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('call.microphone')}</Menu.Label>
        <Menu.RadioGroup value={own.microphone ?? ''} onChange={(device) => void calls.listenBy(device)}>
          {found.map((one, place) => (
            <Menu.RadioItem key={one.deviceId} value={one.deviceId} closeMenuOnClick>
              {one.label || t('call.microphone_number', { count: place + 1 })}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
