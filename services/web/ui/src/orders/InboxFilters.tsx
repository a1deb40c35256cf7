import { Button, CloseButton, Group, Menu, Popover, ScrollArea, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { CalendarDays, ChevronDown, FileText, Route, Search, Signpost, Users, X } from 'lucide-react';
import { useEffect, useRef, useState, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { INTERCHANGE_STATES } from '../api/types';
import { useFormat } from '../app/format';
import { useKeys } from '../app/keys';
import { filterOf, isAll, RANGES, WAYS, type InboxSearch } from './filters';
import c from './inbox.module.css';

interface FiltersProps {
  search: InboxSearch;
  onChange: (search: InboxSearch) => void;
  /** What stands at the end of the bar. */
  children?: ReactNode;
}

/** What the inbox is narrowed to: one chip for each thing that can be said. */
export function InboxFilters({ search, onChange, children }: FiltersProps) {
  const { t } = useTranslation();
  const facets = useQuery({ queryKey: ['interchanges', 'facets'], queryFn: () => api.read('/edi/facets') });
  const field = useRef<HTMLInputElement>(null);
  const [number, setNumber] = useState(search.number ?? '');
  const set = (part: InboxSearch) => onChange({ ...search, ...part });
  const seek = useDebouncedCallback((text: string) => set({ number: text.trim() || undefined }), 250);
  useEffect(() => {
    if (document.activeElement !== field.current) setNumber(search.number ?? '');
  }, [search.number]);
  useKeys({
    f: () => field.current?.focus(),
    x: () => onChange({ plain: true }),
  });
  const state = search.state && t(`interchange.${search.state}`);
  return (
    <div className={c.bar} role="search" aria-label={t('edi.narrow')}>
      <TextInput
        ref={field}
        className={c.number}
        size="xs"
        leftSection={<Search size={13} aria-hidden />}
        placeholder={t('edi.number')}
        aria-label={t('edi.number')}
        value={number}
        maxLength={80}
        onChange={(event) => {
          setNumber(event.currentTarget.value);
          seek(event.currentTarget.value);
        }}
        onKeyDown={(event) => event.key === 'Escape' && field.current?.blur()}
      />
      <Choice
        icon={Users}
        name={t('edi.partner')}
        value={search.partner}
        options={(facets.data?.partners ?? []).map((partner) => ({ value: partner, label: partner }))}
        onChange={(partner) => set({ partner })}
      />
      <Choice
        icon={FileText}
        name={t('edi.document')}
        value={search.kind}
        shown={search.kind && t(`document.${search.kind}`)}
        options={(facets.data?.kinds ?? []).map((kind) => ({ value: kind, label: t(`document.${kind}`) }))}
        onChange={(kind) => set({ kind })}
      />
      <Choice
        icon={Signpost}
        name={t('field.state')}
        value={search.state}
        shown={state}
        options={INTERCHANGE_STATES.map((value) => ({ value, label: t(`interchange.${value}`) }))}
        onChange={(value) => set({ state: INTERCHANGE_STATES.find((one) => one === value) })}
      />
      <Choice
        icon={Route}
        name={t('edi.way')}
        value={search.way}
        shown={search.way && t(`way.${search.way}`)}
        options={WAYS.map((value) => ({ value, label: t(`way.${value}`) }))}
        onChange={(value) => set({ way: WAYS.find((one) => one === value) })}
      />
      <When search={search} onChange={set} />
      {!isAll(search) && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<X size={13} aria-hidden />}
          onClick={() => onChange({ plain: true })}
        >
          {t('edi.clear')}
        </Button>
      )}
      {children}
    </div>
  );
}

interface ChoiceProps {
  icon: ComponentType<{ size: number; 'aria-hidden': true }>;
  name: string;
  value?: string;
  /** The chosen value in words. */
  shown?: string;
  options: { value: string; label: string }[];
  onChange: (value?: string) => void;
}

/** One thing out of several; chosen, it is a chip that can be taken away. */
function Choice({ icon: Icon, name, value, shown, options, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <span className={c.chip} data-on={value !== undefined || undefined}>
      <Menu position="bottom-start" shadow="md">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant={value === undefined ? 'default' : 'light'}
            leftSection={<Icon size={13} aria-hidden />}
            rightSection={value === undefined && <ChevronDown size={13} aria-hidden />}
          >
            {value === undefined ? name : (shown ?? value)}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{name}</Menu.Label>
          {options.length === 0 && <Menu.Item disabled>{t('edi.nothing_to_choose')}</Menu.Item>}
          <ScrollArea.Autosize mah={320} type="auto">
            <Menu.RadioGroup value={value ?? ''} onChange={onChange}>
              {options.map((option) => (
                <Menu.RadioItem key={option.value} value={option.value} closeMenuOnClick>
                  {option.label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </ScrollArea.Autosize>
        </Menu.Dropdown>
      </Menu>
      {value !== undefined && (
        <CloseButton
          size={24}
          iconSize={13}
          aria-label={t('edi.without', { name })}
          onClick={() => onChange(undefined)}
        />
      )}
    </span>
  );
}

/** Since when and until when: so many days back, or days of the calendar. */
function When({ search, onChange }: { search: InboxSearch; onChange: (part: InboxSearch) => void }) {
  const { t } = useTranslation();
  const f = useFormat();
  const [open, setOpen] = useState(false);
  const { from, until, days } = filterOf(search);
  const said = days ?? from ?? until;
  const shown = days
    ? t('edi.last_days', { count: days })
    : from && until
      ? t('edi.between', { from: f.date(from), until: f.date(until) })
      : from
        ? t('edi.since', { day: f.date(from) })
        : until && t('edi.until', { day: f.date(until) });
  const none = { from: undefined, until: undefined, days: undefined };
  return (
    <span className={c.chip} data-on={said !== undefined || undefined}>
      <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <Button
            size="compact-sm"
            variant={said === undefined ? 'default' : 'light'}
            leftSection={<CalendarDays size={13} aria-hidden />}
            rightSection={said === undefined && <ChevronDown size={13} aria-hidden />}
            onClick={() => setOpen((is) => !is)}
          >
            {shown ?? t('edi.at')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('edi.at')}>
          <Stack gap={8}>
            <Group gap={6}>
              {RANGES.map((range) => (
                <Button
                  key={range}
                  size="compact-sm"
                  variant={days === range ? 'filled' : 'default'}
                  onClick={() => {
                    onChange({ ...none, days: range });
                    setOpen(false);
                  }}
                >
                  {t('edi.last_days', { count: range })}
                </Button>
              ))}
            </Group>
            <Group gap={8} wrap="nowrap">
              <TextInput
                type="date"
                size="xs"
                label={t('edi.from')}
                value={from ?? ''}
                max={until ?? undefined}
                onChange={(event) =>
                  onChange({ days: undefined, from: event.currentTarget.value || undefined })
                }
              />
              <TextInput
                type="date"
                size="xs"
                label={t('edi.to')}
                value={until ?? ''}
                min={from ?? undefined}
                onChange={(event) =>
                  onChange({ days: undefined, until: event.currentTarget.value || undefined })
                }
              />
            </Group>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {said !== undefined && (
        <CloseButton
          size={24}
          iconSize={13}
          aria-label={t('edi.without', { name: t('edi.at') })}
          onClick={() => onChange(none)}
        />
      )}
    </span>
  );
}
