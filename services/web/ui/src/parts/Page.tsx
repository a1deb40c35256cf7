import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { CircleAlert, X, type LucideIcon } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import c from './parts.module.css';
import { told } from './say';
import { useKeys } from '../app/keys';
import { ActionIcon } from '@mantine/core';

interface PageProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  tools?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

/** The frame of a screen: its title, what one can do here, then the content. */
export function Page({ title, lead, actions, tools, wide, children }: PageProps) {
  useDocumentTitle(`${title} · Entente`);
  return (
    <div className={c.page} data-wide={wide || undefined}>
      <header className={c.pageHead}>
        <div className={c.pageTitle}>
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {tools && <div className={c.tools}>{tools}</div>}
        {actions && <div className={c.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** What a screen says while it has nothing: one sentence, one way on. */
export function Empty({
  icon: Icon,
  title,
  text,
  action,
}: {
  icon: LucideIcon;
  title: string;
  text: string;
  action?: ReactNode;
}) {
  return (
    <div className={c.empty}>
      <span className={c.emptyIcon}>
        <Icon size={22} strokeWidth={1.6} aria-hidden />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
    </div>
  );
}

/** Grey bars in the shape of a list; shown only when the answer takes longer than a blink. */
export function Waiting({ rows = 6, height = 40 }: { rows?: number; height?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className={c.waiting} aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height - 10} radius="md" />
      ))}
    </div>
  );
}

/** A question to the hub that failed: why, and again. */
export function Failed({ fault, retry }: { fault: unknown; retry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={c.empty} role="alert">
      <span className={c.emptyIcon}>
        <CircleAlert size={22} strokeWidth={1.6} aria-hidden />
      </span>
      <h2>{t('problem.title')}</h2>
      <p>{told(fault)}</p>
      <Button variant="default" onClick={retry}>
        {t('problem.again')}
      </Button>
    </div>
  );
}

/** A record opened beside its list; on a phone it covers the list. */
export function SidePanel({
  title,
  onClose,
  actions,
  children,
}: {
  title: ReactNode;
  onClose: () => void;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  useKeys({ Escape: onClose });
  return (
    <aside className={c.side} aria-labelledby="panel-title">
      <header className={c.sideHead}>
        <h2 id="panel-title">{title}</h2>
        {actions}
        <ActionIcon aria-label={t('do.close')} onClick={onClose}>
          <X size={16} />
        </ActionIcon>
      </header>
      <div className={c.sideBody} tabIndex={0} role="group" aria-labelledby="panel-title">
        {children}
      </div>
    </aside>
  );
}

/** A titled box of the context rail. */
export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className={c.section} id={id}>
      <header className={c.sectionHead}>
        <h2>{title}</h2>
        {aside}
      </header>
      <div className={c.sectionBody}>{children}</div>
    </section>
  );
}
