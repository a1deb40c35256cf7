import { ActionIcon, Drawer, Menu, Popover, Tooltip } from '@mantine/core';
import {
  Copy,
  Ellipsis,
  Eye,
  EyeOff,
  Flag,
  Link2,
  ListTree,
  MessageCircle,
  MessagesSquare,
  PencilLine,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomEvent } from '../api/types';
import { useMe } from '../app/queries';
import { say } from '../parts/say';
import type { Standing } from './about';
import c from './actions.module.css';
import { nameOf, usedEmoji, usualEmoji } from './emoji';
import { EmojiPicker } from './EmojiPicker';
import { useTalk, type Place } from './talk';

export interface Deed {
  name: 'reply' | 'thread' | 'topic' | 'edit' | 'pin' | 'unpin' | 'copy' | 'link' | 'private' | 'report' | 'hide' | 'show' | 'take_back';
  /** The key that does it while the message holds the focus. */
  key: string;
  Icon: LucideIcon;
  act: () => void;
}

/** What one may do with a message, in the order in which it is offered. */
export function useDeeds(event: RoomEvent, said: Standing, place: Place): Deed[] {
  const { t } = useTranslation();
  const me = useMe();
  const talk = useTalk();
  const { seq } = event;
  const own = event.author === me.person.id && event.organisation === me.organisation.id;
  const ours = talk.answersFor && event.organisation === me.organisation.id;
  const copy = async (text: string, done: string) => {
    try {
      await navigator.clipboard.writeText(text);
      say.done(done);
    } catch {
      // Without the right to the clipboard the address bar holds the link.
      talk.jump(seq);
    }
  };
  const address = () => {
    const link = new URL(location.href);
    link.searchParams.set('at', String(seq));
    return link.href;
  };
  const write = talk.canWrite && !said.gone;
  const deeds: (Deed | false)[] = [
    write &&
      place === 'log' && { name: 'reply', key: 'r', Icon: Reply, act: () => talk.reply(event, said) },
    place === 'log' && { name: 'thread', key: 't', Icon: MessagesSquare, act: () => talk.thread(seq) },
    write &&
      !!talk.topic && { name: 'topic', key: 'o', Icon: ListTree, act: () => talk.topic?.(seq) },
    write && own && { name: 'edit', key: 'e', Icon: PencilLine, act: () => talk.edit(seq, place) },
    write && {
      name: said.pinned ? 'unpin' : 'pin',
      key: 'p',
      Icon: said.pinned ? PinOff : Pin,
      act: () => talk.pin(seq, !said.pinned),
    },
    !said.gone && {
      name: 'copy',
      key: 'c',
      Icon: Copy,
      act: () => void copy(said.body ?? '', t('do.copied')),
    },
    !own &&
      event.author.startsWith('per_') &&
      !!talk.writeTo && {
        name: 'private',
        key: 'm',
        Icon: MessageCircle,
        act: () => talk.writeTo?.(event),
      },
    { name: 'link', key: 'l', Icon: Link2, act: () => void copy(address(), t('message.linked')) },
    !own && !said.gone && { name: 'report', key: 'f', Icon: Flag, act: () => talk.report(seq) },
    !!talk.hide &&
      (!!said.hidden || !said.gone) && {
        name: said.hidden ? 'show' : 'hide',
        key: 'h',
        Icon: said.hidden ? Eye : EyeOff,
        act: () => talk.hide?.(seq, !said.hidden),
      },
    write &&
      (own || ours) && { name: 'take_back', key: 'Delete', Icon: Trash2, act: () => talk.takeBack(seq) },
  ];
  return deeds.filter((deed) => deed !== false);
}

const BAR: Deed['name'][] = ['reply', 'thread', 'edit'];

interface Offered {
  event: RoomEvent;
  said: Standing;
  deeds: Deed[];
}

/** The bar of a message that is pointed at or holds the focus. */
export function Actions({
  event,
  said,
  deeds,
  picking,
  onPicking,
}: Offered & { picking: boolean; onPicking: (open: boolean) => void }) {
  const { t, i18n } = useTranslation();
  const talk = useTalk();
  const [more, setMore] = useState(false);
  const may = talk.canWrite && !said.gone;
  const react = (emoji: string) => {
    onPicking(false);
    usedEmoji(emoji);
    talk.react(event.seq, emoji, true);
  };
  const others = deeds.filter((deed) => !BAR.includes(deed.name));
  return (
    <div
      className={c.actions}
      role="toolbar"
      aria-label={t('message.toolbar')}
      data-open={more || picking || undefined}
    >
      {may &&
        usualEmoji(3).map((emoji) => (
          <Tooltip
            key={emoji}
            label={t('reaction.with', { emoji: nameOf(emoji, i18n.language) })}
            openDelay={300}
          >
            <ActionIcon
              size={28}
              className={c.quick}
              aria-label={t('reaction.with', { emoji: nameOf(emoji, i18n.language) })}
              onClick={() => react(emoji)}
            >
              {emoji}
            </ActionIcon>
          </Tooltip>
        ))}
      {may && (
        <Popover opened={picking} onChange={onPicking} position="bottom-end" trapFocus returnFocus>
          <Popover.Target>
            <Tooltip label={`${t('message.react')} · +`} openDelay={300} disabled={picking}>
              <ActionIcon size={28} aria-label={t('message.react')} onClick={() => onPicking(!picking)}>
                <SmilePlus size={15} />
              </ActionIcon>
            </Tooltip>
          </Popover.Target>
          <Popover.Dropdown p={8} aria-label={t('message.react')}>
            <EmojiPicker onPick={react} />
          </Popover.Dropdown>
        </Popover>
      )}
      {deeds
        .filter((deed) => BAR.includes(deed.name))
        .map((deed) => (
          <Tooltip
            key={deed.name}
            label={`${t(`message.${deed.name}`)} · ${deed.key.toUpperCase()}`}
            openDelay={300}
          >
            <ActionIcon size={28} aria-label={t(`message.${deed.name}`)} onClick={deed.act}>
              <deed.Icon size={15} />
            </ActionIcon>
          </Tooltip>
        ))}
      {others.length > 0 && (
        <Menu opened={more} onChange={setMore} position="bottom-end">
          <Menu.Target>
            <ActionIcon size={28} aria-label={t('message.more')}>
              <Ellipsis size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((deed) => (
              <Menu.Item
                key={deed.name}
                color={deed.name === 'take_back' ? 'red' : undefined}
                leftSection={<deed.Icon size={14} aria-hidden />}
                rightSection={<kbd className={c.key}>{deed.key}</kbd>}
                onClick={deed.act}
              >
                {t(`message.${deed.name}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

/** The same from below, for fingers: a long press on the message opens it. */
export function Sheet({
  event,
  said,
  deeds,
  onClose,
  onDismiss,
}: Offered & { onClose: () => void; onDismiss: () => void }) {
  const { t, i18n } = useTranslation();
  const talk = useTalk();
  const [all, setAll] = useState(false);
  const react = (emoji: string) => {
    onClose();
    usedEmoji(emoji);
    talk.react(event.seq, emoji, true);
  };
  return (
    <Drawer
      opened
      onClose={onDismiss}
      position="bottom"
      size="auto"
      withCloseButton={false}
      title={t('message.of', { name: event.name })}
      classNames={{ content: c.sheet, title: c.sheetTitle }}
    >
      {talk.canWrite && !said.gone && (
        <div className={c.row}>
          {usualEmoji(6).map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={t('reaction.with', { emoji: nameOf(emoji, i18n.language) })}
              onClick={() => react(emoji)}
            >
              {emoji}
            </button>
          ))}
          <button
            type="button"
            aria-label={t('message.react')}
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            <SmilePlus size={20} aria-hidden />
          </button>
        </div>
      )}
      {all ? (
        <div className={c.all}>
          <EmojiPicker onPick={react} />
        </div>
      ) : (
        <ul className={c.deeds}>
          {deeds.map((deed) => (
            <li key={deed.name}>
              <button
                type="button"
                data-deed={deed.name}
                onClick={() => {
                  onClose();
                  deed.act();
                }}
              >
                <deed.Icon size={18} strokeWidth={1.7} aria-hidden /> {t(`message.${deed.name}`)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Drawer>
  );
}
