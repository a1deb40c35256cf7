import { Button, Menu, SegmentedControl } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ChevronDown, DoorClosed } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { Deal } from '../api/types';
import { useFormat } from '../app/format';
import { useKeys } from '../app/keys';
import { Empty, Failed, Waiting } from '../parts/Page';
import { StageDot, Tag } from '../parts/Tag';
import { CardSection } from './CardSection';
import c from './deal.module.css';
import { DealQuotes } from '../quotes/DealQuotes';
import { DealOrders } from './DealOrders';
import { ExportMenu } from './Exports';
import { Parties } from './Parties';
import { Rooms } from './Rooms';
import { OtherSides, OwnSide } from './Sides';
import { useStageMove } from './useStageMove';

const SHOWN = ['room', 'card', 'sides', 'parties'] as const;

/** A deal: its rooms in the middle; card, orders, sides and parties beside them. */
export function DealPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { deal: id } = useParams({ from: '/shell/deals/$deal' });
  const search = useSearch({ from: '/shell/deals/$deal' });
  const [revoked, setRevoked] = useState<{ deal: string; reason: string } | null>(null);
  const asked = useQuery({ queryKey: ['deal', id], queryFn: () => api.read(`/deals/${id}`) });
  const onRevoked = useCallback((reason: string) => setRevoked({ deal: id, reason }), [id]);
  const deal = asked.data;
  useDocumentTitle(deal?.title ? `${deal.title} · Entente` : 'Entente');
  useKeys({ Escape: () => void navigate({ to: '/deals' }) });

  const gone = asked.error instanceof Problem && asked.error.status === 404;
  if (revoked?.deal === id || (gone && deal)) return <Closed reason={revoked?.reason} />;
  if (gone) return <Unknown />;
  if (asked.isError && !deal) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!deal)
    return (
      <div className={c.page}>
        <Waiting rows={7} height={60} />
      </div>
    );
  const show = search.show ?? 'room';
  return (
    <div className={c.page} data-show={show}>
      <Head deal={deal} />
      <SegmentedControl
        className={c.tabs}
        fullWidth
        size="xs"
        aria-label={t('deal.parts')}
        value={show}
        onChange={(next) =>
          void navigate({
            to: '/deals/$deal',
            params: { deal: id },
            search: { room: search.room, show: next === 'room' ? undefined : (next as 'card') },
            replace: true,
          })
        }
        data={SHOWN.map((value) => ({ value, label: t(`deal.${value}`) }))}
      />
      <div className={c.columns}>
        <Rooms deal={deal} open={search.room} at={search.at} onRevoked={onRevoked} />
        <div className={c.rail} tabIndex={0} role="group" aria-label={t('deal.about')}>
          <div className={c.part} data-part="card">
            <CardSection deal={deal} />
            <DealQuotes deal={deal} />
            <DealOrders orders={deal.orders} />
          </div>
          <div className={c.part} data-part="sides">
            <OwnSide deal={deal} />
            <OtherSides deal={deal} />
          </div>
          <div className={c.part} data-part="parties">
            <Parties deal={deal} />
          </div>
        </div>
      </div>
    </div>
  );
}

function Head({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const f = useFormat();
  const { move, dialog } = useStageMove();
  const next = deal.next_stages ?? [];
  return (
    <header className={c.head}>
      <Link to="/deals" className={c.back} aria-label={t('deal.back')}>
        <ArrowLeft size={17} aria-hidden />
      </Link>
      <div className={c.title}>
        <h1>{deal.title ?? t('field.hidden')}</h1>
        <p>
          {deal.account ?? t('field.hidden')}
          {typeof deal.amount_minor === 'number' && deal.currency && (
            <b>{f.money(deal.amount_minor, deal.currency)}</b>
          )}
          <span>{t('deal.hosted', { name: deal.host.name })}</span>
        </p>
      </div>
      {deal.state === 'closed' && <Tag>{t('deal.closed')}</Tag>}
      {deal.stage && deal.you.can_edit && next.length > 0 ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<StageDot stage={deal.stage} />}
              rightSection={<ChevronDown size={14} aria-hidden />}
              aria-label={t('deal.stage_menu', { stage: t(`stage.${deal.stage}`) })}
            >
              {t(`stage.${deal.stage}`)}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('deals.move_to')}</Menu.Label>
            {next.map((stage) => (
              <Menu.Item
                key={stage}
                leftSection={<StageDot stage={stage} />}
                onClick={() => move(deal, stage)}
              >
                {t(`stage.${stage}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        deal.stage && (
          <span className={c.stage}>
            <StageDot stage={deal.stage} /> {t(`stage.${deal.stage}`)}
          </span>
        )
      )}
      {deal.you.can_export && <ExportMenu deal={deal} />}
      {dialog}
    </header>
  );
}

/** What the hub gives as the reason of a revocation, and the sentence that we have for it. */
const REASONS: Record<string, string> = {
  removed: 'removed',
  left: 'left',
  dropped: 'ended',
  ended: 'ended',
  partnership_ended: 'ended',
  suspended: 'suspended',
  partnership_suspended: 'suspended',
};

/** Said in the place of a deal that was just taken away; nothing of it stays on screen. */
function Closed({ reason }: { reason?: string }) {
  const { t } = useTranslation();
  const why = REASONS[reason ?? ''] ?? 'other';
  return (
    <div className={c.page}>
      <Empty
        icon={DoorClosed}
        title={t('deal.revoked')}
        text={t(`deal.revoked.${why}`)}
        action={
          <Button component={Link} to="/deals" variant="default">
            {t('deal.back')}
          </Button>
        }
      />
    </div>
  );
}

function Unknown() {
  const { t } = useTranslation();
  return (
    <div className={c.page}>
      <Empty
        icon={DoorClosed}
        title={t('lost.title')}
        text={t('lost.text')}
        action={
          <Button component={Link} to="/deals" variant="default">
            {t('deal.back')}
          </Button>
        }
      />
    </div>
  );
}
