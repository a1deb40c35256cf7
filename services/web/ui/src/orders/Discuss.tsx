import { ActionIcon, Tooltip } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { MessageSquareQuote } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Order, OrderLine } from '../api/types';
import { useFormat } from '../app/format';
import { useMe } from '../app/queries';
import { say } from '../parts/say';
import { putIntoDraft } from '../rooms/own';

/** Quotes a line of an order into the chat of its deal, where one goes on writing. */
export function Discuss({ order, line }: { order: Order; line: OrderLine }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const navigate = useNavigate();
  const deal = order.deal?.id;
  if (!deal) return null;
  const name = t('order.discuss', { line: line.line });
  const go = async () => {
    try {
      const { rooms } = await api.read(`/deals/${deal}`);
      const room = rooms.find(({ kind }) => kind === 'main');
      if (!room) return;
      const what = [line.product, line.description].filter(Boolean).join(', ');
      const words = t('order.discuss_words', {
        number: order.number,
        line: line.line,
        what,
        quantity: `${f.decimal(line.quantity)} ${line.unit}`,
        price: `${f.decimal(line.unit_price)} ${order.currency}`,
      });
      putIntoDraft(me.person.id, room.id, `> ${words}\n\n`);
      await navigate({ to: '/deals/$deal', params: { deal } });
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Tooltip label={name} openDelay={400}>
      <ActionIcon size={26} variant="subtle" color="gray" aria-label={name} onClick={() => void go()}>
        <MessageSquareQuote size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
