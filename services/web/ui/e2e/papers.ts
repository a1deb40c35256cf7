/** A purchase order of two lines from Delmar to Nordwind; its trailer may count wrongly, it may name a deal. */
export function purchaseOrder(number: string, control: number, { miscounted = 0, deal = '' } = {}) {
  const nine = String(control).padStart(9, '0');
  const body = [
    'ST*850*0001',
    `BEG*00*SA*${number}**20261122`,
    'CUR*BY*EUR',
    ...(deal ? [`REF*CR**${deal}`] : []),
    'N1*BY*Delmar Foods*92*DELMAR',
    'PO1*1*24*EA*318.5**VP*NW-GATE-48',
    'PID*F****Gateway',
    'PO1*2*120*EA*48**VP*NW-SENS-28',
    'CTT*2',
  ];
  return [
    `ISA*00*          *00*          *ZZ*DELMAR         *ZZ*NORDWIND       *261122*0930*U*00401*${nine}*0*T*>`,
    `GS*PO*DELMAR*NORDWIND*20261122*0930*${control}*X*004010`,
    ...body,
    `SE*${body.length + 1 + miscounted}*0001`,
    `GE*1*${control}`,
    `IEA*1*${nine}`,
    '',
  ].join('~');
}

let last = 0;
/** A control number that no interchange of this run has. */
export const unusedControl = () => {
  last = Math.max(last + 1, 1_000 + (Math.floor(Date.now() / 100) % 100_000_000));
  return last;
};

/** A request of one line, in two deliveries, from a buyer who is not on the hub, to Nordwind. */
export function requestForQuote(number: string, control: number) {
  const nine = String(control).padStart(9, '0');
  const body = [
    'ST*840*0001',
    `BQT*00*${number}*20261122`,
    'CUR*BY*EUR',
    'N1*BY*Quarry and Sons*92*Q-1',
    'PO1*1*250*EA***BP*WIDGET-BLUE*VP*W-100',
    'PID*F****Widget, blue, 40 mm',
    'SCH*150*EA***002*20270115',
    'SCH*100*EA***002*20270201',
    'CTT*1',
  ];
  return [
    `ISA*00*          *00*          *ZZ*QUARRY         *ZZ*NORDWIND       *261122*0930*U*00401*${nine}*0*T*>`,
    `GS*RQ*QUARRY*NORDWIND*20261122*0930*${control}*X*004010`,
    ...body,
    `SE*${body.length + 1}*0001`,
    `GE*1*${control}`,
    `IEA*1*${nine}`,
    '',
  ].join('~');
}

/** A paper of Acme Supply, who is not on the hub, to Delmar. */
function fromAcme(code: string, kind: string, control: number, body: string[]) {
  const nine = String(control).padStart(9, '0');
  return [
    `ISA*00*          *00*          *ZZ*ACMESUPPLY     *ZZ*DELMAR         *261122*0930*U*00401*${nine}*0*T*>`,
    `GS*${code}*ACMESUPPLY*DELMAR*20261122*0930*${control}*X*004010`,
    `ST*${kind}*0001`,
    ...body,
    `SE*${body.length + 2}*0001`,
    `GE*1*${control}`,
    `IEA*1*${nine}`,
    '',
  ].join('~');
}

/** It takes the order on, line 1 at another price. */
export const acmeAnswer = (number: string, control: number) =>
  fromAcme('PR', '855', control, [
    `BAK*00*AC*${number}*20261120`,
    'PO1*1*3*EA*4.2**VP*A-1',
    'ACK*IP*3*EA',
    'PO1*2*10*EA*0.125**VP*A-2',
    'ACK*IA*10*EA',
  ]);

/** It offers what was asked for: two of the three of line 1, and dearer than was hoped. */
export const acmeOffer = (request: string, control: number, price: string) =>
  fromAcme('RR', '843', control, [
    `BQR*00*${request}*20261120`,
    'CUR*SE*EUR',
    `REF*PR*Q-${request}`,
    'DTM*036*20991231',
    `PO1*1*2*EA*${price}**VP*A-1`,
    'PO1*2*10*EA*0.125**VP*A-2',
    'CTT*2',
  ]);

/** It sends two of the three of line 1, and all of line 2. */
export const acmeDispatch = (number: string, control: number) =>
  fromAcme('SH', '856', control, [
    `BSN*00*SHP-${control}*20261124*0800*0004`,
    'HL*1**S',
    'DTM*011*20261124',
    'HL*2*1*O',
    `PRF*${number}`,
    'HL*3*2*I',
    'LIN*1*VP*A-1',
    'SN1*1*2*EA',
    'HL*4*2*I',
    'LIN*2*VP*A-2',
    'SN1*2*10*EA',
    'CTT*4',
  ]);

/** It invoices all three of line 1, at a price that nobody agreed on. */
export const acmeInvoice = (number: string, control: number) =>
  fromAcme('IN', '810', control, [
    `BIG*20261125*R-${control}*20261120*${number}`,
    'CUR*SE*EUR',
    'IT1*1*3*EA*4.5**VP*A-1',
    'IT1*2*10*EA*0.125**VP*A-2',
    'TDS*1475',
    'CTT*2',
  ]);
