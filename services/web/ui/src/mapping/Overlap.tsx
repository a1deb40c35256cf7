import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Mapping, MappingCell, MappingField } from '../api/types';
import { useCan } from '../app/queries';
import { Waiting } from '../parts/Page';
import c from './mapping.module.css';

/** The customers in common: ours, and beside each what the partner shows of it. */
export function Overlap({ mapping, cell, fields }: { mapping: Mapping; cell: MappingCell; fields: string[] }) {
  const { t } = useTranslation();
  const can = useCan()('mapping.export');
  const path = `/mappings/${mapping.partnership}/overlap/${cell.yours}/${cell.theirs}` as const;
  // Read again after the mapping was, so that what is no longer shown is not asked for.
  const { dataUpdatedAt } = useQuery<Mapping>({ queryKey: ['mapping', mapping.partnership], enabled: false });
  const asked = useInfiniteQuery({
    queryKey: ['overlap', mapping.partnership, cell.yours, cell.theirs, fields.join(), dataUpdatedAt],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => api.read(path, { limit: 100, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
    gcTime: 0,
  });
  // What was taken away is not shown from memory.
  if (asked.isError) return <p className={c.hint}>{t('mapping.nothing_shown', { name: mapping.partner.name })}</p>;
  if (!asked.data) return <Waiting rows={4} />;
  const items = asked.data.pages.flatMap((page) => page.items);
  const shown = fields as MappingField[];
  return (
    <>
      <div className={c.scroll} tabIndex={0} role="group" aria-label={t('mapping.in_common')}>
        <table className={c.table} aria-label={t('mapping.in_common')}>
          <thead>
            <tr>
              <th scope="col">{t('mapping.our_customer')}</th>
              {shown.map((field) => (
                <th key={field} scope="col">
                  {t(`field.${field}`)}
                  <small>{t('mapping.of_partner', { name: mapping.partner.name })}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.flatMap((item, row) =>
              item.theirs.map((their, place) => (
                <tr key={`${row}-${place}`}>
                  <td>
                    {item.yours.name}
                    {item.yours.city && <small>{item.yours.city}</small>}
                  </td>
                  {shown.map((field) => (
                    <td key={field}>{their[field] ?? '–'}</td>
                  ))}
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
      {items.length === 0 && <p className={c.hint}>{t('mapping.none_in_common')}</p>}
      <div className={c.buttons}>
        {asked.hasNextPage && (
          <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
            {t('mapping.more')}
          </Button>
        )}
        {can && items.length > 0 && (
          <Button
            component="a"
            href={`/api/v1${path}/csv`}
            download
            variant="default"
            leftSection={<Download size={15} aria-hidden />}
          >
            {t('mapping.export')}
          </Button>
        )}
      </div>
    </>
  );
}
