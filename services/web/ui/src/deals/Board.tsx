import {
  DragDropContext,
  Draggable,
  Droppable,
  type DragUpdate,
  type ResponderProvided,
} from '@hello-pangea/dnd';
import { Menu, ActionIcon } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsLeft, Ellipsis } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STAGES, type BoardView, type DealSummary, type Lane, type Stage } from '../api/types';
import { useFormat } from '../app/format';
import { useKeys } from '../app/keys';
import { nonce } from '../app/nonce';
import { remember, remembered } from '../app/preferences';
import { StageDot } from '../parts/Tag';
import c from './board.module.css';
import { Card } from './Card';
import { OVER } from './stages';
import { useStageMove } from './useStageMove';

/** The board: lanes by stage, moved by mouse, finger, keys or menu, and by the others while we look. */
export function Board({ board, q = '' }: { board: BoardView; q?: string }) {
  const { t } = useTranslation();
  const { move, dialog } = useStageMove();
  const [frozen, setFrozen] = useState<BoardView | null>(null);
  const [folded, setFolded] = useState<Stage[]>(() => remembered('folded', OVER));
  const frame = useRef<HTMLDivElement>(null);
  // Others' moves wait until the card in hand has landed.
  const shown = narrowed(frozen ?? board, q);
  const first = shown.lanes.find((lane) => lane.count > 0)?.stage;
  useEffect(() => {
    // Where one lane fills the screen, begin at one that holds something.
    const narrow = matchMedia('(max-width: 48em)').matches;
    if (first && narrow && frame.current) reveal(frame.current, first, 'instant');
    // Only once: later moves must not pull the board away from under the finger.
  }, []);
  const all = shown.lanes.flatMap((lane) => lane.deals);
  const title = (id: string) => all.find((deal) => deal.id === id)?.title ?? t('field.hidden');
  const fold = (stage: Stage, on: boolean) => {
    const next = on ? [...folded, stage] : folded.filter((one) => one !== stage);
    setFolded(next);
    remember('folded', next);
  };
  const announce = (update: DragUpdate, { announce }: ResponderProvided) =>
    announce(
      update.destination
        ? t('deals.over', {
            title: title(update.draggableId),
            stage: t(`stage.${update.destination.droppableId}`),
            place: update.destination.index + 1,
          })
        : t('deals.over_nothing'),
    );

  const cards = () => [...(frame.current?.querySelectorAll<HTMLElement>('[data-card]') ?? [])];
  const step = (by: number) => {
    const list = cards();
    const at = list.indexOf(document.activeElement as HTMLElement);
    list[Math.max(0, Math.min(list.length - 1, at + by))]?.focus();
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    m: () =>
      (document.activeElement as HTMLElement | null)?.querySelector<HTMLElement>('[data-move]')?.click(),
  });
  return (
    <DragDropContext
      nonce={nonce()}
      dragHandleUsageInstructions={t('deals.drag_help')}
      onDragStart={(start, { announce }) => {
        setFrozen(board);
        announce(t('deals.lifted', { title: title(start.draggableId) }));
      }}
      onDragUpdate={announce}
      onDragEnd={(end, { announce }) => {
        setFrozen(null);
        const deal = all.find((one) => one.id === end.draggableId);
        if (!end.destination || !deal)
          return announce(t('deals.put_back', { title: title(end.draggableId) }));
        announce(
          t('deals.dropped', {
            title: title(end.draggableId),
            stage: t(`stage.${end.destination.droppableId}`),
          }),
        );
        move(deal, end.destination.droppableId as Stage, end.destination.index);
      }}
    >
      <LaneSwitch lanes={shown.lanes} frame={frame} />
      <div className={c.board} ref={frame} tabIndex={-1}>
        {shown.lanes.map((lane) => (
          <LaneColumn
            key={lane.stage}
            lane={lane}
            folded={folded.includes(lane.stage)}
            onFold={(on) => fold(lane.stage, on)}
            onMove={move}
          />
        ))}
      </div>
      {dialog}
    </DragDropContext>
  );
}

interface LaneProps {
  lane: Lane;
  folded: boolean;
  onFold: (on: boolean) => void;
  onMove: (deal: DealSummary, to: Stage) => void;
}

function LaneColumn({ lane, folded, onFold, onMove }: LaneProps) {
  const { t } = useTranslation();
  const f = useFormat();
  const name = t(`stage.${lane.stage}`);
  return (
    <section
      className={c.lane}
      data-stage={lane.stage}
      data-folded={folded || undefined}
      aria-label={`${name}, ${t('deals.count', { count: lane.count })}`}
    >
      {folded ? (
        <button
          type="button"
          className={c.folded}
          onClick={() => onFold(false)}
          aria-label={t('deals.unfold', { stage: name })}
        >
          <StageDot stage={lane.stage} />
          <span className={c.foldedName}>{name}</span>
          <b>{lane.count}</b>
        </button>
      ) : (
        <header className={c.laneHead}>
          <StageDot stage={lane.stage} />
          <h2>{name}</h2>
          <span className={c.count}>{f.number(lane.count)}</span>
          <span className={c.sum}>
            {lane.sums.map((sum) => f.money(sum.amount_minor, sum.currency, true)).join(' · ')}
          </span>
          {OVER.includes(lane.stage) && (
            <ActionIcon size={24} aria-label={t('deals.fold', { stage: name })} onClick={() => onFold(true)}>
              <ChevronsLeft size={14} />
            </ActionIcon>
          )}
        </header>
      )}
      <Droppable droppableId={lane.stage}>
        {(drop, state) => (
          <div
            ref={drop.innerRef}
            {...drop.droppableProps}
            className={c.drop}
            data-over={state.isDraggingOver || undefined}
          >
            {!folded && lane.deals.length === 0 && !state.isDraggingOver && (
              <p className={c.none}>{t('deals.lane_none')}</p>
            )}
            {!folded &&
              lane.deals.map((deal, index) => (
                <Held key={deal.id} deal={deal} index={index} onMove={onMove} />
              ))}
            {!folded && lane.count > lane.deals.length && (
              <p className={c.none}>{t('deals.lane_more', { count: lane.count - lane.deals.length })}</p>
            )}
            {drop.placeholder}
          </div>
        )}
      </Droppable>
    </section>
  );
}

function Held({ deal, index, onMove }: { deal: DealSummary; index: number; onMove: LaneProps['onMove'] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const open = () => void navigate({ to: '/deals/$deal', params: { deal: deal.id } });
  return (
    <Draggable draggableId={deal.id} index={index} isDragDisabled={!deal.stage}>
      {(drag, state) => (
        <article
          ref={drag.innerRef}
          {...drag.draggableProps}
          {...drag.dragHandleProps}
          role="group"
          aria-label={deal.title ?? t('field.hidden')}
          className={c.card}
          data-card={deal.id}
          data-drag={state.isDragging || undefined}
          onClick={(event) => !(event.target as HTMLElement).closest('[data-menu]') && open()}
          onKeyDown={(event) => event.key === 'Enter' && event.target === event.currentTarget && open()}
        >
          <Card deal={deal} />
          <span data-menu className={c.menu} onClick={(event) => event.stopPropagation()}>
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <ActionIcon
                  size={24}
                  data-move
                  tabIndex={-1}
                  aria-label={t('deals.move_menu', { title: deal.title ?? '' })}
                >
                  <Ellipsis size={15} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{t('deals.move_to')}</Menu.Label>
                {STAGES.filter((stage) => stage !== deal.stage).map((stage) => (
                  <Menu.Item
                    key={stage}
                    leftSection={<StageDot stage={stage} />}
                    onClick={() => onMove(deal, stage)}
                  >
                    {t(`stage.${stage}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          </span>
        </article>
      )}
    </Draggable>
  );
}

/** On a phone one lane is shown at a time; these chips lead to the others. */
function LaneSwitch({ lanes, frame }: { lanes: Lane[]; frame: React.RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation();
  return (
    <nav className={c.switch} aria-label={t('deals.lanes')}>
      {lanes.map((lane) => (
        <button
          key={lane.stage}
          type="button"
          onClick={() => frame.current && reveal(frame.current, lane.stage, 'smooth')}
        >
          <StageDot stage={lane.stage} />
          {t(`stage.${lane.stage}`)} <b>{lane.count}</b>
        </button>
      ))}
    </nav>
  );
}

/** Brings a lane to the left edge of the board. */
function reveal(board: HTMLElement, stage: Stage, behavior: ScrollBehavior) {
  const lane = board.querySelector<HTMLElement>(`[data-stage="${stage}"]`);
  board.scrollTo({ left: (lane?.offsetLeft ?? 0) - board.offsetLeft - 14, behavior });
}

function narrowed(board: BoardView, q: string): BoardView {
  const needle = q.trim().toLowerCase();
  if (!needle) return board;
  const fits = (deal: DealSummary) =>
    [deal.title, deal.account, deal.next_step, ...deal.parties.map((one) => one.name)].some((text) =>
      text?.toLowerCase().includes(needle),
    );
  return {
    lanes: board.lanes.map((lane) => {
      const deals = lane.deals.filter(fits);
      const sums = new Map<string, number>();
      for (const deal of deals)
        if (deal.currency) sums.set(deal.currency, (sums.get(deal.currency) ?? 0) + (deal.amount_minor ?? 0));
      return {
        ...lane,
        deals,
        count: deals.length,
        sums: [...sums].map(([currency, amount_minor]) => ({ currency, amount_minor })),
      };
    }),
  };
}
