import { ActionIcon, Button, Menu, Modal, NativeSelect, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Ellipsis, MessageCircle, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { ROLES, type Invitation, type Member, type Role } from '../api/types';
import { useFormat } from '../app/format';
import { isAdmin, queries, useMe } from '../app/queries';
import { useWrite } from '../messages/directs';
import { Face } from '../parts/Face';
import { Failed, Page, Section, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import { InvitePerson } from './InvitePerson';
import c from './people.module.css';

export function PeoplePage() {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const admin = isAdmin(me);
  const [inviting, invite] = useDisclosure();
  const people = useQuery({ queryKey: ['people'], queryFn: () => api.read('/people') });
  const invitations = useQuery({
    queryKey: ['invitations'],
    queryFn: () => api.read('/invitations'),
    enabled: admin,
  });
  const waiting = (invitations.data?.items ?? []).filter((one) => one.state === 'sent');
  const cancel = async (invitation: Invitation) => {
    try {
      await api.drop(`/invitations/${invitation.id}`);
      await queries.invalidateQueries({ queryKey: ['invitations'] });
      say.done(t('people.cancelled', { email: invitation.email }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  return (
    <Page
      title={t('nav.people')}
      lead={t('people.lead', { name: me.organisation.name })}
      actions={
        admin && (
          <Button leftSection={<UserPlus size={15} aria-hidden />} onClick={invite.open}>
            {t('people.invite')}
          </Button>
        )
      }
    >
      {people.isError ? (
        <Failed fault={people.error} retry={() => void people.refetch()} />
      ) : !people.data ? (
        <Waiting rows={6} height={52} />
      ) : (
        <ul className={c.list}>
          {people.data.items.map((member) => (
            <Row key={member.membership} member={member} admin={admin && member.person.id !== me.person.id} />
          ))}
        </ul>
      )}
      {waiting.length > 0 && (
        <Section title={t('people.waiting')}>
          <ul className={c.plain}>
            {waiting.map((one) => (
              <li key={one.id} className={c.row}>
                <div className={c.who}>
                  <b>{one.email}</b>
                  <small>
                    {t(`role.${one.role}`)} · {t('people.until', { date: f.moment(one.expires_at) })}
                  </small>
                </div>
                <Button size="compact-sm" variant="default" onClick={() => void cancel(one)}>
                  {t('people.cancel')}
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {inviting && <InvitePerson onClose={invite.close} />}
    </Page>
  );
}

function Row({ member, admin }: { member: Member; admin: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const write = useWrite();
  const [ending, setEnding] = useState(false);
  const fresh = () => queries.invalidateQueries({ queryKey: ['people'] });
  const change = async (values: { role?: Role; state?: 'active' | 'suspended' }) => {
    try {
      await api.patch(`/people/${member.membership}`, values, member.revision);
      await fresh();
      say.done(t('people.changed', { name: member.person.name }));
    } catch (fault) {
      say.problem(fault);
    }
  };
  const end = async () => {
    try {
      await api.drop(`/people/${member.membership}`);
      await fresh();
    } catch (fault) {
      say.problem(fault);
    }
    setEnding(false);
  };
  return (
    <li className={c.row}>
      <Face name={member.person.name} size={32} />
      <div className={c.who}>
        <b>{member.person.name}</b>
        <small>{member.person.email}</small>
      </div>
      {member.state === 'suspended' && <Tag tone="wait">{t('people.suspended')}</Tag>}
      {admin ? (
        <NativeSelect
          size="xs"
          className={c.role}
          aria-label={t('people.role_of', { name: member.person.name })}
          value={member.role}
          onChange={(event) => void change({ role: event.currentTarget.value as Role })}
          data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        />
      ) : (
        <span className={c.fixed}>{t(`role.${member.role}`)}</span>
      )}
      {member.person.id !== me.person.id && member.state === 'active' && me.can.includes('room.post') && (
        <ActionIcon
          size={28}
          aria-label={t('direct.write', { name: member.person.name })}
          onClick={() => void write(member.person.id, me.organisation.id)}
        >
          <MessageCircle size={15} />
        </ActionIcon>
      )}
      {admin && (
        <Menu>
          <Menu.Target>
            <ActionIcon size={28} aria-label={t('people.menu', { name: member.person.name })}>
              <Ellipsis size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => void change({ state: member.state === 'active' ? 'suspended' : 'active' })}
            >
              {t(member.state === 'active' ? 'people.suspend' : 'people.resume')}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => setEnding(true)}>
              {t('people.end')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {ending && (
        <Modal
          opened
          onClose={() => setEnding(false)}
          title={t('people.end')}
          closeButtonProps={{ 'aria-label': t('do.close') }}
        >
          <p>{t('people.end_sure', { name: member.person.name })}</p>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setEnding(false)}>
              {t('do.cancel')}
            </Button>
            <Button color="red" onClick={() => void end()}>
              {t('people.end')}
            </Button>
          </Group>
        </Modal>
      )}
    </li>
  );
}
