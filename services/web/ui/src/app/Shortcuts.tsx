import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { places } from './nav';
import { useMe } from './queries';
import c from './shell.module.css';

const LISTS = [
  ['j', 'down'],
  ['k', 'up'],
  ['Enter', 'open'],
  ['Esc', 'close'],
] as const;
const BOARD = [
  ['Space', 'lift'],
  ['← → ↑ ↓', 'carry'],
  ['m', 'move'],
] as const;
const ALL = [
  ['Ctrl K', 'palette'],
  ['/', 'palette'],
  ['n', 'deal'],
  ['?', 'sheet'],
] as const;

const ROOM = [
  ['Enter', 'send'],
  ['Shift Enter', 'newline'],
  ['Ctrl B', 'bold'],
  ['Ctrl I', 'italic'],
  ['/', 'command'],
  ['@', 'mention'],
  [':', 'emoji'],
  ['+:', 'react_last'],
  ['↑ ↓', 'messages'],
  ['r t', 'reply'],
  ['e ↑', 'edit'],
  ['+', 'react'],
  ['p Delete', 'withdraw'],
] as const;

/** Every shortcut on one sheet. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const group = (title: string, rows: readonly (readonly [string, string])[]) => (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(([keys, word]) => (
          <div key={keys + word}>
            <dt>{word}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
  const named = (rows: readonly (readonly [string, string])[]) =>
    rows.map(([keys, word]) => [keys, t(`keys.${word}`)] as const);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className={c.sheet}>
        <div>
          {group(
            t('keys.go'),
            places(me).map((place) => [`g ${place.key}`, t(`nav.${place.word}`)] as const),
          )}
          {group(t('keys.room'), named(ROOM))}
        </div>
        <div>
          {group(t('keys.everywhere'), named(ALL))}
          {group(t('keys.lists'), named(LISTS))}
          {group(t('keys.board'), named(BOARD))}
        </div>
      </div>
    </Modal>
  );
}
