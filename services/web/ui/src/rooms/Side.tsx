import { ActionIcon } from '@mantine/core';
import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import c from './side.module.css';

/** A panel beside the log; on a narrow screen it lies over it. Esc closes it, and the focus goes back. */
export function Side({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const panel = useRef<HTMLElement>(null);
  const came = useRef(document.activeElement as HTMLElement | null);
  useEffect(() => {
    const from = came.current;
    if (!panel.current?.contains(document.activeElement)) panel.current?.focus({ preventScroll: true });
    return () => {
      if (from?.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside
      className={c.side}
      ref={panel}
      aria-label={title}
      tabIndex={-1}
      data-own-keys="Escape"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <ActionIcon size={28} aria-label={t('do.close')} onClick={onClose}>
          <X size={15} />
        </ActionIcon>
      </header>
      {children}
    </aside>
  );
}
