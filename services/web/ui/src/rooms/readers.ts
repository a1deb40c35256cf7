import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client';
import type { Row } from './fold';

/** How far somebody else has read. */
export interface Reader {
  user: string;
  name: string;
  seq: number;
}

/** What the hub told once, and what it tells since; nobody reads back. */
export function useReaders(room: string, live: Reader[]): Reader[] {
  const { data } = useQuery({
    queryKey: ['readers', room],
    queryFn: () => api.read(`/rooms/${room}/readers`),
    staleTime: 0,
  });
  return useMemo(() => {
    const all = new Map<string, Reader>();
    for (const one of [...(data?.items ?? []), ...live]) {
      const known = all.get(one.user);
      if (!known || known.seq < one.seq) all.set(one.user, { user: one.user, name: one.name, seq: one.seq });
    }
    return [...all.values()];
  }, [data, live]);
}

/** Who stands where: each at the last message that she has read, but not at her own. */
export function marks(rows: Row[], readers: Reader[]): Map<number, Reader[]> {
  const events = rows.flatMap((row) => (row.is === 'message' ? [row.event] : []));
  const found = new Map<number, Reader[]>();
  for (const reader of readers) {
    const last = events.findLast((event) => event.seq <= reader.seq);
    if (!last || last.author === reader.user) continue;
    found.set(last.seq, [...(found.get(last.seq) ?? []), reader]);
  }
  return found;
}
