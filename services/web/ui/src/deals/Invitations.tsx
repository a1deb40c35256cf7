import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { CARD_FIELDS, type DealInvitation } from '../api/types';
import { queries } from '../app/queries';
import { Face } from '../parts/Face';
import { say } from '../parts/say';
import c from './board.module.css';

/** Deals that a partner asks us to join, above the board. */
export function Invitations() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const asked = useQuery({
    queryKey: ['deal-invitations'],
    queryFn: () => api.read('/deal-invitations'),
  });
  const answer = async (invitation: DealInvitation, move: 'accept' | 'decline') => {
    try {
      await api.post(`/deals/${invitation.deal}/parties/${invitation.party}/moves`, { move });
      await Promise.all(
        [['deal-invitations'], ['board'], ['deals']].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      );
      if (move === 'accept') void navigate({ to: '/deals/$deal', params: { deal: invitation.deal } });
      else say.done(t('deals.declined', { title: invitation.title ?? '' }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  if (!asked.data?.items.length) return null;
  return (
    <section className={c.invites} aria-label={t('deals.invitations')}>
      {asked.data.items.map((invitation) => (
        <article key={invitation.party} className={c.invite}>
          <Face name={invitation.from.name} kind="organisation" size={32} />
          <div>
            <b>
              {t('deals.invited', {
                from: invitation.from.name,
                title: invitation.title ?? t('field.hidden'),
              })}
            </b>
            <p>
              {t('deals.invited_fields', {
                fields: CARD_FIELDS.filter((field) => invitation.fields.includes(field))
                  .map((field) => t(`field.${field}`))
                  .join(', '),
              })}
            </p>
          </div>
          <Button variant="default" onClick={() => void answer(invitation, 'decline')}>
            {t('do.decline')}
          </Button>
          <Button onClick={() => void answer(invitation, 'accept')}>{t('deals.join')}</Button>
        </article>
      ))}
    </section>
  );
}
