import { Popover, Tooltip } from '@mantine/core';
import { SmilePlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../app/queries';
import type { Reaction } from './about';
import { nameOf, usedEmoji } from './emoji';
import { EmojiPicker } from './EmojiPicker';
import c from './emoji.module.css';
import { useTalk } from './talk';

const MOST_NAMED = 12;

/** The reactions under a message: a press joins or leaves one, and each says who gave it. */
export function Reactions({ seq, reactions }: { seq: number; reactions: Reaction[] }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const talk = useTalk();
  const [picking, setPicking] = useState(false);
  if (reactions.length === 0) return null;
  const names = ({ by }: Reaction) => {
    const told = by
      .slice(0, MOST_NAMED)
      .map((one) => (one.user === me.person.id ? t('reaction.you') : one.name));
    const list = new Intl.ListFormat(i18n.language).format(told);
    return by.length > MOST_NAMED ? t('reaction.more', { names: list, count: by.length - MOST_NAMED }) : list;
  };
  return (
    <div className={c.chips} role="group" aria-label={t('reaction.title')}>
      {reactions.map((reaction) => {
        const ours = reaction.by.some((one) => one.user === me.person.id);
        return (
          <Tooltip key={reaction.emoji} label={names(reaction)} openDelay={200} multiline maw={260}>
            <button
              type="button"
              className={c.chip}
              disabled={!talk.canWrite}
              aria-pressed={ours}
              aria-label={t('reaction.by', {
                emoji: nameOf(reaction.emoji, i18n.language),
                names: names(reaction),
              })}
              onClick={() => talk.react(seq, reaction.emoji, !ours)}
            >
              <span aria-hidden>{reaction.emoji}</span>
              <b aria-hidden>{reaction.by.length}</b>
            </button>
          </Tooltip>
        );
      })}
      {talk.canWrite && (
        <Popover opened={picking} onChange={setPicking} position="top-start" trapFocus returnFocus>
          <Popover.Target>
            <button
              type="button"
              className={`${c.chip} ${c.add}`}
              aria-label={t('message.react')}
              onClick={() => setPicking(!picking)}
            >
              <SmilePlus size={15} aria-hidden />
            </button>
          </Popover.Target>
          <Popover.Dropdown p={8} aria-label={t('message.react')}>
            <EmojiPicker
              onPick={(emoji) => {
                setPicking(false);
                usedEmoji(emoji);
                talk.react(seq, emoji, true);
              }}
            />
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}
