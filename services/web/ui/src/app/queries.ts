import { QueryClient, useQuery } from '@tanstack/react-query';
import { api, Problem } from '../api/client';
import type { Me } from '../api/types';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      retry: (tries, fault) => !(fault instanceof Problem && fault.status < 500) && tries < 2,
    },
  },
});

export const meQuery = { queryKey: ['me'], queryFn: () => api.read('/me'), staleTime: 60_000 };
export const useMe = () => useQuery(meQuery).data!;

/** Whether this role may do a thing at all; what the hub then allows is its own matter. */
export const useCan = () => {
  const me = useMe();
  return (action: string) => me.can.includes(action);
};

const ADMINS = ['owner', 'admin'];
export const isAdmin = (me: Me) => ADMINS.includes(me.role);
