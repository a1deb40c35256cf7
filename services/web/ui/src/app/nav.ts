import {
  ArrowLeftRight,
  Bell,
  Blend,
  Building2,
  Columns3,
  FileText,
  Flag,
  HandCoins,
  Handshake,
  Mail,
  MessagesSquare,
  Package,
  ReceiptText,
  ScrollText,
  Settings,
  Stamp,
  Target,
  Users,
  type LucideIcon,
} from 'lucide-react';
import { isAdmin } from './queries';
import type { Me } from '../api/types';

export interface Place {
  to: string;
  word: string;
  icon: LucideIcon;
  key: string;
  group: 'work' | 'house';
  bottom?: boolean;
  admin?: boolean;
  need?: string;
}

/** Where one can go, in the order of the bar on the left. `key` follows `g`. */
const PLACES: Place[] = [
  { to: '/deals', word: 'deals', icon: Columns3, key: 'd', group: 'work', bottom: true },
  { to: '/accounts', word: 'accounts', icon: Building2, key: 'a', group: 'work', bottom: true },
  { to: '/partners', word: 'partners', icon: Handshake, key: 'p', group: 'work', bottom: true },
  { to: '/mapping', word: 'mapping', icon: Blend, key: 'b', group: 'work', need: 'mapping.read' },
  { to: '/products', word: 'products', icon: Package, key: 'r', group: 'work', need: 'product.read' },
  {
    to: '/registrations',
    word: 'registrations',
    icon: Stamp,
    key: 'n',
    group: 'work',
    need: 'registration.read',
  },
  { to: '/funds', word: 'funds', icon: HandCoins, key: 'k', group: 'work', need: 'fund.read' },
  { to: '/leads', word: 'leads', icon: Target, key: 'h', group: 'work', need: 'lead.read' },
  { to: '/quotes', word: 'quotes', icon: FileText, key: 'q', group: 'work', need: 'quote.read' },
  {
    to: '/orders',
    word: 'orders',
    icon: ReceiptText,
    key: 'o',
    group: 'work',
    bottom: true,
    need: 'order.read',
  },
  { to: '/edi', word: 'edi', icon: ArrowLeftRight, key: 'e', group: 'work', need: 'edi.read' },
  { to: '/messages', word: 'messages', icon: MessagesSquare, key: 'c', group: 'work', need: 'room.read' },
  { to: '/inbox', word: 'inbox', icon: Bell, key: 'i', group: 'work', bottom: true },
  { to: '/people', word: 'people', icon: Users, key: 'u', group: 'house' },
  { to: '/mail', word: 'mail', icon: Mail, key: 'm', group: 'house', admin: true },
  { to: '/reports', word: 'reports', icon: Flag, key: 'f', group: 'house', need: 'report.settle' },
  { to: '/audit', word: 'audit', icon: ScrollText, key: 'l', group: 'house', admin: true },
  { to: '/settings', word: 'settings', icon: Settings, key: 's', group: 'house' },
];

export const places = (me: Me) =>
  PLACES.filter((place) => (!place.admin || isAdmin(me)) && (!place.need || me.can.includes(place.need)));
