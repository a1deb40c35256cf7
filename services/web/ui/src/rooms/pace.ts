import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import type { MailPace } from '../api/types';
import { queries } from '../app/queries';
import { say } from '../parts/say';

/** How soon mail tells of what was said and not read. */
export const PACES = ['instant', 'quarter', 'daily', 'off'] as const satisfies MailPace[];

/** How one wants mail, for all rooms. */
export const useOwnMail = () => useQuery({ queryKey: ['own-mail'], queryFn: () => api.read('/me/mail') });

/** How one wants mail of one room. */
export const useRoomPace = (room: string, wanted: boolean) =>
  useQuery({
    queryKey: ['room-pace', room],
    queryFn: () => api.read(`/rooms/${room}/mail`),
    enabled: wanted,
  });

/** Says how soon mail tells of one room; null for as usual. */
export async function choosePace(room: string, pace: MailPace | null) {
  try {
    queries.setQueryData(['room-pace', room], await api.put(`/rooms/${room}/mail`, { pace }));
    await queries.invalidateQueries({ queryKey: ['own-mail'] });
  } catch (fault) {
    say.problem(fault);
  }
}
