import { Button, Progress, UnstyledButton } from '@mantine/core';
import { ChevronDown, ChevronRight, CircleAlert, CircleCheck, CircleDashed, LoaderCircle, Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { LaneReport, LaneScenario } from '../api/types';
import { useCan } from '../app/queries';
import { Section } from '../parts/Page';
import { say } from '../parts/say';
import c from './lane.module.css';

const COMING = [
  'good_order',
  'wrong_unit',
  'duplicate_interchange',
  'same_under_new_numbers',
  'unknown_set',
  'wrong_receiver',
  'wrong_sender',
  'stripped_signature',
  'wrong_key',
  'replay',
  'bomb',
  'hostile_file_name',
] as const satisfies readonly LaneScenario[];
const GOING = [
  'late_receipt',
  'unsigned_receipt',
  'wrong_mic',
  'missing_receipt',
  'rejected_paper',
] as const satisfies readonly LaneScenario[];
const ALL: readonly LaneScenario[] = [...COMING, ...GOING];

type Reports = Partial<Record<LaneScenario, LaneReport>>;

/** The test lane: the hub plays a partner that errs, or means harm, to one's own station. */
export function Lane() {
  const { t } = useTranslation();
  const can = useCan();
  const [reports, setReports] = useState<Reports>({});
  const [running, setRunning] = useState<LaneScenario>();
  const [open, setOpen] = useState<LaneScenario>();
  const stopped = useRef(false);
  const play = async (scenarios: readonly LaneScenario[]) => {
    stopped.current = false;
    setReports((before) => ({ ...before, ...Object.fromEntries(scenarios.map((one) => [one, undefined])) }));
    try {
      for (const scenario of scenarios) {
        if (stopped.current) break;
        setRunning(scenario);
        const report = await api.post('/as2/lane', { scenario });
        setReports((before) => ({ ...before, [scenario]: report }));
        if (scenarios.length === 1 || !report.ok) setOpen(scenario);
      }
    } catch (fault) {
      say.problem(fault);
    }
    setRunning(undefined);
  };
  const done = ALL.filter((scenario) => reports[scenario]);
  const good = done.filter((scenario) => reports[scenario]?.ok);
  const row = (scenario: LaneScenario) => (
    <Row
      key={scenario}
      scenario={scenario}
      report={reports[scenario]}
      busy={running === scenario}
      open={open === scenario}
      onOpen={() => setOpen(open === scenario ? undefined : scenario)}
      onPlay={can('as2.manage') && !running ? () => void play([scenario]) : undefined}
    />
  );
  return (
    <div className={c.lane}>
      <Section title={t('lane.heading')}>
        <p className={c.lead}>{t('lane.lead')}</p>
        <div className={c.all}>
          {can('as2.manage') &&
            (running ? (
              <Button variant="default" onClick={() => (stopped.current = true)}>
                {t('lane.stop')}
              </Button>
            ) : (
              <Button leftSection={<Play size={14} aria-hidden />} onClick={() => void play(ALL)}>
                {t('lane.all')}
              </Button>
            ))}
          <p role="status" data-ok={good.length === done.length}>
            {done.length > 0 && t('lane.so_far', { good: good.length, done: done.length, all: ALL.length })}
          </p>
        </div>
        {running && (
          <Progress
            size="sm"
            value={(done.length / ALL.length) * 100}
            aria-label={t('lane.progress')}
          />
        )}
      </Section>
      <Section title={t('lane.coming')}>
        <ul className={c.rows}>{COMING.map(row)}</ul>
      </Section>
      <Section title={t('lane.going')}>
        <ul className={c.rows}>{GOING.map(row)}</ul>
      </Section>
    </div>
  );
}

interface RowProps {
  scenario: LaneScenario;
  report?: LaneReport;
  busy: boolean;
  open: boolean;
  onOpen: () => void;
  onPlay?: () => void;
}

function Row({ scenario, report, busy, open, onOpen, onPlay }: RowProps) {
  const { t } = useTranslation();
  const name = t(`lane.name.${scenario}`);
  const shown = open && report;
  const Arrow = shown ? ChevronDown : ChevronRight;
  return (
    <li data-ok={report?.ok} data-busy={busy || undefined}>
      <div className={c.row}>
        {busy ? (
          <LoaderCircle size={16} className={c.turning} aria-label={t('lane.runs')} />
        ) : !report ? (
          <CircleDashed size={16} aria-label={t('lane.not_run')} />
        ) : report.ok ? (
          <CircleCheck size={16} aria-label={t('lane.as_wanted')} />
        ) : (
          <CircleAlert size={16} aria-label={t('lane.not_as_wanted')} />
        )}
        <div className={c.words}>
          {report ? (
            <UnstyledButton className={c.name} aria-expanded={!!shown} onClick={onOpen}>
              {name} <Arrow size={14} aria-hidden />
            </UnstyledButton>
          ) : (
            <b className={c.name}>{name}</b>
          )}
          <small>{t(`lane.want.${scenario}`)}</small>
        </div>
        {onPlay && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('lane.run_this', { name })}
            onClick={onPlay}
          >
            {t('lane.run')}
          </Button>
        )}
      </div>
      {shown && (
        <ol className={c.steps} aria-label={t('lane.steps', { name })}>
          {report.steps.map((step, at) => (
            <li key={at} data-ok={step.ok}>
              {step.ok ? (
                <CircleCheck size={14} aria-label={t('as2.yes')} />
              ) : (
                <CircleAlert size={14} aria-label={t('as2.no')} />
              )}
              <div>
                <b>{t(`lane.look.${step.look}`)}</b> <code>{step.seen}</code>
                {!step.ok && step.wanted && (
                  <span className={c.wanted}>
                    {t('lane.wanted')} <code>{step.wanted}</code>
                  </span>
                )}
                {step.detail && <small>{step.detail}</small>}
              </div>
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
