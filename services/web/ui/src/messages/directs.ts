import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/client';
import { queries } from '../app/queries';
import { say } from '../parts/say';

/** Those with whom one talks in private, the newest first. */
export const useDirects = () => useQuery({ queryKey: ['directs'], queryFn: () => api.read('/directs') });

/** How many of their messages are not read. */
export function useUnreadDirects() {
  const directs = useDirects();
  return (directs.data?.items ?? []).reduce((sum, one) => sum + one.unread, 0);
}

/** Opens the room with somebody and goes there; says whether there is one. */
export function useWrite() {
  const navigate = useNavigate();
  return async (person: string, organisation: string) => {
    try {
      const { room } = await api.post('/directs', { person, organisation });
      void queries.invalidateQueries({ queryKey: ['directs'] });
      await navigate({ to: '/messages/$room', params: { room } });
      return true;
    } catch (fault) {
      say.problem(fault);
      return false;
    }
  };
}
