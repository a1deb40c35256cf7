import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../api/client';

/** What was said and meets what is typed, page by page; asked once the typing pauses. */
export function useHits(typed: string, room?: string) {
  // The blank behind a word says that it is whole.
  const [asked] = useDebouncedValue(typed.trimStart(), 160);
  const enabled = asked.trim().length > 1;
  const found = useInfiniteQuery({
    queryKey: ['search-messages', room ?? '', asked],
    queryFn: ({ pageParam, signal }) =>
      api.read('/search/messages', { q: asked, room, limit: 30, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
    placeholderData: enabled ? (before) => before : undefined,
    // A right may have ended meanwhile: what was found is asked again.
    staleTime: 0,
    retry: false,
  });
  return { found, enabled, hits: enabled ? (found.data?.pages.flatMap((page) => page.items) ?? []) : [] };
}
