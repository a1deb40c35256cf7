import { ActionIcon, Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, Ellipsis, Share2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, Problem } from '../api/client';
import { ACCOUNT_FIELDS, type Account, type AccountField, type AccountGrant } from '../api/types';
import { merged } from '../api/merge';
import { readMinor, useFormat } from '../app/format';
import { queries, useCan, useMe } from '../app/queries';
import { Editable } from '../parts/Editable';
import { Face } from '../parts/Face';
import { Failed, SidePanel, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Label } from '../parts/Tag';
import { WhoSees } from '../parts/WhoSees';
import c from './accounts.module.css';
import { Contacts } from './Contacts';
import { ShareAccount } from './ShareAccount';

interface AccountPanelProps {
  id: string;
  onClose: () => void;
  before?: () => void;
  after?: () => void;
}

/** New values of some fields. */
type AccountChange = Partial<Pick<Account, AccountField>>;

const stale = (id: string) => {
  void queries.invalidateQueries({ queryKey: ['account', id] });
  void queries.invalidateQueries({ queryKey: ['accounts'] });
};

/** One account beside the list: every field where it stands, with who sees it. */
export function AccountPanel({ id, onClose, before, after }: AccountPanelProps) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const can = useCan();
  const [sharing, share] = useDisclosure();
  const asked = useQuery({ queryKey: ['account', id], queryFn: () => api.read(`/accounts/${id}`) });
  const account = asked.data;
  const gone = asked.error instanceof Problem && asked.error.status === 404;

  const save = async (change: AccountChange) => {
    const old = queries.getQueryData<Account>(['account', id]);
    if (!old) return;
    queries.setQueryData(['account', id], { ...old, ...change });
    let newest = old;
    try {
      const next = await merged<Account, Account>(
        old,
        change,
        (one) => one.revision,
        (revision) => api.patch(`/accounts/${id}`, change, revision),
        async () => (newest = await api.read(`/accounts/${id}`)),
      );
      queries.setQueryData(['account', id], next);
    } catch (fault) {
      queries.setQueryData(['account', id], newest);
      throw fault;
    } finally {
      void queries.invalidateQueries({ queryKey: ['accounts'] });
    }
  };
  const remove = async () => {
    try {
      await api.drop(`/accounts/${id}`);
      onClose();
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      say.done(t('accounts.removed', { name: account?.name ?? '' }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const revoke = async (grant: AccountGrant) => {
    try {
      await api.drop(`/accounts/${id}/grants/${grant.grant}`);
      stale(id);
      const undo = () =>
        void api
          .post(`/accounts/${id}/grants`, {
            organisation: grant.organisation.id,
            fields: grant.fields,
            verbs: grant.verbs,
          })
          .then(() => stale(id), say.problem);
      say.done(t('accounts.revoked', { name: grant.organisation.name }), { label: t('do.undo'), act: undo });
    } catch (fault) {
      say.problem(fault);
    }
  };
  const steps = (
    <>
      <ActionIcon aria-label={t('list.before')} disabled={!before} onClick={before}>
        <ChevronUp size={16} />
      </ActionIcon>
      <ActionIcon aria-label={t('list.after')} disabled={!after} onClick={after}>
        <ChevronDown size={16} />
      </ActionIcon>
      {account?.own && can('account.delete') && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={t('do.more')}>
              <Ellipsis size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" onClick={() => void remove()}>
              {t('accounts.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
  if (gone) {
    return (
      <SidePanel title={t('lost.title')} onClose={onClose}>
        <p className={c.lead}>{t('lost.text')}</p>
      </SidePanel>
    );
  }
  if (!account) {
    return (
      <SidePanel title="…" onClose={onClose} actions={steps}>
        {asked.isError ? (
          <Failed fault={asked.error} retry={() => void asked.refetch()} />
        ) : (
          <Waiting rows={8} />
        )}
      </SidePanel>
    );
  }
  const canEdit = can('account.edit') && (account.own || !!account.verbs?.includes('edit'));
  const seers = (field: AccountField) =>
    account.own
      ? (account.shared_with ?? [])
          .filter((grant) => grant.fields.includes(field))
          .map((grant) => grant.organisation)
      : [account.owner_organisation];
  const shown = (field: AccountField) => {
    const value = account[field];
    if (value === null || value === undefined || value === '') return undefined;
    if (field === 'discount_bp') return f.percent(Number(value));
    if (field === 'country') return f.country(String(value));
    return String(value);
  };
  const changer = (field: AccountField) => async () => {
    const newest = queries.getQueryData<Account>(['account', id]) ?? account;
    const last = newest.changes?.find((one) => one.field === field);
    return last && `${last.by.name}, ${last.organisation.name}`;
  };
  const keep = (field: AccountField) => (text: string) => {
    if (field === 'discount_bp') return save({ discount_bp: text.trim() ? readMinor(text, 2) : null });
    if (field === 'country') return save({ country: text.trim().toUpperCase() || null });
    return save({ [field]: text.trim() || null });
  };
  return (
    <SidePanel title={account.name ?? t('field.hidden')} onClose={onClose} actions={steps}>
      {!account.own && (
        <p className={c.lead}>{t('accounts.theirs', { name: account.owner_organisation.name })}</p>
      )}
      {ACCOUNT_FIELDS.filter((field) => account.fields.includes(field)).map((field) => (
        <Editable
          key={field}
          label={t(`field.${field}`)}
          kind={field === 'notes' ? 'lines' : 'text'}
          value={
            field === 'discount_bp'
              ? account.discount_bp
                ? String(account.discount_bp / 100)
                : ''
              : String(account[field] ?? '')
          }
          shown={shown(field)}
          locked={!canEdit}
          onSave={keep(field)}
          changer={changer(field)}
          sees={<WhoSees field={t(`field.${field}`)} us={me.organisation} others={seers(field)} />}
        />
      ))}
      {account.own && (
        <section className={c.block}>
          <header>
            <h3>{t('accounts.sharing')}</h3>
            {can('account.share') && (
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<Share2 size={13} aria-hidden />}
                onClick={share.open}
              >
                {t('accounts.share')}
              </Button>
            )}
          </header>
          {account.shared_with?.length ? (
            <ul>
              {account.shared_with.map((grant) => (
                <li key={grant.grant}>
                  <Face name={grant.organisation.name} kind="organisation" size={26} />
                  <div>
                    <b>{grant.organisation.name}</b>
                    <span className={c.masks}>
                      {ACCOUNT_FIELDS.filter((field) => grant.fields.includes(field)).map((field) => (
                        <Label key={field}>{t(`field.${field}`)}</Label>
                      ))}
                    </span>
                  </div>
                  {can('account.share') && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => void revoke(grant)}
                      aria-label={t('accounts.stop_with', { name: grant.organisation.name })}
                    >
                      {t('accounts.stop')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          ) : (
            <p className={c.lead}>{t('accounts.private')}</p>
          )}
        </section>
      )}
      {account.own && <Contacts account={id} />}
      {sharing && <ShareAccount account={account} onClose={share.close} onDone={() => stale(id)} />}
    </SidePanel>
  );
}
