import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Bookmark, Building2, ChevronDown, Star, Trash2, User } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { SavedView } from '../api/types';
import { queries, useCan } from '../app/queries';
import { say } from '../parts/say';
import { filterOf, isAll, same, searchOf, type InboxSearch } from './filters';
import c from './inbox.module.css';

export const viewsQuery = { queryKey: ['edi-views'], queryFn: () => api.read('/edi/views') };

/** The view that the list opens with: one's own before the organisation's. */
export const firstOf = (views: SavedView[]) =>
  views.find((view) => view.opens_first && !view.shared) ?? views.find((view) => view.opens_first);

interface ViewsProps {
  search: InboxSearch;
  onChange: (search: InboxSearch) => void;
}

/** Saved views: open one, keep what is looked for under a name, or take one away. */
export function SavedViews({ search, onChange }: ViewsProps) {
  const { t } = useTranslation();
  const can = useCan();
  const asked = useQuery(viewsQuery);
  const [saving, save] = useDisclosure();
  const views = asked.data?.items ?? [];
  const filter = filterOf(search);
  const current = isAll(search) ? undefined : views.find((view) => same(view.filter, filter));
  const remove = async (view: SavedView) => {
    try {
      await api.drop(`/edi/views/${view.id}`);
      await queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
      say.done(t('views.removed', { name: view.name }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <span className={c.views}>
      <Menu position="bottom-end" shadow="md" width={280}>
        <Menu.Target>
          <Button
            size="compact-sm"
            variant={current ? 'light' : 'default'}
            leftSection={<Bookmark size={13} aria-hidden />}
            rightSection={<ChevronDown size={13} aria-hidden />}
          >
            {current?.name ?? t('views.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && <Menu.Item disabled>{t('views.none')}</Menu.Item>}
          {views.map((view) => (
            <div key={view.id} className={c.view}>
              <Menu.Item
                leftSection={view.shared ? <Building2 size={14} aria-hidden /> : <User size={14} aria-hidden />}
                rightSection={view.opens_first && <Star size={13} aria-label={t('views.opens_first')} />}
                aria-label={t(view.shared ? 'views.everybodys' : 'views.mine', { name: view.name })}
                onClick={() => onChange(searchOf(view.filter))}
              >
                {view.name}
              </Menu.Item>
              {(!view.shared || can('edi.views.share')) && (
                <ActionIcon
                  size={24}
                  color="gray"
                  aria-label={t('views.remove', { name: view.name })}
                  onClick={() => void remove(view)}
                >
                  <Trash2 size={13} />
                </ActionIcon>
              )}
            </div>
          ))}
          <Menu.Divider />
          <Menu.Item disabled={isAll(search)} onClick={save.open}>
            {t('views.save')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {saving && (
        <SaveView
          known={current}
          filter={filter}
          mayShare={can('edi.views.share')}
          onClose={save.close}
        />
      )}
    </span>
  );
}

interface SaveProps {
  known?: SavedView;
  filter: Omit<InboxSearch, 'plain'>;
  mayShare: boolean;
  onClose: () => void;
}

function SaveView({ known, filter, mayShare, onClose }: SaveProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(known?.name ?? '');
  const [shared, setShared] = useState(known?.shared ?? false);
  const [first, setFirst] = useState(known?.opens_first ?? false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const told = await api.post('/edi/views', { name, shared, opens_first: first, filter });
      queries.setQueryData(viewsQuery.queryKey, told);
      say.done(t('views.saved', { name: name.trim() }));
      onClose();
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('views.save')} size="sm">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            required
            label={t('views.name')}
            description={t('views.name_text')}
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {mayShare && (
            <Checkbox
              label={t('views.shared')}
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          <Checkbox
            label={t(shared ? 'views.first_for_all' : 'views.first')}
            checked={first}
            onChange={(event) => setFirst(event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('do.cancel')}
            </Button>
            <Button type="submit" disabled={!name.trim()}>
              {t('do.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
