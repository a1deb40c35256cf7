/**
 * What the hub speaks of, by the names of this UI. Each is the type of the API's document; nothing is
 * described here a second time. Times are RFC 3339, money is minor units.
 */
import type { components } from './schema';

type Told = components['schemas'];

export type OrgRef = Told['OrgRef'];
export type PersonRef = Told['PersonRef'];
export type Locale = Told['Locale'];
export type Role = Told['Role'];
export type Found = Told['Found'];

export type Account = Told['AccountView'];
export type AccountField = Account['fields'][number];
export type AccountGrant = Told['GrantView'];
export type Contact = Told['ContactView'];
export type ImportResult = Told['ImportView'];
export type ImportEntry = Told['ImportItem'];

export type Stage = Told['Stage'];
export type DealSummary = Told['DealSummary'];
export type CardField = DealSummary['fields'][number];
export type BoardView = Told['Board'];
export type Lane = Told['Lane'];
export type Deal = Told['DealView'];
export type Party = Told['PartyView'];
export type PartyMove = Told['PartyMove'];
export type Side = Told['SideView'];
export type SideField = Side['published'][number];
export type SideValues = Omit<Told['OtherSideView'], 'organisation'>;
export type DealInvitation = Told['InvitationView'];

export type Room = Told['RoomView'];
export type Guest = Told['GuestView'];
export type DealGuest = Told['DealGuest'];
export type RoomEvent = Told['Event'];
export type Direct = Told['DirectView'];
export type Reachable = Told['ReachableView'];
export type Report = Told['ReportView'];
export type Quiet = Told['QuietView'];
export type Retention = Told['RetentionView'];
export type Hold = Told['HoldView'];
export type EventKind = Told['EventKind'];
export type DnsRecord = Told['DnsRecord'];
export type MailTest = Told['MailTest'];
export type MailHabit = Told['MailHabit'];
export type MailPace = Told['MailPace'];
export type OwnMail = Told['OwnMail'];
export type MessageFile = Told['MessageFile'];
export type EventPage = Told['EventPage'];
export type RoomOwn = Told['OwnView'];
export type Topic = Told['TopicView'];
export type FoundMessage = Told['FoundMessage'];

export type Fund = Told['FundView'];
export type FundState = Told['FundState'];
export type FundPart = Told['FundAllocationView'];
export type FundRequest = Told['FundRequestView'];
export type FundRequestState = Told['FundRequestState'];
export type FundClaim = Told['FundClaimView'];
export type FundClaimState = Told['FundClaimState'];
export type FundMove = Told['FundMove'];
export type FundEvent = Told['FundEvent'];
export type FundActivity = Told['FundActivity'];
export type FundProofKind = Told['FundProofKind'];

export type Registration = Told['RegistrationView'];
export type RegistrationState = Told['RegistrationState'];
export type RegistrationMove = Told['RegistrationMove'];
export type RegistrationReason = Told['RegistrationReason'];
export type RegistrationEvent = Told['RegistrationEvent'];
export type RegistrationTerms = Told['RegistrationTerms'];
export type RegistrationVendor = Told['RegistrationVendor'];
export type Lead = Told['LeadView'];
export type LeadState = Told['LeadState'];
export type LeadMove = Told['LeadMove'];
export type LeadReason = Told['LeadReason'];
export type LeadEvent = Told['LeadEvent'];
export type LeadSource = Told['LeadSource'];
export type LeadConsent = Told['LeadConsent'];
export type LeadOffer = Told['LeadOfferView'];
export type LeadOfferState = Told['LeadOfferState'];
export type LeadTerms = Told['LeadTerms'];
export type LeadRouting = Told['LeadRouting'];
export type LeadRule = Told['LeadRule'];
export type Population = Told['PopulationView'];
export type MappingItem = Told['MappingItem'];
export type Mapping = Told['MappingView'];
export type MappingCell = Told['MappingCellView'];
export type MappingAsk = Told['MappingAskView'];
export type MappingLevel = Told['MappingLevel'];
export type Conflict = Told['Conflict'];
export type KeyScheme = Told['KeyScheme'];

export type QuoteState = Told['QuoteState'];
export type QuoteSummary = Told['QuoteSummary'];
export type Quote = Told['QuoteView'];
export type QuoteRevision = Told['QuoteRevision'];
export type QuoteLine = Told['QuoteLine'];
export type Product = Told['ProductView'];
export type PriceList = Told['PriceListSummary'];
export type PriceListWhole = Told['PriceListView'];
export type PricedProduct = Told['PricedProduct'];
export type PriceBreak = Told['PriceBreak'];
export type Rfq = Told['RfqView'];
export type RfqState = Told['RfqState'];
export type RfqQuote = Told['RfqQuote'];
export type OfferedLine = Told['OfferedLine'];
export type OrderSyntax = Told['OrderSyntax'];
export type Change = Told['ChangeView'];
export type ChangeLine = Partial<Told['ChangeLine']> & Pick<Told['ChangeLine'], 'line' | 'kind'>;
export type Disagreement = Told['Disagreement'];
export type OrderState = Told['OrderState'];
export type OrderSummary = Told['OrderSummary'];
export type Order = Told['OrderWithPapers'];
export type OrderLine = Told['OrderLineView'];
export type PackageKind = Told['PackageKind'];
export type InvoiceSummary = Told['InvoiceSummary'];
export type Invoice = Told['InvoiceView'];
export type InvoiceCharge = Told['InvoiceCharge'];
export const INVOICE_STATES: InvoiceSummary['state'][] = ['sent', 'approved', 'disputed', 'cancelled'];
export type Decision = Told['Decision'];
export type PaperReading = Told['PaperReading'];
export type Interchange = Told['InterchangeView'];
export type InterchangeState = Told['InterchangeState'];
export type InterchangeFilter = Partial<Told['InterchangeFilter']>;
export type Way = Told['Way'];
export type LaneReport = Told['LaneReport'];
export type LaneScenario = Told['Scenario'];
export type SavedView = Omit<Told['SavedViewView'], 'filter'> & { filter: InterchangeFilter };
export type EdiFault = Told['FaultNote'];
export type Deed = Told['Deed'];
export type MendEdit = Told['MendEdit'];

export type As2Station = Told['StationView'];
export type TradingPartner = Omit<Told['TradingPartnerView'], 'terms'> & { terms: Terms };
export type Certificate = Told['CertificateView'];
export type Terms = Required<Told['Terms']>;
export type As2Message = Told['As2MessageView'];
export type SftpMailbox = Told['SftpMailboxView'];
export type SftpFile = Told['SftpFileView'];
export type MailPartner = Told['MailPartnerView'];
export type MailFile = Told['MailFileView'];
export type TrialResult = Told['TrialView'];

export type Me = Told['MeView'];
export type Session = Told['SessionView'];
export type Token = Told['TokenView'];
export type Organisation = Told['OrganisationView'];
export type Identifier = Told['IdentifierView'];
export type Member = Told['MemberView'];
export type Invitation = Told['InviteView'];
export type OpenInvitation = Told['OpenInvitation'];
export type Partnership = Told['Partnership'];
export type PartnershipMove = Told['Move'];
export type AuditEntry = Told['EntryView'];
export type Notice = Told['NoticeView'];
export type OutboxMail = Told['OutboxLetter'];
export type QuarantinedMail = Told['QuarantinedMail'];

/** Where an interchange may stand. */
export const INTERCHANGE_STATES = [
  'received',
  'applied',
  'quarantined',
  'rejected',
  'duplicate',
  'discarded',
  'built',
  'sent',
] as const satisfies readonly InterchangeState[];

/** By what a customer is known. */
export const KEY_SCHEMES = ['domain', 'vat', 'gln', 'duns'] as const satisfies readonly KeyScheme[];

/** What account mapping can show of a customer in common. */
export const MAPPING_FIELDS = ['name', 'domain', 'vat', 'city', 'country', 'segment'] as const;
export type MappingField = (typeof MAPPING_FIELDS)[number];
/** What a list of customers can have. */
export const LIST_FIELDS = ['name', 'domain', 'vat', 'gln', 'duns', 'city', 'country'] as const;
export type ListField = (typeof LIST_FIELDS)[number];

/** What money of a fund is asked for. */
export const ACTIVITIES = [
  'event',
  'advertising',
  'content',
  'training',
  'calls',
  'demo',
  'other',
] as const satisfies readonly FundActivity[];
/** What a claim is proven by. */
export const PROOF_KINDS = [
  'invoice',
  'receipt',
  'picture',
  'report',
  'other',
] as const satisfies readonly FundProofKind[];

/** Why a vendor refuses a registration. */
export const REGISTRATION_REASONS = [
  'customer_engaged',
  'house_account',
  'out_of_scope',
  'not_qualified',
  'incomplete',
  'no_activity',
  'other',
] as const satisfies readonly RegistrationReason[];

/** How far a lead may be. */
export const LEAD_STATES = [
  'new',
  'qualified',
  'offered',
  'accepted',
  'converted',
  'disqualified',
] as const satisfies readonly LeadState[];
/** Why a lead is put away, or given back. */
export const LEAD_REASONS = [
  'no_need',
  'no_budget',
  'not_reachable',
  'duplicate',
  'junk',
  'no_capacity',
  'out_of_scope',
  'other',
] as const satisfies readonly LeadReason[];
export const LEAD_CONSENTS = ['unknown', 'given', 'refused'] as const satisfies readonly LeadConsent[];
export const LEAD_SOURCES = [
  'hand',
  'web',
  'event',
  'referral',
  'import',
  'api',
] as const satisfies readonly LeadSource[];
/** What a partner may see of a lead before it accepts, and what besides after that. */
export const LEAD_FIELDS_EARLY = [
  'company',
  'country',
  'region',
  'city',
  'source',
  'campaign',
  'family',
  'size',
  'amount',
] as const;
export const LEAD_FIELDS = [...LEAD_FIELDS_EARLY, 'domain', 'contact', 'note'] as const;

/** Where a quote may stand. */
export const QUOTE_STATES = [
  'draft',
  'priced',
  'approved_internal',
  'sent',
  'accepted',
  'rejected',
  'countered',
  'expired',
  'withdrawn',
] as const satisfies readonly QuoteState[];

/** In the order in which screens show them; a word that the hub does not know is an error of types. */
export const ACCOUNT_FIELDS = [
  'name',
  'domain',
  'vat',
  'city',
  'country',
  'segment',
  'discount_bp',
  'notes',
] as const satisfies readonly AccountField[];

export const CARD_FIELDS = [
  'title',
  'account',
  'amount',
  'close_on',
  'next_step',
  'stage',
] as const satisfies readonly CardField[];

export const SIDE_FIELDS = [
  'stage_name',
  'margin_bp',
  'forecast_minor',
  'notes',
  'crm_id',
] as const satisfies readonly SideField[];

export const STAGES = [
  'identified',
  'qualified',
  'technical_ok',
  'business_ok',
  'committed',
  'won',
  'delivered',
  'lost',
] as const satisfies readonly Stage[];

export const ROLES = [
  'owner',
  'admin',
  'channel_manager',
  'seller',
  'marketer',
  'buyer',
  'support',
  'edi_operator',
  'finance',
  'viewer',
] as const satisfies readonly Role[];
export type OpenedMail = Told['OpenedMail'];
export type MailVerdict = Told['MailVerdict'];
export type Suppressed = Told['Suppressed'];
