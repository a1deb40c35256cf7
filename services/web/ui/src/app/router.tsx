import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { Problem, whenSignedOut } from '../api/client';
import { socket } from '../api/socket';
import {
  INVOICE_STATES,
  QUOTE_STATES,
  type InvoiceSummary,
  type QuoteState,
  LEAD_STATES,
  type LeadState,
} from '../api/types';
import { readInbox } from '../orders/filters';
import { isLocale, speak, spoken } from './i18n';
import { Broken, Lost } from './Lost';
import { meQuery, queries } from './queries';

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

const root = createRootRoute({ component: Outlet, notFoundComponent: Lost, errorComponent: Broken });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { to?: string } => ({ to: text(search.to) }),
  component: lazyRouteComponent(() => import('../session/SignIn'), 'SignIn'),
});
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  validateSearch: (search): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import('../session/Join'), 'Join'),
});

/** Everything behind sign-in: knows who acts before it shows anything. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    try {
      const me = await queries.ensureQueryData(meQuery);
      if (isLocale(me.person.locale) && me.person.locale !== spoken()) await speak(me.person.locale);
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.status !== 401) throw fault;
      throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } });
    }
  },
  component: lazyRouteComponent(() => import('./Shell'), 'Shell'),
});
const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/deals' });
  },
});
const deals = createRoute({
  getParentRoute: () => shell,
  path: '/deals',
  validateSearch: (search): { q?: string; view?: 'table'; new?: 'deal' } => ({
    q: text(search.q),
    view: search.view === 'table' ? 'table' : undefined,
    new: search.new === 'deal' ? 'deal' : undefined,
  }),
  component: lazyRouteComponent(() => import('../deals/DealsPage'), 'DealsPage'),
});
const deal = createRoute({
  getParentRoute: () => shell,
  path: '/deals/$deal',
  validateSearch: (search): { room?: string; show?: 'card' | 'sides' | 'parties'; at?: number } => ({
    room: text(search.room),
    at: Number(search.at) > 0 ? Math.floor(Number(search.at)) : undefined,
    show:
      search.show === 'card' || search.show === 'sides' || search.show === 'parties'
        ? search.show
        : undefined,
  }),
  component: lazyRouteComponent(() => import('../deals/DealPage'), 'DealPage'),
});
const topics = createRoute({
  getParentRoute: () => shell,
  path: '/deals/$deal/topics',
  component: lazyRouteComponent(() => import('../forum/TopicsPage'), 'TopicsPage'),
});
const guests = createRoute({
  getParentRoute: () => shell,
  path: '/deals/$deal/guests',
  component: lazyRouteComponent(() => import('../forum/GuestsPage'), 'GuestsPage'),
});
const topic = createRoute({
  getParentRoute: () => shell,
  path: '/deals/$deal/topics/$room',
  component: lazyRouteComponent(() => import('../forum/TopicPage'), 'TopicPage'),
});
const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  validateSearch: (search): { view?: 'shared'; q?: string; sort?: '-updated_at'; open?: string } => ({
    view: search.view === 'shared' ? 'shared' : undefined,
    q: text(search.q),
    sort: search.sort === '-updated_at' ? '-updated_at' : undefined,
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import('../accounts/AccountsPage'), 'AccountsPage'),
});
const imports = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/import',
  component: lazyRouteComponent(() => import('../accounts/ImportPage'), 'ImportPage'),
});
const partners = createRoute({
  getParentRoute: () => shell,
  path: '/partners',
  validateSearch: (search): { open?: string } => ({ open: text(search.open) }),
  component: lazyRouteComponent(() => import('../partners/PartnersPage'), 'PartnersPage'),
});
const mappings = createRoute({
  getParentRoute: () => shell,
  path: '/mapping',
  validateSearch: (search): { view?: 'populations' } => ({
    view: search.view === 'populations' ? 'populations' : undefined,
  }),
  component: lazyRouteComponent(() => import('../mapping/MappingsPage'), 'MappingsPage'),
});
const mapping = createRoute({
  getParentRoute: () => shell,
  path: '/mapping/$partnership',
  validateSearch: (search): { cell?: string } => ({ cell: text(search.cell) }),
  component: lazyRouteComponent(() => import('../mapping/MappingPage'), 'MappingPage'),
});
const PRODUCT_VIEWS = ['products', 'lists', 'prices'] as const;
const products = createRoute({
  getParentRoute: () => shell,
  path: '/products',
  validateSearch: (search): { view?: (typeof PRODUCT_VIEWS)[number]; q?: string; open?: string } => ({
    view: PRODUCT_VIEWS.find((view) => view === search.view),
    q: text(search.q),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import('../catalogue/ProductsPage'), 'ProductsPage'),
});
const registrations = createRoute({
  getParentRoute: () => shell,
  path: '/registrations',
  validateSearch: (search): { side?: 'partner' | 'vendor'; show?: 'waiting' | 'overdue' } => ({
    side: search.side === 'partner' || search.side === 'vendor' ? search.side : undefined,
    show: search.show === 'waiting' || search.show === 'overdue' ? search.show : undefined,
  }),
  component: lazyRouteComponent(() => import('../registrations/RegistrationsPage'), 'RegistrationsPage'),
});
const register = createRoute({
  getParentRoute: () => shell,
  path: '/registrations/new',
  validateSearch: (search): { edit?: string } => ({ edit: text(search.edit) }),
  component: lazyRouteComponent(() => import('../registrations/RegisterPage'), 'RegisterPage'),
});
const registrationTerms = createRoute({
  getParentRoute: () => shell,
  path: '/registrations/terms',
  component: lazyRouteComponent(() => import('../registrations/TermsPage'), 'TermsPage'),
});
const registration = createRoute({
  getParentRoute: () => shell,
  path: '/registrations/$registration',
  component: lazyRouteComponent(() => import('../registrations/RegistrationPage'), 'RegistrationPage'),
});
const funds = createRoute({
  getParentRoute: () => shell,
  path: '/funds',
  component: lazyRouteComponent(() => import('../funds/FundsPage'), 'FundsPage'),
});
const fund = createRoute({
  getParentRoute: () => shell,
  path: '/funds/$fund',
  component: lazyRouteComponent(() => import('../funds/FundPage'), 'FundPage'),
});
const fundAsk = createRoute({
  getParentRoute: () => shell,
  path: '/funds/ask/$allocation',
  validateSearch: (search): { edit?: string } => ({ edit: text(search.edit) }),
  component: lazyRouteComponent(() => import('../funds/AskPage'), 'AskPage'),
});
const fundRequest = createRoute({
  getParentRoute: () => shell,
  path: '/fund-requests/$request',
  component: lazyRouteComponent(() => import('../funds/RequestPage'), 'RequestPage'),
});
const leads = createRoute({
  getParentRoute: () => shell,
  path: '/leads',
  validateSearch: (search): { of?: 'partners'; state?: LeadState } => ({
    of: search.of === 'partners' ? search.of : undefined,
    state: LEAD_STATES.find((state) => state === search.state),
  }),
  component: lazyRouteComponent(() => import('../leads/LeadsPage'), 'LeadsPage'),
});
const newLead = createRoute({
  getParentRoute: () => shell,
  path: '/leads/new',
  validateSearch: (search): { edit?: string } => ({ edit: text(search.edit) }),
  component: lazyRouteComponent(() => import('../leads/NewLeadPage'), 'NewLeadPage'),
});
const leadTerms = createRoute({
  getParentRoute: () => shell,
  path: '/leads/terms',
  component: lazyRouteComponent(() => import('../leads/TermsPage'), 'TermsPage'),
});
const leadOffer = createRoute({
  getParentRoute: () => shell,
  path: '/leads/offers/$offer',
  component: lazyRouteComponent(() => import('../leads/OfferPage'), 'OfferPage'),
});
const lead = createRoute({
  getParentRoute: () => shell,
  path: '/leads/$lead',
  component: lazyRouteComponent(() => import('../leads/LeadPage'), 'LeadPage'),
});
const newQuote = createRoute({
  getParentRoute: () => shell,
  path: '/deals/$deal/quote',
  validateSearch: (search): { rfq?: string } => ({ rfq: text(search.rfq) }),
  component: lazyRouteComponent(() => import('../quotes/NewQuotePage'), 'NewQuotePage'),
});
const askQuote = createRoute({
  getParentRoute: () => shell,
  path: '/deals/$deal/ask',
  component: lazyRouteComponent(() => import('../quotes/AskQuotePage'), 'AskQuotePage'),
});
const quotes = createRoute({
  getParentRoute: () => shell,
  path: '/quotes',
  validateSearch: (search): { state?: QuoteState; side?: 'seller' | 'buyer' } => ({
    state: QUOTE_STATES.find((state) => state === search.state),
    side: search.side === 'seller' || search.side === 'buyer' ? search.side : undefined,
  }),
  component: lazyRouteComponent(() => import('../quotes/QuotesPage'), 'QuotesPage'),
});
const quote = createRoute({
  getParentRoute: () => shell,
  path: '/quotes/$quote',
  component: lazyRouteComponent(() => import('../quotes/QuotePage'), 'QuotePage'),
});
const newRfq = createRoute({
  getParentRoute: () => shell,
  path: '/rfqs/new',
  component: lazyRouteComponent(() => import('../quotes/AskElsewherePage'), 'AskElsewherePage'),
});
const rfq = createRoute({
  getParentRoute: () => shell,
  path: '/rfqs/$rfq',
  component: lazyRouteComponent(() => import('../quotes/RfqPage'), 'RfqPage'),
});
const orders = createRoute({
  getParentRoute: () => shell,
  path: '/orders',
  component: lazyRouteComponent(() => import('../orders/OrdersPage'), 'OrdersPage'),
});
const newOrder = createRoute({
  getParentRoute: () => shell,
  path: '/orders/new',
  component: lazyRouteComponent(() => import('../orders/NewOrderPage'), 'NewOrderPage'),
});
const order = createRoute({
  getParentRoute: () => shell,
  path: '/orders/$order',
  component: lazyRouteComponent(() => import('../orders/OrderPage'), 'OrderPage'),
});
const shipment = createRoute({
  getParentRoute: () => shell,
  path: '/shipments/$shipment',
  component: lazyRouteComponent(() => import('../fulfilment/ShipmentPage'), 'ShipmentPage'),
});
const invoices = createRoute({
  getParentRoute: () => shell,
  path: '/invoices',
  validateSearch: (search): { state?: InvoiceSummary['state']; side?: 'seller' | 'buyer' } => ({
    state: INVOICE_STATES.find((state) => state === search.state),
    side: search.side === 'seller' || search.side === 'buyer' ? search.side : undefined,
  }),
  component: lazyRouteComponent(() => import('../fulfilment/InvoicesPage'), 'InvoicesPage'),
});
const invoice = createRoute({
  getParentRoute: () => shell,
  path: '/invoices/$invoice',
  component: lazyRouteComponent(() => import('../fulfilment/InvoicePage'), 'InvoicePage'),
});
const edi = createRoute({
  getParentRoute: () => shell,
  path: '/edi',
  validateSearch: readInbox,
  component: lazyRouteComponent(() => import('../orders/InterchangesPage'), 'InterchangesPage'),
});
const stations = createRoute({
  getParentRoute: () => shell,
  path: '/edi/as2',
  validateSearch: (search): { view?: 'messages' | 'station' | 'lane' | 'sftp' | 'files' | 'mail' | 'mailed' } => ({
    view: (['messages', 'station', 'lane', 'sftp', 'files', 'mail', 'mailed'] as const).find((view) => view === search.view),
  }),
  component: lazyRouteComponent(() => import('../stations/StationsPage'), 'StationsPage'),
});
const interchange = createRoute({
  getParentRoute: () => shell,
  path: '/edi/$interchange',
  validateSearch: (search): { segment?: number } => ({ segment: Number(search.segment) || undefined }),
  component: lazyRouteComponent(() => import('../orders/InterchangePage'), 'InterchangePage'),
});
const seen = (search: Record<string, unknown>): { at?: number } => ({
  at: Number(search.at) > 0 ? Math.floor(Number(search.at)) : undefined,
});
const messages = createRoute({
  getParentRoute: () => shell,
  path: '/messages',
  component: lazyRouteComponent(() => import('../messages/MessagesPage'), 'MessagesPage'),
});
const direct = createRoute({
  getParentRoute: () => shell,
  path: '/messages/$room',
  validateSearch: seen,
  component: lazyRouteComponent(() => import('../messages/MessagesPage'), 'MessagesPage'),
});
const reports = createRoute({
  getParentRoute: () => shell,
  path: '/reports',
  component: lazyRouteComponent(() => import('../reports/ReportsPage'), 'ReportsPage'),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  validateSearch: (search: Record<string, unknown>): { open?: string } => ({
    open: typeof search.open === 'string' ? search.open : undefined,
  }),
  component: lazyRouteComponent(() => import('../notifications/InboxPage'), 'InboxPage'),
});
const search = createRoute({
  getParentRoute: () => shell,
  path: '/search',
  validateSearch: (search): { q?: string } => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import('../search/SearchPage'), 'SearchPage'),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: lazyRouteComponent(() => import('../people/PeoplePage'), 'PeoplePage'),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: (search): { part?: string } => ({ part: text(search.part) }),
  component: lazyRouteComponent(() => import('../settings/SettingsPage'), 'SettingsPage'),
});
const mail = createRoute({
  getParentRoute: () => shell,
  path: '/mail',
  validateSearch: (search): { view?: 'quarantine' | 'suppressed' | 'setup' } => ({
    view:
      search.view === 'quarantine' || search.view === 'suppressed' || search.view === 'setup'
        ? search.view
        : undefined,
  }),
  component: lazyRouteComponent(() => import('../admin/mail/MailPage'), 'MailPage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('../admin/AuditPage'), 'AuditPage'),
});

const behind = [
  home,
  deals,
  deal,
  topics,
  guests,
  topic,
  accounts,
  imports,
  partners,
  mappings,
  mapping,
  registrations,
  register,
  registrationTerms,
  registration,
  funds,
  fund,
  fundAsk,
  fundRequest,
  leads,
  newLead,
  leadTerms,
  leadOffer,
  lead,
  newQuote,
  askQuote,
  newRfq,
  products,
  quotes,
  quote,
  rfq,
  orders,
  newOrder,
  order,
  shipment,
  invoices,
  invoice,
  edi,
  stations,
  interchange,
  messages,
  direct,
  reports,
  inbox,
  search,
  people,
  settings,
  mail,
  audit,
];

export const router = createRouter({
  routeTree: root.addChildren([signIn, join, shell.addChildren(behind)]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: Broken,
});

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in' || pathname === '/join') return;
  socket.stop();
  void router.navigate({ to: '/sign-in', search: { to: href } }).then(() => queries.clear());
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
