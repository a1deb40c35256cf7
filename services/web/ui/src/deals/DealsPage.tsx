import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Columns3, Plus, Search, Table2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { useCan } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import { Board } from './Board';
import { DealTable } from './DealTable';
import { Invitations } from './Invitations';
import { NewDeal } from './NewDeal';
import c from './board.module.css';

export const boardQuery = { queryKey: ['board'], queryFn: () => api.read('/deals/board') };

export function DealsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/deals' });
  const can = useCan();
  const board = useQuery(boardQuery);
  const seek = useDebouncedCallback(
    (q: string) => void navigate({ to: '/deals', search: { ...search, q: q || undefined }, replace: true }),
    150,
  );
  const make = (on: boolean) =>
    void navigate({ to: '/deals', search: { ...search, new: on ? 'deal' : undefined } });
  const none = board.data?.lanes.every((lane) => lane.count === 0);
  return (
    <Page
      wide
      title={t('nav.deals')}
      tools={
        <>
          <TextInput
            className={c.seek}
            leftSection={<Search size={14} aria-hidden />}
            placeholder={t('deals.seek')}
            aria-label={t('deals.seek')}
            defaultValue={search.q}
            onChange={(event) => seek(event.currentTarget.value)}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('deals.view')}
            value={search.view ?? 'board'}
            onChange={(view) =>
              void navigate({
                to: '/deals',
                search: { ...search, view: view === 'table' ? 'table' : undefined },
              })
            }
            data={[
              {
                value: 'board',
                label: (
                  <span className={c.view}>
                    <Columns3 size={14} aria-hidden /> {t('deals.board')}
                  </span>
                ),
              },
              {
                value: 'table',
                label: (
                  <span className={c.view}>
                    <Table2 size={14} aria-hidden /> {t('deals.table')}
                  </span>
                ),
              },
            ]}
          />
        </>
      }
      actions={
        can('deal.create') && (
          <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => make(true)}>
            {t('deals.new')}
          </Button>
        )
      }
    >
      <Invitations />
      {search.view === 'table' ? (
        <DealTable q={search.q} />
      ) : board.isError ? (
        <Failed fault={board.error} retry={() => void board.refetch()} />
      ) : !board.data ? (
        <Waiting rows={6} height={80} />
      ) : none ? (
        <Empty
          icon={Columns3}
          title={t('deals.none')}
          text={t('deals.none_text')}
          action={can('deal.create') && <Button onClick={() => make(true)}>{t('deals.new')}</Button>}
        />
      ) : (
        <Board board={board.data} q={search.q} />
      )}
      {search.new && can('deal.create') && <NewDeal onClose={() => make(false)} />}
    </Page>
  );
}
