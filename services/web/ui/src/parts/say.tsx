import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18n from 'i18next';
import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import { Problem } from '../api/client';

interface Undo {
  label: string;
  act: () => void;
}

/** Says shortly what happened; where it can be taken back, with the way back. */
function done(text: string, undo?: Undo) {
  const id = `done-${text}-${Date.now()}`;
  const message = undo ? (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <span>{text}</span>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          notifications.hide(id);
          undo.act();
        }}
      >
        {undo.label}
      </Button>
    </Group>
  ) : (
    text
  );
  notifications.show({
    id,
    message,
    color: 'pine',
    icon: <CircleCheck size={16} />,
    autoClose: undo ? 8_000 : 4_000,
    withCloseButton: !undo,
    closeButtonProps: { 'aria-label': i18n.t('do.close') },
  });
}

/** Says something that is neither done nor wrong. */
function note(text: string) {
  notifications.show({
    message: text,
    color: 'gray',
    icon: <Info size={16} />,
    autoClose: 6_000,
    closeButtonProps: { 'aria-label': i18n.t('do.close') },
  });
}

const problem = (fault: unknown) => wrong(told(fault));

/** Says that something went wrong, in words that stand already. */
function wrong(text: string) {
  notifications.show({
    message: text,
    color: 'red',
    icon: <CircleAlert size={16} />,
    autoClose: 9_000,
    closeButtonProps: { 'aria-label': i18n.t('do.close') },
  });
}

/** A refusal in the reader's language where we have words for it, else in the hub's own. */
export function told(fault: unknown): string {
  if (fault instanceof Problem) {
    const key = `problem.${fault.slug}`;
    if (fault.slug && i18n.exists(key)) return i18n.t(key);
    if (fault.status === 403) return i18n.t('problem.role');
    if (fault.status >= 500) return i18n.t('problem.fault');
    return sentence(fault.detail);
  }
  if (fault instanceof TypeError) return i18n.t('problem.offline');
  return i18n.t('problem.fault');
}

const sentence = (text: string) => (text ? text[0].toUpperCase() + text.slice(1) : text);

export const say = { done, note, problem, wrong };
