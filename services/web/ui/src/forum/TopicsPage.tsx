import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { CircleCheck, Lock, Mail, MessageSquareText, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Topic } from '../api/types';
import { useFormat } from '../app/format';
import { useKeys } from '../app/keys';
import { useMe } from '../app/queries';
import { Empty, Failed, Page, Waiting } from '../parts/Page';
import c from './forum.module.css';
import { NewTopic } from './NewTopic';

/** The topics of a deal, the one said something in last first. */
export function TopicsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { deal } = useParams({ from: '/shell/deals/$deal/topics' });
  const [category, setCategory] = useState('');
  const [sought, setSought] = useState('');
  const [adding, setAdding] = useState(false);
  const about = useQuery({ queryKey: ['deal', deal], queryFn: () => api.read(`/deals/${deal}`) });
  const asked = useQuery({ queryKey: ['topics', deal], queryFn: () => api.read(`/deals/${deal}/topics`) });
  const all = asked.data?.items ?? [];
  const categories = [...new Set(all.map((topic) => topic.category).filter(Boolean))].sort();
  const needle = sought.trim().toLowerCase();
  const topics = all.filter(
    (topic) => (!category || topic.category === category) && topic.title.toLowerCase().includes(needle),
  );
  const may = me.can.includes('topic.open') && about.data?.state === 'open';
  const step = (by: number) => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-topic]')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    n: () => may && setAdding(true),
    Escape: () => void navigate({ to: '/deals/$deal', params: { deal } }),
  });
  const make = may && (
    <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t('forum.new')}
    </Button>
  );
  return (
    <Page
      title={t('forum.title')}
      lead={
        <Link to="/deals/$deal" params={{ deal }}>
          {about.data?.title ?? t('search.hidden_title')}
        </Link>
      }
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Mail size={15} aria-hidden />}
            renderRoot={(props) => <Link {...props} to="/deals/$deal/guests" params={{ deal }} />}
          >
            {t('guest.all')}
          </Button>
          {make}
        </>
      }
      tools={
        all.length > 0 && (
          <>
            {categories.length > 0 && (
              <SegmentedControl
                size="xs"
                aria-label={t('forum.category')}
                value={category}
                onChange={setCategory}
                data={[{ value: '', label: t('forum.all') }, ...categories]}
              />
            )}
            <TextInput
              size="xs"
              type="search"
              aria-label={t('forum.seek')}
              placeholder={t('forum.seek')}
              value={sought}
              onChange={(event) => setSought(event.currentTarget.value)}
            />
          </>
        )
      }
    >
      {asked.isError ? (
        <Failed fault={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting rows={5} height={64} />
      ) : topics.length === 0 ? (
        <Empty icon={MessageSquareText} title={t('forum.none')} text={t('forum.none_text')} action={make} />
      ) : (
        <ul className={c.list}>
          {topics.map((topic) => (
            <li key={topic.id}>
              <Row topic={topic} deal={deal} />
            </li>
          ))}
        </ul>
      )}
      {adding && <NewTopic deal={deal} categories={categories} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Row({ topic, deal }: { topic: Topic; deal: string }) {
  const { t } = useTranslation();
  const f = useFormat();
  const Icon = topic.answer ? CircleCheck : topic.locked ? Lock : MessageSquareText;
  const people = topic.people.filter((name) => name !== topic.opener).slice(0, 4).join(', ');
  const answers = Math.max(0, topic.messages - 1);
  return (
    <Link
      className={c.row}
      to="/deals/$deal/topics/$room"
      params={{ deal, room: topic.id }}
      data-topic
      data-answered={topic.answer ? true : undefined}
      data-unread={topic.unread > 0 || undefined}
    >
      <Icon size={18} strokeWidth={1.7} aria-hidden />
      <span className={c.what}>
        <span className={c.name}>
          <b>{topic.title}</b>
          {topic.category && <i>{topic.category}</i>}
          {topic.answer && <i data-answered>{t('forum.answered')}</i>}
          {topic.locked && <i>{t('forum.locked')}</i>}
          {topic.guests > 0 && (
            <i>
              <Mail size={11} aria-hidden /> {t('forum.guests', { count: topic.guests })}
            </i>
          )}
        </span>
        <small>
          {topic.opener && t('forum.opened', { name: topic.opener, when: f.ago(topic.at) })}
          {people && <span> · {people}</span>}
        </small>
      </span>
      <span className={c.count}>
        {t('forum.answers', { count: answers })}
        {topic.unread > 0 && <b aria-label={t('deals.unread', { count: topic.unread })}>{topic.unread}</b>}
      </span>
      <time dateTime={topic.active_at} title={f.precise(topic.active_at)}>
        {f.ago(topic.active_at)}
        {topic.last_name && <small>{topic.last_name}</small>}
      </time>
    </Link>
  );
}
