import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, CircleCheck, Lock, LockOpen } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Room, RoomEvent, Topic } from '../api/types';
import { useFormat } from '../app/format';
import { queries, useMe } from '../app/queries';
import { Failed, Page, Waiting } from '../parts/Page';
import { say } from '../parts/say';
import { Tag } from '../parts/Tag';
import { standings, type Standing } from '../rooms/about';
import { Composer, type Answered } from '../rooms/Composer';
import type { FieldHandle } from '../rooms/Field';
import { short } from '../rooms/format';
import { Level } from '../rooms/Level';
import { useOwn, usePending, useStream } from '../rooms/stream';
import c from './forum.module.css';
import { Post } from './Post';

/** One topic, to be read like a page: what was asked, what was accepted, then all that was said. */
export function TopicPage() {
  const { deal, room } = useParams({ from: '/shell/deals/$deal/topics/$room' });
  const found = useQuery({ queryKey: ['room', room], queryFn: () => api.read(`/rooms/${room}`) });
  const asked = useQuery({ queryKey: ['topics', deal], queryFn: () => api.read(`/deals/${deal}/topics`) });
  const topic = asked.data?.items.find((one) => one.id === room);
  const failed = found.isError ? found : asked.isError ? asked : null;
  if (failed) return <Failed fault={failed.error} retry={() => void failed.refetch()} />;
  if (!found.data || !topic) return <Waiting rows={5} height={90} />;
  return <Reading key={room} room={found.data} topic={topic} />;
}

interface Said {
  event: RoomEvent;
  said: Standing;
}

function Reading({ room, topic }: { room: Room; topic: Topic }) {
  const { t } = useTranslation();
  const f = useFormat();
  const me = useMe();
  const [view, stream] = useStream(room);
  const pending = usePending(room.id, view.log);
  const own = useOwn(room.id, view.log);
  const [answered, setAnswered] = useState<Answered | null>(null);
  const field = useRef<FieldHandle>(null);
  const { events } = view.log;
  const posts = useMemo<Said[]>(() => {
    const all = standings(events, own, { user: me.person.id, name: me.person.name, organisation: me.organisation.id });
    return events.filter((event) => event.kind === 'msg').map((event) => ({ event, said: all.get(event.seq)! }));
  }, [events, own, me.person]);
  const about = useQuery({ queryKey: ['deal', room.deal], queryFn: () => api.read(`/deals/${room.deal}`) });
  const told = events.findLast((event) => event.kind === 'topic')?.seq ?? 0;
  const head = events.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (told > 0) void queries.invalidateQueries({ queryKey: ['topics', room.deal] });
  }, [told, room.deal]);
  useEffect(() => {
    if (head > 0) stream.read(head);
  }, [head, stream]);
  const change = async (form: { answer?: number; locked?: boolean }) => {
    try {
      await api.patch(`/rooms/${room.id}/topic`, form, topic.revision);
    } catch (fault) {
      say.problem(fault);
    }
    await queries.invalidateQueries({ queryKey: ['topics', room.deal] });
  };
  const admin = ['owner', 'admin', 'channel_manager'].includes(me.role);
  const decides =
    me.can.includes('room.post') &&
    ((topic.opened_by === me.person.id && topic.organisation === me.organisation.id) ||
      (admin && [topic.organisation, about.data?.host.id].includes(me.organisation.id)));
  const accepted = posts.find((post) => post.event.seq === topic.answer);
  const quote = ({ event, said }: Said) => {
    setAnswered({ seq: event.seq, name: event.name, text: short(said.body ?? '') });
    requestAnimationFrame(() => field.current?.focus());
  };
  const shown = (post: Said, top?: boolean) => (
    <Post
      key={top ? 'answer' : post.event.seq}
      event={post.event}
      said={post.said}
      top={top}
      answers={posts.find((one) => one.event.seq === post.event.target)}
      accepted={post.event.seq === topic.answer}
      onQuote={topic.locked ? undefined : () => quote(post)}
      onAccept={
        decides && !top && post !== posts[0]
          ? () => void change({ answer: post.event.seq === topic.answer ? 0 : post.event.seq })
          : undefined
      }
    />
  );
  return (
    <Page
      title={topic.title}
      lead={
        <>
          <Link to="/deals/$deal/topics" params={{ deal: room.deal }} className={c.back}>
            <ArrowLeft size={13} aria-hidden /> {t('forum.title')}
          </Link>
          {topic.opener && ` · ${t('forum.opened', { name: topic.opener, when: f.ago(topic.at) })}`}
        </>
      }
      tools={
        <>
          {topic.category && <Tag>{topic.category}</Tag>}
          {accepted && <Tag tone="ok">{t('forum.answered')}</Tag>}
          {topic.locked && <Tag>{t('forum.locked')}</Tag>}
          <Level room={room.id} />
        </>
      }
      actions={
        <>
          {decides && (
            <Button
              variant="default"
              leftSection={topic.locked ? <LockOpen size={15} aria-hidden /> : <Lock size={15} aria-hidden />}
              onClick={() => void change({ locked: !topic.locked })}
            >
              {t(topic.locked ? 'forum.unlock' : 'forum.lock')}
            </Button>
          )}
          <Button
            variant="default"
            component={Link}
            {...({ to: '/deals/$deal', params: { deal: room.deal }, search: { room: room.id } } as object)}
          >
            {t('forum.as_room')}
          </Button>
        </>
      }
    >
      <article className={c.reading}>
        {topic.origin && (
          <p className={c.origin}>
            <Link to="/deals/$deal" params={{ deal: room.deal }} search={{ at: topic.origin }}>
              {t('forum.from_thread')}
            </Link>
          </p>
        )}
        {view.loading ? (
          <Waiting rows={4} height={90} />
        ) : (
          <>
            {view.older && (
              <Button variant="default" size="compact-sm" onClick={() => void stream.older()}>
                {t('search.more')}
              </Button>
            )}
            {posts[0] && shown(posts[0])}
            {accepted && accepted !== posts[0] && (
              <section className={c.accepted} aria-label={t('forum.accepted')}>
                <h2>
                  <CircleCheck size={15} aria-hidden /> {t('forum.accepted')}
                </h2>
                {shown(accepted, true)}
              </section>
            )}
            {posts.length > 1 && <p className={c.rule}>{t('forum.answers', { count: posts.length - 1 })}</p>}
            {posts.slice(1).map((post) => shown(post))}
            {pending.length > 0 && <p className={c.note}>{t('forum.sending')}</p>}
          </>
        )}
        {topic.locked ? (
          <p className={c.closed}>
            <Lock size={14} aria-hidden /> {t('forum.locked_text')}
          </p>
        ) : (
          me.can.includes('room.post') && (
            <Composer
              ref={field}
              room={room}
              stream={stream}
              answered={answered}
              onAnswered={() => setAnswered(null)}
              placeholder={t('room.write_topic')}
            />
          )
        )}
      </article>
    </Page>
  );
}
