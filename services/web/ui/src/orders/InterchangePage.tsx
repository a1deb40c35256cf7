import { Button, Pagination } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Archive, ArrowLeftRight, BellRing, Download, RotateCcw, Wrench } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import type { EdiFault } from '../api/types';
import { useFormat } from '../app/format';
import { spoken } from '../app/i18n';
import { queries, useCan } from '../app/queries';
import { Empty, Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Deeds, PutAway } from './Deeds';
import { Faults } from './Faults';
import { Mending } from './Mending';
import { wordsOf, type Changes } from './mending';
import { InterchangeTag } from './OrderTag';
import c from './orders.module.css';
import { NotCarried } from './NotCarried';
import { Paper } from './Paper';
import { Raw } from './Raw';
import { at, cut, type Segment } from './segments';
import type { Span } from './spans';

/** The largest interchange that the hub judges. */
const LONG_BYTES = 10 * 1024 * 1024;

export function InterchangePage() {
  const { t } = useTranslation();
  const f = useFormat();
  const navigate = useNavigate();
  const { interchange: id } = useParams({ from: '/shell/edi/$interchange' });
  const { segment: jump } = useSearch({ from: '/shell/edi/$interchange' });
  const asked = useQuery({
    queryKey: ['interchange', id],
    queryFn: () => api.read(`/edi/interchanges/${id}`),
  });
  const raw = useQuery({
    queryKey: ['interchange', id, 'raw'],
    queryFn: () => api.raw(`/edi/interchanges/${id}/raw`),
    // What is too long to be judged is too long to be shown: its fault says so.
    enabled: asked.data !== undefined && asked.data.bytes <= LONG_BYTES,
    staleTime: Infinity,
  });
  const can = useCan();
  const lines = useMemo(() => cut(raw.data ?? ''), [raw.data]);
  // The documents in it, by where they begin; which of them is shown follows where one jumps to.
  const heads = lines.segments.filter(({ tag }) => tag === 'ST' || tag === 'UNH').map(({ number }) => number);
  const [turned, setTurned] = useState(1);
  const wanted = Math.min(turned, Math.max(heads.length, 1));
  const language = spoken();
  const reading = useQuery({
    queryKey: ['interchange', id, 'reading', wanted, language],
    queryFn: ({ signal }) =>
      api.read(`/edi/interchanges/${id}/reading`, { document: wanted, language }, signal),
    enabled: heads.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
  const [lit, setLit] = useState<Span[]>([]);
  const [pointed, setPointed] = useState<Segment>();
  // What a person mends; undefined where nobody does.
  const [changes, setChanges] = useState<Changes>();
  const [awaying, away] = useDisclosure();
  const one = asked.data;
  if (asked.error instanceof Problem && asked.error.status === 404)
    return <Empty icon={ArrowLeftRight} title={t('lost.title')} text={t('lost.text')} />;
  if (asked.isError && !one) return <Failed fault={asked.error} retry={() => void asked.refetch()} />;
  if (!one)
    return (
      <Page title={t('nav.edi')}>
        <Waiting rows={8} />
      </Page>
    );
  const where = (fault: EdiFault) =>
    (fault.byte !== null && fault.byte !== undefined ? at(lines.segments, fault.byte) : undefined) ??
    lines.segments.find((segment) => segment.number === fault.segment_number);
  const show = (segment?: Segment) => {
    if (!segment) return;
    const document = heads.filter((head) => head <= segment.number).length;
    if (document > 0) setTurned(document);
    void navigate({
      to: '/edi/$interchange',
      params: { interchange: id },
      search: { segment: segment.number },
      replace: true,
    });
  };
  const replay = async () => {
    try {
      await api.post(`/edi/interchanges/${id}/replay`);
      await queries.invalidateQueries({ queryKey: ['interchange', id] });
      say.done(t('edi.replayed'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const chase = async () => {
    try {
      queries.setQueryData(['interchange', id], await api.post(`/edi/interchanges/${id}/chase`));
      say.done(t('edi.chased'));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const facts: [string, React.ReactNode][] = [
    [t('edi.sender'), <code key="s">{one.sender ?? '—'}</code>],
    [t('edi.receiver'), <code key="r">{one.receiver ?? '—'}</code>],
    [t('edi.control'), <code key="c">{one.control_number ?? '—'}</code>],
    [t('edi.at'), f.precise(one.at)],
    [t('edi.size'), f.bytes(one.bytes)],
    [
      t('edi.order'),
      one.order ? (
        <Link key="o" to="/orders/$order" params={{ order: one.order.id }}>
          {one.order.number}
        </Link>
      ) : null,
    ],
    [
      t('edi.rfq'),
      one.rfq ? (
        <Link key="f" to="/rfqs/$rfq" params={{ rfq: one.rfq.id }}>
          {one.rfq.number}
        </Link>
      ) : null,
    ],
    [
      t('edi.quote'),
      one.quote?.id ? (
        <Link key="q" to="/quotes/$quote" params={{ quote: one.quote.id }}>
          {one.quote.number}
        </Link>
      ) : null,
    ],
    [
      t('edi.acknowledges'),
      one.acknowledges ? (
        <Link key="a" to="/edi/$interchange" params={{ interchange: one.acknowledges }}>
          {t('event.look')}
        </Link>
      ) : null,
    ],
    [
      t('edi.acknowledged'),
      one.acknowledged_by.length
        ? one.acknowledged_by.map((ack) => (
            <Link key={ack.id} to="/edi/$interchange" params={{ interchange: ack.id }}>
              {ack.kind} · {t(`interchange.${ack.state}`)}
            </Link>
          ))
        : null,
    ],
    [t('edi.acknowledge_by'), one.acknowledge_by ? f.precise(one.acknowledge_by) : null],
    [
      'SHA-256',
      <code key="h" title={one.sha256}>
        {one.sha256.slice(0, 16)}…
      </code>,
    ],
  ];
  const held = one.direction === 'in' && (one.state === 'quarantined' || one.state === 'rejected');
  const mends = can('edi.replay') && held && raw.data !== undefined;
  return (
    <Page
      wide
      title={t(`document.${one.kind}`)}
      lead={t(one.direction === 'in' ? 'interchange.in' : 'interchange.out')}
      tools={<InterchangeTag state={one.state} overdue={one.overdue} />}
      actions={
        <>
          {mends && !changes && (
            <>
              <Button leftSection={<Wrench size={15} aria-hidden />} onClick={() => setChanges({})}>
                {t('edi.mend')}
              </Button>
              <Button
                variant="default"
                leftSection={<RotateCcw size={15} aria-hidden />}
                onClick={() => void replay()}
              >
                {t('edi.replay')}
              </Button>
              <Button
                variant="default"
                leftSection={<Archive size={15} aria-hidden />}
                onClick={away.open}
              >
                {t('edi.discard')}
              </Button>
            </>
          )}
          {can('edi.replay') && one.acknowledge_by && (
            <Button
              variant="default"
              leftSection={<BellRing size={15} aria-hidden />}
              onClick={() => void chase()}
            >
              {t('edi.chase')}
            </Button>
          )}
          <Button
            component="a"
            href={`/api/v1/edi/interchanges/${id}/raw`}
            download={`${one.kind}-${one.control_number ?? one.id}.edi`}
            variant="default"
            leftSection={<Download size={15} aria-hidden />}
          >
            {t('edi.raw')}
          </Button>
        </>
      }
    >
      <div className={c.split}>
        <div className={c.main}>
          {one.faults.length > 0 && (
            <Faults faults={one.faults} onShow={(fault) => show(where(fault))} />
          )}
          <NotCarried paper={one} />
          {heads.length > 1 && (
            <Pagination
              size="sm"
              total={heads.length}
              value={wanted}
              onChange={(document) => show(lines.segments[heads[document - 1] - 1])}
              getItemProps={(page) => ({ 'aria-label': t('edi.document_of', { page, of: heads.length }) })}
            />
          )}
          {reading.data && (
            <Paper
              paper={reading.data}
              pointed={pointed}
              onPoint={setLit}
              onJump={(byte) => show(at(lines.segments, byte))}
            />
          )}
          {one.deeds.length > 0 && <Deeds id={id} deeds={one.deeds} />}
          <Section title={t('edi.about')}>
            <dl className={c.facts}>
              {facts
                .filter(([, value]) => value)
                .map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
            </dl>
          </Section>
        </div>
        <div className={c.beside}>
          {raw.data !== undefined && (
            <Raw
              segments={lines.segments}
              separator={lines.separator}
              wrong={new Set(one.faults.map((fault) => where(fault)?.number))}
              known={reading.data?.segments}
              lit={lit}
              jump={jump}
              onJump={show}
              onPoint={setPointed}
              mend={
                mends && changes
                  ? {
                      changes,
                      words: (segment) => wordsOf(raw.data, segment),
                      onChange: (segment, text) =>
                        setChanges((before) => ({ ...before, [segment.number]: text })),
                    }
                  : undefined
              }
            />
          )}
          {mends && changes && (
            <Mending
              id={id}
              sha256={one.sha256}
              raw={raw.data}
              segments={lines.segments}
              changes={changes}
              onClose={() => setChanges(undefined)}
            />
          )}
        </div>
      </div>
      {awaying && <PutAway id={id} sha256={one.sha256} onClose={away.close} />}
    </Page>
  );
}
